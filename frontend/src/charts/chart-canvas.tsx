import type { EChartsType } from "echarts/core";
import {
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import classes from "./chart-canvas.module.css";
import { type Draw, type Drawing, readingText } from "./drawing.ts";
import { connect, init } from "./echarts.ts";
import { type ChartTokens, readChartTokens } from "./tokens.ts";

export interface ChartCanvasHandle {
  /** The chart as a PNG with its title and unit, twice as fine as on the screen. */
  toPng: (title: string, unit: string) => Promise<Blob>;
}

interface ChartCanvasProps {
  draw: Draw;
  height: number;
  /** The message in one sentence, for those who cannot see the chart. */
  summary: string;
  title: string;
  /** Charts of one group are read and zoomed together: the crosshair of one shows in the others. */
  group?: string;
  /** Called with a click on a position, or Enter while it is read. */
  onPick?: (index: number) => void;
  ref?: Ref<ChartCanvasHandle>;
}

/** Width on paper: A4 less margins and the panel's own padding, in CSS pixels. */
const PRINT_WIDTH_PX = 676;
const PRINT_HEIGHT_SHARE = 0.64;
const SMALLEST_DRAG_PX = 8;

/** Draws with ECharts as SVG; redraws on a new size, theme or data; arrow keys read it, dragging zooms, Escape resets. */
export default function ChartCanvas(props: ChartCanvasProps) {
  const { draw, height, summary, title, group, onPick, ref } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const drawing = useRef<Drawing | null>(null);
  const latestDraw = useRef(draw);
  const latestSummary = useRef(summary);
  const position = useRef(-1);
  const pinned = useRef(false);
  const [spoken, setSpoken] = useState("");
  const [selection, setSelection] = useState<{ from: number; to: number } | null>(null);
  const [isZoomed, setZoomed] = useState(false);
  latestDraw.current = draw;
  latestSummary.current = summary;

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const instance = init(element, null, { renderer: "svg", width: element.clientWidth, height });
    chart.current = instance;
    if (group !== undefined) {
      instance.group = group;
      connect(group);
    }
    const redraw = (width = element.clientWidth, tall = height, tokens: ChartTokens = readChartTokens()) => {
      if (width === 0) return;
      instance.resize({ width, height: tall, silent: true });
      drawing.current = latestDraw.current(tokens, width);
      instance.setOption(
        { ...drawing.current.option, aria: { enabled: true, label: { description: latestSummary.current } } },
        { notMerge: true },
      );
    };
    redraw();
    const onSize = new ResizeObserver(() => redraw());
    onSize.observe(element);
    let isPrinting = false;
    const onTheme = new MutationObserver(() => {
      if (!isPrinting) redraw();
    });
    onTheme.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
    const onPrint = () => {
      isPrinting = true;
      onSize.disconnect();
      redraw(
        Math.min(PRINT_WIDTH_PX, element.clientWidth || PRINT_WIDTH_PX),
        Math.round(height * PRINT_HEIGHT_SHARE),
        { ...readChartTokens(), isMoving: false },
      );
    };
    const onPrinted = () => {
      isPrinting = false;
      redraw();
      onSize.observe(element);
    };
    addEventListener("beforeprint", onPrint);
    addEventListener("afterprint", onPrinted);
    return () => {
      removeEventListener("beforeprint", onPrint);
      removeEventListener("afterprint", onPrinted);
      onSize.disconnect();
      onTheme.disconnect();
      instance.dispose();
      chart.current = null;
    };
  }, [height, group]);

  useEffect(() => {
    const instance = chart.current;
    const element = host.current;
    if (instance === null || element === null || element.clientWidth === 0) return;
    position.current = -1;
    pinned.current = false;
    setZoomed(false);
    drawing.current = draw(readChartTokens(), element.clientWidth);
    instance.setOption(
      { ...drawing.current.option, aria: { enabled: true, label: { description: latestSummary.current } } },
      { notMerge: true },
    );
  }, [draw]);

  useImperativeHandle(
    ref,
    () => ({
      toPng: (name, unit) => toPng(latestDraw.current, host.current?.clientWidth ?? 960, height, name, unit),
    }),
    [height],
  );

  const zoom = (from: number, to: number) => {
    chart.current?.dispatchAction({ type: "dataZoom", startValue: from, endValue: to });
    setZoomed(true);
  };
  const reset = () => {
    chart.current?.dispatchAction({ type: "dataZoom", start: 0, end: 100 });
    setZoomed(false);
  };
  const hideTip = () => {
    chart.current?.dispatchAction({ type: "hideTip" });
    chart.current?.dispatchAction({ type: "updateAxisPointer", currTrigger: "leave" });
  };
  const read = (index: number) => {
    const length = drawing.current?.length ?? 0;
    if (length === 0 || chart.current === null) return;
    position.current = Math.min(length - 1, Math.max(0, index));
    const x = chart.current.convertToPixel({ xAxisIndex: 0 }, position.current);
    if (typeof x === "number") chart.current.dispatchAction({ type: "showTip", x, y: height / 2 });
    setSpoken(drawing.current ? readingText(drawing.current.reading(position.current)) : "");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const length = drawing.current?.length ?? 0;
    const step = event.shiftKey ? 7 : 1;
    if (length === 0) return;
    switch (event.key) {
      case "ArrowRight":
        read(position.current + step);
        break;
      case "ArrowLeft":
        read(position.current < 0 ? length - 1 : position.current - step);
        break;
      case "Home":
        read(0);
        break;
      case "End":
        read(length - 1);
        break;
      case "Enter":
        if (position.current < 0 || onPick === undefined) return;
        onPick(position.current);
        break;
      case "Escape":
        pin(false);
        reset();
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  const pixel = (event: PointerEvent): number =>
    event.clientX - (host.current?.getBoundingClientRect().left ?? 0);
  const indexAt = (x: number): number => {
    const value = chart.current?.convertFromPixel({ xAxisIndex: 0 }, x);
    return Math.min(
      (drawing.current?.length ?? 1) - 1,
      Math.max(0, Math.round(typeof value === "number" ? value : 0)),
    );
  };
  const onPointerDown = (event: PointerEvent) => {
    // A finger scrolls the page; only a mouse draws a selection.
    if (event.pointerType !== "mouse" || event.button !== 0 || (drawing.current?.length ?? 0) < 3) return;
    setSelection({ from: pixel(event), to: pixel(event) });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (selection !== null) setSelection({ ...selection, to: pixel(event) });
  };
  const pin = (isOn: boolean) => {
    pinned.current = isOn;
    chart.current?.setOption({
      tooltip: { alwaysShowContent: isOn, triggerOn: isOn ? "none" : "mousemove|click" },
    });
    if (!isOn) hideTip();
  };
  const onPointerUp = () => {
    if (selection === null) return;
    setSelection(null);
    // A click holds the reading in place, the next one lets it go.
    if (Math.abs(selection.to - selection.from) < SMALLEST_DRAG_PX) {
      pin(!pinned.current);
      onPick?.(indexAt(selection.to));
    }
    const [left, right] = [Math.min(selection.from, selection.to), Math.max(selection.from, selection.to)];
    const [first, last] = [indexAt(left), indexAt(right)];
    if (right - left >= SMALLEST_DRAG_PX && last - first >= 2) zoom(first, last);
  };
  const drag = selection === null ? 0 : Math.abs(selection.to - selection.from);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a figure cannot take the focus that the arrow keys need
    <div
      className={classes.frame}
      role="group"
      aria-roledescription="chart"
      aria-label={`${title}: arrow keys read it`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the chart
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => pinned.current || hideTip()}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerLeave={() => setSelection(null)}
      onDoubleClick={reset}
    >
      <div ref={host} className={classes.host} style={{ height }} />
      {selection !== null && drag >= SMALLEST_DRAG_PX && (
        <div
          className={classes.selection}
          style={{ left: Math.min(selection.from, selection.to), width: drag }}
        />
      )}
      {isZoomed && (
        <button
          type="button"
          className={`${classes.reset} no-print`}
          onClick={reset}
          onPointerDown={(event) => event.stopPropagation()}
        >
          Show all
        </button>
      )}
      <span className="visually-hidden" aria-live="polite">
        {spoken}
      </span>
    </div>
  );
}

