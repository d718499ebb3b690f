import { IconChevronDown } from "@tabler/icons-react";
import { Link, useLocation, useNavigate } from "react-router";
import { useDataSources } from "../features/common/api/data-sources.ts";
import { useSharedFilters } from "../lib/shared-filters.ts";
import { useSharedSearch } from "../lib/use-shared-search.ts";
import classes from "./source-switch.module.css";

/**
 * Which client's figures all pages show. With one data source it is a link to where a second one is made.
 *
 * @param current the source that is shown, as the server resolved it
 */
export function SourceSwitch({ current }: { current: { id: number; name: string } }) {
  const { filters } = useSharedFilters();
  const search = useSharedSearch();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const active = (useDataSources().data ?? []).filter(
    (source) => source.is_active || source.id === current.id,
  );
  if (active.length < 2)
    return (
      <Link className={classes.name} to={{ pathname: "/data-sources", search }} title={current.name}>
        <span className="visually-hidden">Data source: </span>
        {current.name}
      </Link>
    );
  return (
    <span className={classes.switch}>
      <select
        className={classes.name}
        aria-label="Data source"
        value={current.id}
        onChange={(event) => {
          // Stores, days and whatever else the page was asked for belong to the other source.
          const query = new URLSearchParams({ source: event.target.value });
          if (filters.compare !== "previous") query.set("compare", filters.compare);
          navigate({ pathname, search: `?${query}` });
        }}
      >
        {active.map((source) => (
          <option key={source.id} value={source.id}>
            {source.name}
          </option>
        ))}
      </select>
      <IconChevronDown size={14} stroke={1.8} aria-hidden />
    </span>
  );
}
