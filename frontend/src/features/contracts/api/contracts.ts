import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson, postJson } from "../../../lib/api.ts";
import type {
  ContractDetail,
  ContractDiff,
  ContractDryRun,
  ContractDryRunBody,
  ContractSummary,
  ContractVersionDetail,
  PreflightRun,
} from "../../../lib/api-types.ts";

/** Contracts change with a release, and then by a new version; what was read once may stay for the visit. */
const STALE_AFTER_MS = 60_000;

/** Every contract of the registry, in its order. */
export const contracts = queryOptions({
  queryKey: ["contracts"],
  queryFn: ({ signal }) => getJson<ContractSummary[]>("/contracts", { signal }),
  staleTime: STALE_AFTER_MS,
});

export const useContracts = () => useQuery(contracts);

const path = (...parts: string[]): string => `/contracts/${parts.map(encodeURIComponent).join("/")}`;

/** One contract with its versions, the oldest first. */
export const contract = (id: string) =>
  queryOptions({
    queryKey: ["contracts", id],
    queryFn: ({ signal }) => getJson<ContractDetail>(path(id), { signal }),
    staleTime: STALE_AFTER_MS,
  });

/** @param id null = there is none to ask for */
export const useContract = (id: string | null) => useQuery({ ...contract(id ?? ""), enabled: id !== null });

/** What one version says. */
export const contractVersion = (id: string, version: string) =>
  queryOptions({
    queryKey: ["contracts", id, "versions", version],
    queryFn: ({ signal }) => getJson<ContractVersionDetail>(path(id, "versions", version), { signal }),
    staleTime: STALE_AFTER_MS,
  });

export const useContractVersion = (id: string | null, version: string | null) =>
  useQuery({ ...contractVersion(id ?? "", version ?? ""), enabled: id !== null && version !== null });

/** What changed from one version to another, breaking changes first. */
export const contractDiff = (id: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["contracts", id, "diff", from, to],
    queryFn: ({ signal }) => getJson<ContractDiff>(path(id, "diff"), { query: { from, to }, signal }),
    staleTime: STALE_AFTER_MS,
  });

/** Files that were examined before, newest first: what a version can be tried on. */
export const useEarlierFiles = (source: number | null) =>
  useQuery({
    queryKey: ["data-sources", "preflight-runs", source],
    queryFn: ({ signal }) =>
      getJson<PreflightRun[]>(`/data-sources/${source}/preflight-runs`, { query: { limit: 50 }, signal }),
    enabled: source !== null,
  });

/** A large file takes the server half a minute. */
const DRY_RUN_LIMIT_MS = 60_000;

/** Examines an earlier file against a version; nothing is kept or loaded. */
export const dryRun = (id: string, version: string, body: ContractDryRunBody): Promise<ContractDryRun> =>
  postJson<ContractDryRun>(path(id, "versions", version, "dry-run"), body, {
    timeoutMs: DRY_RUN_LIMIT_MS,
  }).then((answer) => answer.body);
