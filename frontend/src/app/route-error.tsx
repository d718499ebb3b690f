import { Button } from "@mantine/core";
import { IconError404, IconMoodSad } from "@tabler/icons-react";
import { Link, useRouteError } from "react-router";
import { Notice } from "../components/notice.tsx";
import { useDocumentTitle } from "../lib/use-document-title.ts";
import { useSharedSearch } from "../lib/use-shared-search.ts";

/** What stands in a page's place when it cannot be drawn; the shell around it keeps working. */
export function RouteError() {
  const error = useRouteError();
  useDocumentTitle("Something broke");
  // After an update the server no longer has the old files; only a reload gets the new ones.
  const isOldVersion = error instanceof TypeError && /import|module/i.test(error.message);
  return (
    <Notice
      level="page"
      icon={<IconMoodSad aria-hidden />}
      title={isOldVersion ? "This page has been updated" : "This page could not be drawn"}
      action={<Button onClick={() => location.reload()}>Reload the page</Button>}
    >
      {isOldVersion
        ? "A newer version of the dashboard is on the server. Reload to get it."
        : `The rest of the dashboard still works. ${error instanceof Error ? error.message : ""}`}
    </Notice>
  );
}

/** The same in place of the whole shell, should the shell itself break. */
export function ShellError() {
  return (
    <main>
      <RouteError />
    </main>
  );
}

/** The page for an address that leads nowhere. */
export function NotFound() {
  const search = useSharedSearch();
  useDocumentTitle("Page not found");
  return (
    <Notice
      level="page"
      icon={<IconError404 aria-hidden />}
      title="There is no page here"
      action={
        <Button component={Link} to={{ pathname: "/", search }}>
          Go to the Executive Overview
        </Button>
      }
    >
      The address may be mistyped, or the page may have moved.
    </Notice>
  );
}
