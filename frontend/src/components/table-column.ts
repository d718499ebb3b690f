import type { ReactNode } from "react";

/** One column of a table: on the page, in its sort order, and in the file that is exported. */
export interface TableColumn<Row> {
  /** Unique in the table; header of the exported file (`snake_case`, unit at the end). */
  key: string;
  /** Header on the page. */
  header: string;
  /** Unit, shown beside the header in a lighter tone. */
  unit?: string;
  /** Plain value: sorted by, exported. null = missing, always last. */
  value: (row: Row) => string | number | null | undefined;
  /** The value as text; default: the value itself, a dash when missing. */
  text?: (row: Row) => string;
  /** Something else than text in the cell (a link, a badge). */
  cell?: (row: Row) => ReactNode;
  align?: "left" | "right";
  /** Width in pixels, or a share of what is left when absent. */
  width?: number;
  /** Not drawn until chosen; exported all the same. */
  isOptional?: boolean;
}

export type Sort = { key: string; desc: boolean } | null;
