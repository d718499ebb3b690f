import { BarChart, CustomChart, HeatmapChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from "echarts/components";
import { connect, init, use } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

// Only the parts that the dashboard's charts are made of; the whole package is three times as large.
use([
  LineChart,
  BarChart,
  HeatmapChart,
  CustomChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  MarkLineComponent,
  DataZoomInsideComponent,
  VisualMapContinuousComponent,
  AriaComponent,
  SVGRenderer,
  CanvasRenderer,
]);

export { connect, init };
