// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepareDom } from "../../test/dom.ts";
import { fakeChain } from "../../test/fake-chain.ts";
import StoreList from "./store-list.tsx";

const { stores } = fakeChain(1115, "2015-07-01", "2015-07-31");
const onChoose = vi.fn();
let host: HTMLElement;
let root: Root;
beforeEach(async () => {
  prepareDom();
  onChoose.mockReset();
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
  await act(async () =>
    root.render(
      <MantineProvider>
        <StoreList stores={stores} chosen={[null]} canBeAll onChoose={onChoose} />
      </MantineProvider>,
    ),
  );
});
afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
});

const field = () => host.querySelector("input") as HTMLInputElement;
const type = (text: string) =>
  act(async () => {
    // React listens to the setter of the prototype, which a plain assignment would pass by.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field(), text);
    field().dispatchEvent(new Event("input", { bubbles: true }));
  });
const press = (key: string) =>
  act(async () => field().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
const options = () => [...host.querySelectorAll('[role="option"]')];

test("the field has the focus, and of 1,115 stores only those in view are drawn", () => {
  expect(document.activeElement).toBe(field());
  expect(options().length).toBeLessThan(40);
  expect(options()[0]?.textContent).toContain("All stores");
  expect(options()[0]?.getAttribute("aria-setsize")).toBe("1116");
});

test("a number and Enter choose the store", async () => {
  await type("262");
  expect(options().map((option) => option.getAttribute("aria-setsize"))).toEqual(["1"]);
  await press("Enter");
  expect(onChoose).toHaveBeenCalledWith(262);
});

test("arrow keys move the choice, and the field says which one it is", async () => {
  await press("ArrowDown");
  await press("ArrowDown");
  const active = document.getElementById(field().getAttribute("aria-activedescendant") ?? "");
  expect(active?.textContent).toContain("Store 2");
  await press("Enter");
  expect(onChoose).toHaveBeenCalledWith(2);
});

test("what fits nothing says so, and Enter then chooses nothing", async () => {
  await type("warehouse");
  expect(host.textContent).toContain("No store fits “warehouse”");
  expect(host.textContent).toContain("0 stores");
  await press("Enter");
  expect(onChoose).not.toHaveBeenCalled();
});
