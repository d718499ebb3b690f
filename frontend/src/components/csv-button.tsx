import { ActionIcon, Tooltip } from "@mantine/core";
import { IconFileTypeCsv } from "@tabler/icons-react";
import { toCsv } from "../lib/csv.ts";
import { download } from "../lib/download.ts";
import type { TableColumn } from "./table-column.ts";

interface CsvButtonProps<Row> {
  /** What is downloaded, for those who cannot see where the button stands: "Store by store". */
  what: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  /** File name without its ending. */
  fileName: string;
}

/** The rows of a table as a file, unrounded; dead while there are none. */
export function CsvButton<Row>({ what, columns, rows, fileName }: CsvButtonProps<Row>) {
  return (
    <Tooltip label="Download as CSV">
      <ActionIcon
        variant="subtle"
        color="gray"
        size={32}
        disabled={rows.length === 0}
        aria-label={`${what} as CSV`}
        onClick={() =>
          download(
            `${fileName}.csv`,
            toCsv(
              columns.map((column) => ({ header: column.key, value: column.value })),
              rows,
            ),
          )
        }
      >
        <IconFileTypeCsv size={18} stroke={1.5} />
      </ActionIcon>
    </Tooltip>
  );
}
