import { useEffect, useRef, useState } from "react";
import type { ExperimentItem } from "../../lib/api-types.ts";
import { isRunning } from "./api/trainings.ts";

/**
 * Notices that a training which was seen running is over.
 *
 * @param onFinished called once per training, when what depends on the models must be asked for again
 * @returns the last one that ended while the page was open, until it is forgotten
 */
export function useFinishedTraining(items: readonly ExperimentItem[], onFinished: () => void) {
  const seen = useRef(new Set<string>());
  const tell = useRef(onFinished);
  tell.current = onFinished;
  const [id, setId] = useState<string | null>(null);
  useEffect(() => {
    for (const item of items) {
      if (isRunning(item)) seen.current.add(item.experiment_id);
      else if (seen.current.delete(item.experiment_id)) {
        setId(item.experiment_id);
        tell.current();
      }
    }
  }, [items]);
  return { item: items.find((item) => item.experiment_id === id) ?? null, forget: () => setId(null) };
}
