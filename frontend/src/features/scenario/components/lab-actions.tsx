import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconDeviceFloppy, IconDownload, IconLink } from "@tabler/icons-react";

interface LabActionsProps {
  /** The address that shows a colleague the same. */
  linkTo: () => string;
  canSave: boolean;
  canDownload: boolean;
  onSave: () => void;
  onDownload: () => void;
}

/** What can be done with the scenarios: share, keep, export. */
export function LabActions({ linkTo, canSave, canDownload, onSave, onDownload }: LabActionsProps) {
  const clipboard = useClipboard({ timeout: 1500 });
  const Icon = clipboard.copied ? IconCheck : IconLink;
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon size={18} stroke={1.6} />}
        onClick={() => clipboard.copy(linkTo())}
      >
        {clipboard.copied ? "Copied" : "Copy link"}
      </Button>
      <Button
        variant="default"
        leftSection={<IconDeviceFloppy size={18} stroke={1.6} />}
        disabled={!canSave}
        onClick={onSave}
      >
        Save
      </Button>
      <Button
        leftSection={<IconDownload size={18} stroke={1.6} />}
        disabled={!canDownload}
        onClick={onDownload}
      >
        Download CSV
      </Button>
    </>
  );
}
