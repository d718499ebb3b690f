import { Button } from "@mantine/core";
import classes from "./alerts.module.css";

interface MoreProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** Asks for the page before; nothing is drawn at the end of the list. */
export function More({ query }: MoreProps) {
  if (!query.hasNextPage) return null;
  return (
    <div className={classes.more}>
      <Button
        variant="default"
        size="xs"
        loading={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        Show earlier ones
      </Button>
    </div>
  );
}
