// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepareDom } from "../../test/dom.ts";
import DataTable from "./data-table.tsx";
import type { TableColumn } from "./table-column.ts";

interface Row {
  id: number;
  sales: number | null;
}

const columns: TableColumn<Row>[] = [
  { key: "id", header: "Store", value: (row) => row.id },
  {
    key: "sales",
    header: "Sales",
    align: "right",
    value: (row) => row.sales,
    text: (row) => (row.sales === null ? "–" : `€${row.sales}`),
  },
];

let host: HTMLElement;
let root: Root;
beforeEach(() => {
  prepareDom();
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
});

const draw = (rows: Row[], more: Partial<Parameters<typeof DataTable<Row>>[0]> = {}) =>
  act(async () =>
    root.render(
      <MantineProvider>
        <DataTable<Row>
          label="Stores"
          columns={columns}
          rows={rows}
          rowKey={(row) => String(row.id)}
          {...more}
        />
      </MantineProvider>,
    ),
  );
const bodyRows = () => [...host.querySelectorAll<HTMLElement>("tbody tr[data-index]")];
const cells = () => bodyRows().map((row) => row.textContent);
const sortBy = (header: string) =>
  act(async () =>
    [...host.querySelectorAll("thead button")]
      .find((button) => button.textContent?.startsWith(header))
      ?.dispatchEvent(new MouseEvent("click", { bubbles: true })),
  );

const three: Row[] = [
  { id: 1, sales: 20 },
  { id: 2, sales: null },
  { id: 3, sales: 100 },
];

test("numbers are sorted largest first, then smallest first, then as they came; the missing are last both times", async () => {
  await draw(three);
  expect(cells()).toEqual(["1€20", "2–", "3€100"]);
  await sortBy("Sales");
  expect(cells()).toEqual(["3€100", "1€20", "2–"]);
  expect(host.querySelector("th:nth-child(2)")?.getAttribute("aria-sort")).toBe("descending");
  await sortBy("Sales");
  expect(cells()).toEqual(["1€20", "3€100", "2–"]);
  await sortBy("Sales");
  expect(cells()).toEqual(["1€20", "2–", "3€100"]);
});

test("a sort that is kept outside is asked for, not taken", async () => {
  const onSort = vi.fn();
  await draw(three, { sort: { key: "id", desc: true }, onSort });
  expect(cells()).toEqual(["3€100", "2–", "1€20"]);
  await sortBy("Sales");
  expect(onSort).toHaveBeenCalledWith({ key: "sales", desc: true });
  expect(cells()).toEqual(["3€100", "2–", "1€20"]);
});

test("of a thousand rows only those in view are drawn, and all are counted", async () => {
  await draw(Array.from({ length: 1115 }, (_, i) => ({ id: i + 1, sales: i })));
  expect(bodyRows().length).toBeGreaterThan(5);
  expect(bodyRows().length).toBeLessThan(60);
  expect(host.querySelector("table")?.getAttribute("aria-rowcount")).toBe("1116");
});

test("arrow keys walk through the rows", async () => {
  await draw(three);
  const press = (key: string) =>
    act(async () =>
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })),
    );
  await act(async () => host.querySelector<HTMLElement>('[role="group"]')?.focus());
  await press("ArrowDown");
  expect(document.activeElement?.textContent).toBe("1€20");
  await press("ArrowDown");
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe("2–"));
});

test("no rows draw what is to be said instead", async () => {
  await draw([], { empty: <p>Nothing fits</p> });
  expect(host.textContent).toMatch(/Nothing fits$/);
  expect(host.querySelector("table")).toBeNull();
});
