import { ActionIcon, Skeleton, Tooltip } from "@mantine/core";
import { IconChartLine, IconFileTypeCsv, IconPhotoDown, IconTable } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { Failure } from "../components/failure.tsx";
import { LazyTable } from "../components/lazy-table.tsx";
import { Panel } from "../components/panel.tsx";
import type { TableColumn } from "../components/table-column.ts";
import { toCsv } from "../lib/csv.ts";
import { download } from "../lib/download.ts";
import classes from "./chart.module.css";
import type { ChartCanvasHandle } from "./chart-canvas.tsx";
import type { Draw } from "./drawing.ts";

const ChartCanvas = lazy(() => import("./chart-canvas.tsx"));

/** What a chart has to show. */
export type ChartState<Row> =
  | { status: "loading" }
  | { status: "error"; error: Error; onRetry: () => void }
  | { status: "empty"; empty: ReactNode }
  | {
      status: "ready";
      draw: Draw;
      /** The message in one sentence. */
      summary: string;
      rows: readonly Row[];
      isRefreshing?: boolean;
    };

interface ChartProps<Row> {
  title: string;
  /** What the values are, for the table and the picture: "€ per day". */
  unit: string;
  height: number;
  state: ChartState<Row>;
  /** The same data as a table and as a file. */
  columns: readonly TableColumn<Row>[];
  rowKey: (row: Row) => string;
  /** File name without its ending. */
  fileName: string;
  foot?: ReactNode;
  /** Explains lines and tints, above the chart. */
  legend?: ReactNode;
  actions?: ReactNode;
  /** Charts of one group share their crosshair and zoom. */
  group?: string;
  /** Called when a position along the axis is clicked, or Enter is pressed on it. */
  onPick?: (index: number) => void;
  className?: string;
}

/** The one way to show a chart: title, message, unit, picture or table, files, and every state it can be in. */
export function Chart<Row extends object>(props: ChartProps<Row>) {
  const {
    title,
    unit,
    height,
    state,
    columns,
    rowKey,
    fileName,
    foot,
    legend,
    actions,
    group,
    onPick,
    className,
  } = props;
  const [isTable, setTable] = useState(false);
  const canvas = useRef<ChartCanvasHandle>(null);
  const isReady = state.status === "ready";

  const saveCsv = () => {
    if (state.status !== "ready") return;
    download(
      `${fileName}.csv`,
      toCsv(
        columns.map((column) => ({ header: column.key, value: column.value })),
        state.rows,
      ),
    );
  };
  const savePng = async () => {
    const picture = await canvas.current?.toPng(title, `${unit}. ${isReady ? state.summary : ""}`);
    if (picture) download(`${fileName}.png`, picture);
  };

  return (
    <Panel
      className={className}
      title={title}
      summary={
        state.status === "ready" ? (
          state.summary
        ) : state.status === "loading" ? (
          <Skeleton component="span" display="block" height={12} width={280} mt={6} mb={2} />
        ) : undefined
      }
      isRefreshing={isReady && state.isRefreshing}
      isFlush={isReady && isTable}
      foot={foot}
      actions={
        <>
          {actions}
          <Tooltip label={isTable ? "Show as a chart" : "Show as a table"}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              disabled={!isReady}
              aria-pressed={isTable}
              aria-label={`${title} as a table`}
              onClick={() => setTable(!isTable)}
            >
              {isTable ? <IconChartLine size={18} stroke={1.5} /> : <IconTable size={18} stroke={1.5} />}
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Download the data as CSV">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              disabled={!isReady}
              aria-label={`${title} as CSV`}
              onClick={saveCsv}
            >
              <IconFileTypeCsv size={18} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Download the picture as PNG">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              disabled={!isReady || isTable}
              aria-label={`${title} as PNG`}
              onClick={() => void savePng()}
            >
              <IconPhotoDown size={18} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      {state.status === "loading" && <ChartSkeleton height={height + LEGEND_HEIGHT} />}
      {state.status === "error" && (
        <div className={classes.center} style={{ minHeight: height + LEGEND_HEIGHT }}>
          <Failure what={title} error={state.error} onRetry={state.onRetry} />
        </div>
      )}
      {state.status === "empty" && (
        <div className={classes.center} style={{ minHeight: height + LEGEND_HEIGHT }}>
          {state.empty}
        </div>
      )}
      {state.status === "ready" &&
        (isTable ? (
          <LazyTable
            label={`${title}, ${unit}`}
            columns={columns}
            rows={state.rows}
            rowKey={rowKey}
            maxHeight={height + LEGEND_HEIGHT + 16}
          />
        ) : (
          <>
            <div className={classes.legend}>
              <span className={classes.unit}>{unit}</span>
              {legend}
            </div>
            <Suspense fallback={<ChartSkeleton height={height} />}>
              <ChartCanvas
                ref={canvas}
                draw={state.draw}
                height={height}
                summary={state.summary}
                title={title}
                group={group}
                onPick={onPick}
              />
            </Suspense>
          </>
        ))}
    </Panel>
  );
}

const LEGEND_HEIGHT = 24;

/** The shape of a chart: an axis and a line, nothing that could be read as data. */
function ChartSkeleton({ height }: { height: number }) {
  return (
    <div className={classes.skeleton} style={{ height }} aria-busy="true">
      <span className="visually-hidden">Loading</span>
      {["a", "b", "c", "d", "e"].map((line) => (
        <Skeleton key={line} height={1} animate={false} />
      ))}
    </div>
  );
}
