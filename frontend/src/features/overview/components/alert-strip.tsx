import { IconBellRinging } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";
import { activeAlerts } from "../../alerts/api/alerts.ts";
import { inboxAnswer } from "../../alerts/words.ts";
import { useSession } from "../../session/api/session.ts";
import classes from "./attention.module.css";

/** That alerts are firing, for those who may see them; nothing when none is. */
export function AlertStrip() {
  const session = useSession();
  const maySee = session.data?.scopes.includes("diagnostics:read") ?? false;
  const { data } = useQuery({ ...activeAlerts, enabled: maySee });
  const search = useSharedSearch();
  if (data === undefined || data.total_active === 0) return null;
  return (
    <ul className={`${classes.strip} no-print`} aria-label="Alerts">
      <li>
        <IconBellRinging size={16} stroke={1.7} aria-hidden />
        <span>
          {inboxAnswer(data)} <Link to={{ pathname: "/notifications", search }}>Look at them</Link>
        </span>
      </li>
    </ul>
  );
}
