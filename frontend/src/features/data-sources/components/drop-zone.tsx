import { Button } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import classes from "./drop-zone.module.css";

interface DropZoneProps {
  onFiles: (files: File[]) => void;
  /** Why nothing can be brought in; null when it can. */
  closed: string | null;
  children: ReactNode;
}

/** Where files are dropped; the button does the same for the keyboard and for fingers. */
export function DropZone({ onFiles, closed, children }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  // Entering a child leaves its parent, so the edge is crossed more than once.
  const depth = useRef(0);
  const [isOver, setOver] = useState(false);
  const stop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button is for everybody
    <div
      className={classes.zone}
      data-over={isOver || undefined}
      data-closed={closed !== null || undefined}
      onDragEnter={(event) => {
        stop(event);
        depth.current += 1;
        setOver(closed === null);
      }}
      onDragOver={stop}
      onDragLeave={(event) => {
        stop(event);
        depth.current -= 1;
        if (depth.current <= 0) setOver(false);
      }}
      onDrop={(event) => {
        stop(event);
        depth.current = 0;
        setOver(false);
        if (closed === null) onFiles([...event.dataTransfer.files]);
      }}
    >
      <IconFileUpload size={24} stroke={1.5} aria-hidden />
      <p className={classes.words}>{closed ?? (isOver ? "Let go to choose these files" : children)}</p>
      <Button variant="default" disabled={closed !== null} onClick={() => input.current?.click()}>
        Choose files
      </Button>
      <input
        ref={input}
        className="visually-hidden"
        type="file"
        accept=".csv,text/csv"
        multiple
        tabIndex={-1}
        aria-label="CSV files"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file chosen again is a change again.
          event.target.value = "";
        }}
      />
    </div>
  );
}
