import { type AlertDesk, openAlertDesk } from "@rossmann/alerts";
import { type Effects, Registry, readEnvironment, type Settings } from "@rossmann/core";
import { createUploadJobs } from "@rossmann/etl";
import type { Forecaster } from "@rossmann/ml";
import { closeAbandonedPlanningRuns, type Db } from "@rossmann/warehouse";
import Fastify, { type FastifyBaseLogger, LogController } from "fastify";
import { validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { accessNotices } from "./access-notices.ts";
import type { Api, Counter } from "./api.ts";
import { createCallers } from "./callers.ts";
import { createForecastRuns } from "./forecast-runs.ts";
import { createBatchRuns } from "./planning/batch-runs.ts";
import { addAccess } from "./plugins/access.ts";
import { addAccessLog } from "./plugins/access-log.ts";
import { addArrivalLimit } from "./plugins/arrival-limit.ts";
import { addCompression } from "./plugins/compression.ts";
import { addCors } from "./plugins/cors.ts";
import { addCrossSiteRefusal } from "./plugins/cross-site.ts";
import { addDashboard, dashboardPage } from "./plugins/dashboard.ts";
import { addDraining } from "./plugins/draining.ts";
import { addHttpMetrics } from "./plugins/http-metrics.ts";
import { addOpenApi } from "./plugins/open-api.ts";
import { addProblems, onClientError, onUnroutable } from "./plugins/problems.ts";
import { addRateLimit } from "./plugins/rate-limit.ts";
import { addReadableText } from "./plugins/readable-text.ts";
import { addRequestId, requestIdOf } from "./plugins/request-id.ts";
import { addSecurityHeaders } from "./plugins/security-headers.ts";
import { addAlertingRoutes } from "./routes/alerting.ts";
import { addContractDryRunRoute } from "./routes/contract-dry-run.ts";
import { addContractRoutes } from "./routes/contracts.ts";
import { addDataSourceRoutes } from "./routes/data-sources.ts";
import { addEtlRunRoutes } from "./routes/etl-runs.ts";
import { addForecastRoutes } from "./routes/forecast.ts";
import { addForecastRunRoutes } from "./routes/forecast-runs.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { addKpiRoutes } from "./routes/kpi.ts";
import { addMetricsRoute } from "./routes/metrics.ts";
import { addMlExperimentRoutes } from "./routes/ml-experiments.ts";
import { addMlModelRoutes } from "./routes/ml-models.ts";
import { addMlTrainingRoutes } from "./routes/ml-trainings.ts";
import { addModelRoutes } from "./routes/model.ts";
import { addPlanningRoutes } from "./routes/planning.ts";
import { addPreflightDownloadRoutes } from "./routes/preflight-downloads.ts";
import { addPreflightReportRoutes } from "./routes/preflight-reports.ts";
import { addPreflightRunRoutes } from "./routes/preflight-runs.ts";
import { addPreflightStatisticsRoutes } from "./routes/preflight-statistics.ts";
import { addSalesRoutes } from "./routes/sales.ts";
import { addSessionRoutes } from "./routes/session.ts";
import { addStoreRoutes } from "./routes/stores.ts";
import { addSystemRoutes } from "./routes/system.ts";
import { addUploadRoutes } from "./routes/uploads.ts";
import { createSources } from "./sources.ts";
import { createTrainingJobs } from "./training-jobs.ts";

/** The largest body that any route takes is a list of a few hundred ids. */
const BODY_LIMIT_BYTES = 256 * 1024;
/** A request that has not arrived whole by then is refused. */
const REQUEST_LIMIT_MS = 30_000;
/** A file may take longer. */
const UPLOAD_TIME_LIMIT_MS = 2 * 3_600_000;
/** A connection on which nothing moves for so long is closed, a stalled reader of a long answer included. */
const IDLE_LIMIT_MS = 60_000;

/** No portfolio takes so long: what still counts as running then was left behind by a process that ended. */
const ABANDONED_AFTER_MINUTES = 60;

export interface AppParts {
  db: Db;
  forecaster: Forecaster;
  settings: Settings;
  effects: Effects;
  /** policies, channels and delivery; without it the application opens its own and closes it at its end */
  desk?: AlertDesk;
  /** what `npm run build` wrote; without it the API answers alone */
  dashboardDir?: string;
  /** true from the moment the process was asked to stop */
  isDraining?: () => boolean;
  /** address it will listen on: from loopback alone business data needs no key; default BACKEND_HOST */
  host?: string;
}

/**
 * The whole application without a port: every route under `/api/v1`, the documentation and the dashboard.
 * Closing it stops the trainings it started and waits until the records of given forecasts are written; database and forecaster stay the caller's.
 */
export function buildApp(parts: AppParts): Api {
  const { db, settings, effects, host = settings.BACKEND_HOST } = parts;
  const app = Fastify({
    loggerInstance: effects.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "request_id" }),
    genReqId: requestIdOf,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: UPLOAD_TIME_LIMIT_MS,
    connectionTimeout: IDLE_LIMIT_MS,
    // Node closes idle connections a little before most balancers give up on them otherwise.
    keepAliveTimeout: IDLE_LIMIT_MS + 5_000,
    // Until the end every answer is ours, in our form; `addDraining` sees to it that each one closes its connection.
    return503OnClosing: false,
    trustProxy: settings.TRUSTED_PROXIES.length > 0 ? settings.TRUSTED_PROXIES : false,
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: onUnroutable,
    clientErrorHandler: onClientError,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  // Types hold answers to their schemas, and so do the tests; parsing each one again would cost more than making it.
  app.setSerializerCompiler(() => JSON.stringify);

  const desk =
    parts.desk ?? openAlertDesk({ db, settings, environment: readEnvironment(), logger: effects.logger });
  if (parts.desk === undefined) app.addHook("onClose", () => desk.close());
  const forecastRuns = createForecastRuns(db, effects.logger);
  const counter: Counter = {
    ...parts,
    desk,
    sources: createSources(db, effects.now),
    callers: createCallers(db, settings, host, effects.logger),
    forecastRuns,
    batches: createBatchRuns(db, parts.forecaster, forecastRuns, effects),
    trainings: createTrainingJobs(db, effects.logger),
    uploads: createUploadJobs(db, { settings, effects, isWorker: false }),
    isDraining: parts.isDraining ?? (() => false),
  };
  app.addHook("onClose", async () => {
    await counter.batches.drain();
    await forecastRuns.drain();
  });
  app.addHook("preClose", () => counter.trainings.close());
  app.addHook("onClose", () => counter.uploads.close());
  app.addHook("onListen", (done) => {
    for (const notice of accessNotices(settings, host)) effects.logger.warn(notice);
    void warmUp(counter);
    counter.trainings.watch();
    closeAbandonedPlanningRuns(db, ABANDONED_AFTER_MINUTES).catch((error: unknown) =>
      effects.logger.warn({ err: error }, "abandoned forecast runs could not be closed"),
    );
    done();
  });

  const page = dashboardPage(parts.dashboardDir);
  addRequestId(app);
  addAccessLog(app);
  const registry = new Registry();
  addHttpMetrics(app, registry);
  addProblems(app);
  addArrivalLimit(app, REQUEST_LIMIT_MS);
  addDraining(app, counter.isDraining);
  addSecurityHeaders(app, page === null ? [] : [page]);
  addCors(app, settings.CORS_ORIGINS);
  addCrossSiteRefusal(app, settings.CORS_ORIGINS);
  addRateLimit(app, settings.RATE_LIMIT_PER_MINUTE);
  addAccess(app, {
    callers: counter.callers,
    origins: settings.CORS_ORIGINS,
    isMetricsOpen: settings.DIAGNOSTICS_METRICS_AUTH_DISABLED,
  });
  addReadableText(app);
  addCompression(app);
  addOpenApi(app);
  app.register(
    async (api: Api) => {
      addHealthRoutes(api, counter);
      addSessionRoutes(api, counter);
      addStoreRoutes(api, counter);
      addKpiRoutes(api, counter);
      addSalesRoutes(api, counter);
      addForecastRoutes(api, counter);
      addPlanningRoutes(api, counter);
      addDataSourceRoutes(api, counter);
      addEtlRunRoutes(api, counter);
      addForecastRunRoutes(api, counter);
      addUploadRoutes(api, counter);
      addSystemRoutes(api, counter);
      addModelRoutes(api, counter);
      addMlExperimentRoutes(api, counter);
      addMlModelRoutes(api, counter);
      addMlTrainingRoutes(api, counter);
      addContractRoutes(api, counter);
      addContractDryRunRoute(api, counter);
      addPreflightRunRoutes(api, counter);
      addAlertingRoutes(api, counter);
      addMetricsRoute(api, counter, registry);
      addPreflightStatisticsRoutes(api, counter);
      addPreflightReportRoutes(api, counter);
      addPreflightDownloadRoutes(api, counter);
    },
    { prefix: "/api/v1" },
  );
  if (page !== null && parts.dashboardDir !== undefined) addDashboard(app, parts.dashboardDir, page);
  return app;
}

/** The first forecast after a start reads the whole history: better now than at somebody's first click. */
async function warmUp({ sources, forecaster, effects }: Counter): Promise<void> {
  try {
    const { id } = await sources.of();
    await forecaster.forecast({ dataSourceId: id, storeIds: [], horizon: 1 });
  } catch (error) {
    effects.logger.debug({ err: error }, "no forecast could be prepared yet");
  }
}
