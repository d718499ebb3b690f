import { useEffect, useState } from "react";

/** A value, or while there is none the one that was there last: what a page shows dimmed until the new one comes. */
export function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value);
  useEffect(() => {
    if (value !== undefined) setLast(() => value);
  }, [value]);
  return value ?? last;
}
