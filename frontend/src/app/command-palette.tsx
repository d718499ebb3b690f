import "@mantine/spotlight/styles.css";
import { useMantineColorScheme } from "@mantine/core";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import {
  IconBuildingStore,
  IconKeyboard,
  IconMoon,
  IconPrinter,
  IconRefresh,
  IconSearch,
  IconSun,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { useStores } from "../features/common/api/stores.ts";
import { describeStore } from "../lib/describe-store.ts";
import { searchStores } from "../lib/search-stores.ts";
import { useSharedFilters } from "../lib/shared-filters.ts";
import { useSharedSearch } from "../lib/use-shared-search.ts";
import { pages } from "./pages.ts";

const [store, palette] = createSpotlight();
const MOST_STORES = 6;

interface Entry {
  id: string;
  group: "Pages" | "Stores" | "Actions";
  label: string;
  description?: string;
  icon: ReactNode;
  run: () => void;
}

/** Ctrl/Cmd + K: pages, stores by number, actions. */
export default function CommandPalette({
  onClose,
  onShortcuts,
}: {
  onClose: () => void;
  onShortcuts: () => void;
}) {
  const [query, setQuery] = useState("");
  const entries = useEntries(query.trim().toLowerCase(), onShortcuts);
  useEffect(() => palette.open(), []);
  const groups = [...new Set(entries.map((entry) => entry.group))];
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight={420}
      aria-label="Search pages, stores and actions"
    >
      <Spotlight.Search
        placeholder="Page, store number or action"
        aria-label="Page, store number or action"
        leftSection={<IconSearch size={18} stroke={1.5} />}
      />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {entries
              .filter((entry) => entry.group === group)
              .map((entry) => (
                <Spotlight.Action
                  key={entry.id}
                  label={entry.label}
                  description={entry.description}
                  leftSection={entry.icon}
                  onClick={entry.run}
                />
              ))}
          </Spotlight.ActionsGroup>
        ))}
        {entries.length === 0 && (
          <Spotlight.Empty>Nothing is called “{query}”. Try a page name or a store number.</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function useEntries(query: string, onShortcuts: () => void): Entry[] {
  const navigate = useNavigate();
  const search = useSharedSearch();
  const { filters, setFilters } = useSharedFilters();
  const { data: storeList = [] } = useStores(filters.source);
  const queryClient = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const matches = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(query));

  const pageEntries = pages
    .filter((page) => matches(page.name, page.question))
    .map<Entry>((page) => ({
      id: `page-${page.path}`,
      group: "Pages",
      label: page.name,
      description: page.question,
      icon: <page.icon size={20} stroke={1.5} />,
      run: () => navigate({ pathname: `/${page.path}`, search }),
    }));

  const storeEntries = /\d/.test(query)
    ? searchStores(storeList, query)
        .slice(0, MOST_STORES)
        .map<Entry>((entry) => ({
          id: `store-${entry.store_id}`,
          group: "Stores",
          label: `Store ${entry.store_id}`,
          description: describeStore(entry),
          icon: <IconBuildingStore size={20} stroke={1.5} />,
          run: () => void setFilters({ store: entry.store_id }),
        }))
    : [];

  const actions: Entry[] = [
    {
      id: "all-stores",
      label: "Show all stores",
      icon: <IconBuildingStore size={20} stroke={1.5} />,
      run: () => void setFilters({ store: null }),
    },
    {
      id: "refresh",
      label: "Ask for all figures again",
      icon: <IconRefresh size={20} stroke={1.5} />,
      run: () => void queryClient.invalidateQueries(),
    },
    {
      id: "light",
      label: "Light theme",
      icon: <IconSun size={20} stroke={1.5} />,
      run: () => setColorScheme("light"),
    },
    {
      id: "dark",
      label: "Dark theme",
      icon: <IconMoon size={20} stroke={1.5} />,
      run: () => setColorScheme("dark"),
    },
    // The palette has to be gone before the page is printed.
    {
      id: "print",
      label: "Print this page",
      icon: <IconPrinter size={20} stroke={1.5} />,
      run: () => setTimeout(() => print(), 300),
    },
    {
      id: "shortcuts",
      label: "Keyboard shortcuts",
      icon: <IconKeyboard size={20} stroke={1.5} />,
      run: () => setTimeout(onShortcuts, 200),
    },
  ].map((entry) => ({ ...entry, group: "Actions" as const }));

  return [...pageEntries, ...storeEntries, ...actions.filter((entry) => matches(entry.label))];
}
