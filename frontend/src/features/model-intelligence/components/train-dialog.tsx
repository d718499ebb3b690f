import { Button } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import classes from "../../../components/dialog-parts.module.css";
import { ApiError } from "../../../lib/api.ts";
import type { ExperimentItem } from "../../../lib/api-types.ts";
import { duration } from "../../../lib/duration.ts";
import { type Profile, useStartTraining } from "../api/changes.ts";

const PROFILES: { value: Profile; name: string; words: string }[] = [
  {
    value: "quick",
    name: "Quick",
    words: "Small boosting model on part of the stores, beside the simple ones.",
  },
  {
    value: "full",
    name: "Full",
    words: "Large boosting model on all stores. More accurate, takes much longer.",
  },
];

interface TrainDialogProps {
  source: number | null;
  sourceName: string;
  /** Earlier trainings, newest first: how long they took is what can be expected. */
  past: readonly ExperimentItem[];
  onClose: () => void;
}

/** Chooses how much is tried, and begins. */
export function TrainDialog({ source, sourceName, past, onClose }: TrainDialogProps) {
  const [profile, setProfile] = useState<Profile>("quick");
  const start = useStartTraining(source);
  return (
    <Dialog title="Train a model" onClose={onClose}>
      <fieldset className={classes.choices}>
        <legend className="visually-hidden">How much is tried</legend>
        {PROFILES.map(({ value, name, words }) => (
          <label key={value} className={classes.choice}>
            <input
              type="radio"
              name="profile"
              checked={value === profile}
              onChange={() => setProfile(value)}
            />
            <strong>{name}</strong>
            <span>
              {words} {lastTime(past, value)}
            </span>
          </label>
        ))}
      </fieldset>
      <p className={classes.note}>
        It learns from all sales of “{sourceName}”, in the background: you can leave this page. The new model
        serves only if it is not worse than the one that serves now.
      </p>
      <DialogFailure
        what={
          start.error instanceof ApiError && start.error.status === 409
            ? "Not started"
            : "The training could not be started"
        }
        error={start.error}
      />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button loading={start.isPending} onClick={() => start.run(profile, onClose)}>
          Start training
        </Button>
      </div>
    </Dialog>
  );
}

function lastTime(past: readonly ExperimentItem[], profile: Profile): string {
  const last = past.find((item) => item.status === "COMPLETED" && item.profile === profile);
  return last === undefined
    ? ""
    : `Last time: ${duration(Date.parse(last.updated_at) - Date.parse(last.created_at))}.`;
}
