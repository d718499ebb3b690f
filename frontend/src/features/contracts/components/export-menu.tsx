import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { settings } from "../../../lib/settings.ts";

/** A version as a file: the page to read, or the open standard that other tools understand. */
export default function ExportMenu({ contract, version }: { contract: string; version: string }) {
  const base = `${settings.apiBase}/contracts/${encodeURIComponent(contract)}/versions/${encodeURIComponent(version)}`;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label="Take this version as a file">
          <ActionIcon variant="default" size={36} aria-label="Take this version as a file">
            <IconDownload size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={`${base}/document`} download={`${contract}.${version}.md`}>
          The document, as Markdown
        </Menu.Item>
        <Menu.Item component="a" href={`${base}/odcs`} download={`${contract}.${version}.odcs.json`}>
          Open Data Contract Standard 3.1, as JSON
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
