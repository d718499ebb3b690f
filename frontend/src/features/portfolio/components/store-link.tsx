import { Link } from "react-router";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";

/** A store's number; it opens the store in Forecast Studio. */
export function StoreLink({ id }: { id: number }) {
  const search = useSharedSearch({ store: id });
  return (
    <Link to={{ pathname: "/forecast", search }} title={`Store ${id} in Forecast Studio`}>
      {id}
    </Link>
  );
}
