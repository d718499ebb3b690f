import type { EChartsCoreOption } from "echarts/core";
import type { ChartTokens } from "./tokens.ts";

/** What can be read at one position of a chart: its tooltip, and what a screen reader hears. */
export interface Reading {
  title: string;
  rows: { name: string; value: string; color?: string }[];
  /** Things that are the case there: promotion, holiday, closed. */
  notes: string[];
}

/** A chart ready to be drawn. */
export interface Drawing {
  option: EChartsCoreOption;
  /** Positions along the axis that arrow keys walk through; 0 when there is no such axis. */
  length: number;
  reading: (index: number) => Reading;
}

/** The shapes of a chart, from its data (bound before) and the colours; `width` in pixels thins out labels. */
export type Draw = (tokens: ChartTokens, width: number) => Drawing;

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

/** A reading as the inside of a tooltip. Every text is escaped: names come from data. */
export function readingHtml(reading: Reading): string {
  const rows = reading.rows.map(
    ({ name, value, color }) =>
      `<div class="chart-tip-row"><span>${color ? `<i style="background:${escapeHtml(color)}"></i>` : ""}${escapeHtml(name)}</span><b>${escapeHtml(value)}</b></div>`,
  );
  const notes =
    reading.notes.length === 0
      ? ""
      : `<div class="chart-tip-notes">${escapeHtml(reading.notes.join(" · "))}</div>`;
  return `<div class="chart-tip"><div class="chart-tip-title">${escapeHtml(reading.title)}</div>${rows.join("")}${notes}</div>`;
}

/** A reading as one sentence. */
export function readingText(reading: Reading): string {
  return [reading.title, ...reading.rows.map(({ name, value }) => `${name} ${value}`), ...reading.notes].join(
    ", ",
  );
}

/** Only dragging zooms, which the canvas does by itself: a wheel scrolls the page. */
export const DRAG_ZOOM = {
  type: "inside" as const,
  filterMode: "none" as const,
  zoomOnMouseWheel: false,
  moveOnMouseMove: false,
  moveOnMouseWheel: false,
};

/** What all charts share: type, tooltip, motion. */
export function baseOption(tokens: ChartTokens): EChartsCoreOption {
  return {
    animation: tokens.isMoving,
    animationDuration: 160,
    animationDurationUpdate: 160,
    animationEasing: "cubicOut",
    textStyle: { fontFamily: '"Inter Variable", system-ui, sans-serif', fontSize: 12, color: tokens.muted },
    tooltip: {
      confine: true,
      backgroundColor: tokens.surface,
      borderColor: tokens.lineStrong,
      borderWidth: 1,
      padding: 0,
      textStyle: { color: tokens.ink, fontSize: 12 },
      extraCssText: "box-shadow:0 4px 16px rgb(0 0 0 / .12);border-radius:8px;",
      transitionDuration: 0,
    },
  };
}
