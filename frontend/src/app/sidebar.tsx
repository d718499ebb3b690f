import { Tooltip } from "@mantine/core";
import { NavLink } from "react-router";
import { useSharedSearch } from "../lib/use-shared-search.ts";
import { pages } from "./pages.ts";
import classes from "./sidebar.module.css";

/** The product's mark and name. */
export function Brand({ isFolded = false }: { isFolded?: boolean }) {
  return (
    <div className={classes.brand}>
      <svg viewBox="0 0 32 32" width={28} height={28} aria-hidden="true">
        <rect width="32" height="32" rx="7" className={classes.mark} />
        <path d="M7 22l6-7 5 4 7-10" className={classes.line} />
      </svg>
      {!isFolded && (
        <span className={classes.name}>
          <strong>Rossmann</strong>
          <span>Sales forecasting</span>
        </span>
      )}
    </div>
  );
}

const groups = [...new Set(pages.map((page) => page.group))];

/** Links to the pages there are; the shared filters travel along. */
export function Navigation({
  isFolded = false,
  onNavigate,
}: {
  isFolded?: boolean;
  onNavigate?: () => void;
}) {
  const search = useSharedSearch();
  return (
    <nav className={classes.navigation} aria-label="Pages">
      {groups.map((group) => (
        <div key={group}>
          {!isFolded && <p className={classes.group}>{group}</p>}
          <ul className={classes.list}>
            {pages
              .filter((page) => page.group === group)
              .map((page) => (
                <li key={page.path}>
                  <Tooltip label={page.name} position="right" disabled={!isFolded}>
                    <NavLink
                      to={{ pathname: `/${page.path}`, search }}
                      end
                      className={classes.link}
                      aria-label={isFolded ? page.name : undefined}
                      onClick={onNavigate}
                    >
                      <page.icon size={18} stroke={1.6} aria-hidden />
                      {!isFolded && page.name}
                    </NavLink>
                  </Tooltip>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