/** Draws once more on a canvas: an SVG picture would not carry the page's typeface. */
async function toPng(draw: Draw, width: number, height: number, title: string, unit: string): Promise<Blob> {
  const MARGIN = 16;
  const HEAD = 56;
  const SCALE = 2;
  const tokens = { ...readChartTokens(), isMoving: false };
  const holder = document.createElement("div");
  const instance = init(holder, null, { renderer: "canvas", width, height, devicePixelRatio: SCALE });
  try {
    instance.setOption({ ...draw(tokens, width).option, animation: false });
    const picture = instance.renderToCanvas({ pixelRatio: SCALE });
    const page = document.createElement("canvas");
    page.width = picture.width + 2 * MARGIN * SCALE;
    page.height = picture.height + (HEAD + MARGIN) * SCALE;
    const context = page.getContext("2d");
    if (context === null) throw new Error("This browser cannot draw pictures.");
    context.fillStyle = tokens.surface;
    context.fillRect(0, 0, page.width, page.height);
    context.scale(SCALE, SCALE);
    context.fillStyle = tokens.ink;
    context.font = '600 14px "Inter Variable", sans-serif';
    context.fillText(title, MARGIN, 26);
    context.fillStyle = tokens.muted;
    context.font = '400 12px "Inter Variable", sans-serif';
    context.fillText(unit, MARGIN, 44);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(picture, MARGIN * SCALE, HEAD * SCALE);
    return await new Promise((resolve, reject) =>
      page.toBlob(
        (blob) => (blob === null ? reject(new Error("The picture could not be made.")) : resolve(blob)),
        "image/png",
      ),
    );
  } finally {
    instance.dispose();
  }
}
