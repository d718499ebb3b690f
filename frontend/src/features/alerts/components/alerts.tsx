import type { UseQueryResult } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import { Tabs } from "../../../components/tabs.tsx";
import type { ActiveAlerts } from "../../../lib/api-types.ts";
import { alertParams, TABS, type Tab } from "../params.ts";
import { ActiveTab } from "./active-tab.tsx";

// The inbox is what the page is opened for; the rest comes when it is asked for.
const named = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }));
const HistoryTab = named(() => import("./history-tab.tsx"), "HistoryTab");
const PoliciesTab = named(() => import("./policies-tab.tsx"), "PoliciesTab");
const SilencesTab = named(() => import("./silences-tab.tsx"), "SilencesTab");
const EndpointsTab = named(() => import("./endpoints-tab.tsx"), "EndpointsTab");
const DeliveriesTab = named(() => import("./deliveries-tab.tsx"), "DeliveriesTab");

const PARTS: Record<Tab, { name: string; title: string; summary: string }> = {
  active: {
    name: "Active",
    title: "What asks for somebody now",
    summary:
      "Taking an alert on or asking for quiet holds back its notifications; whether it fires is decided by its figure alone.",
  },
  history: {
    name: "History",
    title: "How alerts came and went",
    summary: "Every change of state, the newest first, with the limit that held then.",
  },
  policies: {
    name: "Policies",
    title: "When a figure deserves a call",
    summary: "Choose a policy to see how often it would have fired, and to try another limit.",
  },
  silences: {
    name: "Silences",
    title: "Where quiet was asked for",
    summary: "A silence holds back the notifications of every alert that it matches, until it ends.",
  },
  endpoints: {
    name: "Endpoints",
    title: "Where notifications go",
    summary: "An endpoint that fails again and again is only probed until it answers.",
  },
  deliveries: {
    name: "Deliveries",
    title: "What was told, and whether it arrived",
    summary: "Choose a notification to see every attempt and what the receiver answered.",
  },
};

/** The inbox, and behind it everything that explains it. */
export function Alerts({ active }: { active: UseQueryResult<ActiveAlerts> }) {
  const [params, setParams] = useQueryStates(alertParams);
  const { tab } = params;
  const tabs: Record<Tab, () => ReactNode> = {
    active: () => <ActiveTab active={active} />,
    history: () => <HistoryTab />,
    policies: () => <PoliciesTab />,
    silences: () => <SilencesTab />,
    endpoints: () => <EndpointsTab />,
    deliveries: () => <DeliveriesTab />,
  };
  return (
    <Panel title={PARTS[tab].title} summary={PARTS[tab].summary} isFlush>
      <Tabs
        label="Alerts and notifications"
        tabs={TABS.map((value) => ({
          value,
          name: PARTS[value].name,
          count: value === "active" ? active.data?.total_active : null,
        }))}
        value={tab}
        onChange={(next) => void setParams({ tab: next })}
      >
        <Suspense fallback={<TableSkeleton rows={5} />}>{tabs[tab]()}</Suspense>
      </Tabs>
    </Panel>
  );
}
