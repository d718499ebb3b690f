import {
  type Icon,
  IconBell,
  IconBuildingStore,
  IconChartHistogram,
  IconClipboardCheck,
  IconDatabaseImport,
  IconFileCertificate,
  IconFlask,
  IconLayoutDashboard,
  IconScale,
  IconStack2,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

export interface PageEntry {
  /** Path without the leading slash; empty for the first page. */
  path: string;
  name: string;
  /** Group in the sidebar. */
  group: string;
  /** What the page answers, shown in the command palette. */
  question: string;
  icon: Icon;
  /** Letter after `g` that jumps to the page. */
  key: string;
  load: () => Promise<ComponentType>;
}

/** The pages there are, in the order of the sidebar. Router, sidebar, shortcuts and palette are made from this list. */
export const pages: readonly PageEntry[] = [
  {
    path: "",
    name: "Executive Overview",
    group: "Overview",
    question: "How are we doing, and where do I look?",
    icon: IconLayoutDashboard,
    key: "o",
    load: async () => (await import("../features/overview/overview-page.tsx")).OverviewPage,
  },
  {
    path: "store-analytics",
    name: "Store Analytics",
    group: "Overview",
    question: "How does a store sell, and what moves it?",
    icon: IconBuildingStore,
    key: "s",
    load: async () =>
      (await import("../features/store-analytics/store-analytics-page.tsx")).StoreAnalyticsPage,
  },
  {
    path: "forecast",
    name: "Forecast Studio",
    group: "Overview",
    question: "What will a store sell in the coming days?",
    icon: IconChartHistogram,
    key: "f",
    load: async () => (await import("../features/forecast/forecast-page.tsx")).ForecastPage,
  },
  {
    path: "portfolio-planner",
    name: "Portfolio Planner",
    group: "Overview",
    question: "What will these stores sell together?",
    icon: IconStack2,
    key: "p",
    load: async () => (await import("../features/portfolio/portfolio-page.tsx")).PortfolioPage,
  },
  {
    path: "scenario-lab",
    name: "Scenario Lab",
    group: "Overview",
    question: "What changes if we do something?",
    icon: IconFlask,
    key: "l",
    load: async () => (await import("../features/scenario/scenario-page.tsx")).ScenarioPage,
  },
  {
    path: "data-sources",
    name: "Data Sources",
    group: "Data & Ops",
    question: "Whose files are here, how fresh are they, and how do new ones come in?",
    icon: IconDatabaseImport,
    key: "d",
    load: async () => (await import("../features/data-sources/data-sources-page.tsx")).DataSourcesPage,
  },
  {
    path: "contracts",
    name: "Contracts",
    group: "Data & Ops",
    question: "What must a delivered file look like, and what changed?",
    icon: IconFileCertificate,
    key: "c",
    load: async () => (await import("../features/contracts/contracts-page.tsx")).ContractsPage,
  },
  {
    path: "model-intelligence",
    name: "Model Intelligence",
    group: "Data & Ops",
    question: "How good is the model that serves, and is there a better one?",
    icon: IconScale,
    key: "m",
    load: async () =>
      (await import("../features/model-intelligence/model-intelligence-page.tsx")).ModelIntelligencePage,
  },
  {
    path: "notifications",
    name: "Notifications & Alerts",
    group: "Data & Ops",
    question: "Does anything need somebody now, who was told, and did it arrive?",
    icon: IconBell,
    key: "n",
    load: async () => (await import("../features/alerts/alerts-page.tsx")).AlertsPage,
  },
  {
    path: "preflight-diagnostics",
    name: "Preflight Diagnostics",
    group: "Data & Ops",
    question: "Did the files keep their contract, and which cells broke it?",
    icon: IconClipboardCheck,
    key: "q",
    load: async () => (await import("../features/preflight/preflight-page.tsx")).PreflightPage,
  },
];
