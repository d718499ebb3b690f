import { ActionIcon, Kbd, Tooltip, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import {
  IconDatabase,
  IconDeviceDesktop,
  IconLogin2,
  IconMenu2,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCheck,
} from "@tabler/icons-react";
import { ApiStatus } from "../components/api-status.tsx";
import { Freshness } from "../components/freshness.tsx";
import { SourceSwitch } from "../components/source-switch.tsx";
import { useApiMonitor } from "../features/common/api/health.ts";
import { useSystemSummary } from "../features/common/api/system-summary.ts";
import type { Session } from "../lib/api-types.ts";
import { useSharedFilters } from "../lib/shared-filters.ts";
import classes from "./status-bar.module.css";

const THEMES = [
  { value: "light", label: "light", icon: IconSun },
  { value: "dark", label: "dark", icon: IconMoon },
  { value: "auto", label: "as the system", icon: IconDeviceDesktop },
] as const;

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

interface StatusBarProps {
  /** undefined while it is not known who asks */
  session: Session | undefined;
  onMenu: () => void;
  onSearch: () => void;
  onAccount: () => void;
}

/** The slim bar on top: which data, how fresh, whether the API answers, search, theme. */
export function StatusBar({ session, onMenu, onSearch, onAccount }: StatusBarProps) {
  const { filters } = useSharedFilters();
  const summary = useSystemSummary(
    filters.source,
    session === undefined || session.scopes.includes("data:read"),
  ).data;
  const monitor = useApiMonitor();
  return (
    <header className={classes.bar}>
      <ActionIcon
        className={classes.menu}
        variant="subtle"
        color="gray"
        size={32}
        aria-label="Open the navigation"
        onClick={onMenu}
      >
        <IconMenu2 size={20} stroke={1.6} />
      </ActionIcon>
      <div className={classes.data}>
        {summary && (
          <>
            <span className={classes.source}>
              <IconDatabase size={16} stroke={1.6} aria-hidden />
              <SourceSwitch current={summary.data_source} />
            </span>
            <Freshness lastDay={summary.date_to} loadedAt={summary.loaded_at} />
          </>
        )}
      </div>
      <UnstyledButton className={classes.search} onClick={onSearch}>
        <IconSearch size={16} stroke={1.6} aria-hidden />
        <span className={classes.searchText}>
          Search<span className="visually-hidden"> pages, stores and actions</span>
        </span>
        <span className={classes.searchKeys} aria-hidden>
          <Kbd size="xs">{isApple ? "⌘" : "Ctrl"}</Kbd> <Kbd size="xs">K</Kbd>
        </span>
      </UnstyledButton>
      <ApiStatus {...monitor} />
      <ThemeButton />
      {session && <AccountButton session={session} onClick={onAccount} />}
    </header>
  );
}

/** Who is signed in; else the way in. */
function AccountButton({ session, onClick }: { session: Session; onClick: () => void }) {
  const label = session.signed_in ? `Signed in as ${session.name}` : "Sign in";
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={32} aria-label={label} onClick={onClick}>
        {session.signed_in ? <IconUserCheck size={18} stroke={1.6} /> : <IconLogin2 size={18} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** Light, dark, as the system: each click is the next one. */
function ThemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const index = THEMES.findIndex((entry) => entry.value === colorScheme);
  const current = THEMES[index] ?? THEMES[0];
  const next = THEMES[(index + 1) % THEMES.length] ?? THEMES[0];
  return (
    <Tooltip label={`Theme: ${current.label}. Click for ${next.label}.`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={32}
        aria-label={`Theme: ${current.label}. Change to ${next.label}`}
        onClick={() => setColorScheme(next.value)}
      >
        <current.icon size={18} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
