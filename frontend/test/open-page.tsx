import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/react-router/v8";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { expect, vi } from "vitest";
import { createQueryClient } from "../src/lib/query-client.ts";
import { prepareDom } from "./dom.ts";

/** A question that the page put to the API. */
export interface Asked {
  method: string;
  /** below `/api/v1` */
  path: string;
  query: URLSearchParams;
  body: unknown;
}

export interface OpenedPage {
  host: HTMLElement;
  /** Every request so far: `GET /contracts?…`. */
  asked: string[];
  /** Waits until the page says it. */
  see: (text: string | RegExp) => Promise<void>;
  /** Clicks the button of that name. */
  click: (name: string) => void;
  /** Chooses the radio button or ticks the box of that label. */
  choose: (label: string) => void;
  /** Types into the field of that label. */
  type: (label: string, value: string) => void;
  close: () => void;
}

/** What the API says; null = nobody answers, a string as body is the detail of a refusal. */
type Answering = (asked: Asked) => { status: number; body: unknown } | null;

/** Opens one page at its address, with an API that answers what the test says. */
export function openPage(path: string, search: string, page: ReactNode, answer: Answering): OpenedPage {
  prepareDom();
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
  };
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string, init?: RequestInit) => {
    const url = new URL(address, "http://localhost");
    const question: Asked = {
      method: init?.method ?? "GET",
      path: url.pathname.replace("/api/v1", ""),
      query: url.searchParams,
      body: typeof init?.body === "string" ? JSON.parse(init.body) : init?.body,
    };
    asked.push(`${question.method} ${question.path}${url.search}`);
    const said = answer(question);
    if (said === null) throw new Error(`nobody answers ${question.path}`);
    if (said.status === 204) return new Response(null, { status: 204 });
    const body = typeof said.body === "string" ? { detail: said.body, request_id: "request-7" } : said.body;
    return Response.json(body, { status: said.status });
  });
  history.replaceState(null, "", `${path}${search}`);
  const host = document.body.appendChild(document.createElement("div"));
  const root = createRoot(host);
  const router = createBrowserRouter([
    {
      path: "*",
      element: <NuqsAdapter>{page}</NuqsAdapter>,
    },
  ]);
  root.render(
    <MantineProvider>
      <QueryClientProvider client={createQueryClient()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  const labelled = (label: string): HTMLInputElement => {
    const found = [...document.querySelectorAll("label")].find((each) => each.textContent === label);
    const field = found?.control ?? found?.querySelector("input");
    if (!(field instanceof HTMLElement)) throw new Error(`there is no field “${label}”`);
    return field as HTMLInputElement;
  };
  return {
    host,
    asked,
    see: (text) =>
      vi.waitFor(() => expect(document.body.textContent).toMatch(text), { timeout: 5_000 }) as Promise<void>,
    click: (name) => {
      const button = [...document.querySelectorAll<HTMLElement>("button, a")].find(
        (each) => each.getAttribute("aria-label") === name || each.textContent === name,
      );
      if (button === undefined) throw new Error(`there is no button “${name}”`);
      button.click();
    },
    choose: (label) => labelled(label).click(),
    type: (label, value) => {
      const field = labelled(label);
      const prototype = Object.getPrototypeOf(field) as object;
      Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(field, value);
      field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
    },
    close: () => {
      root.unmount();
      host.remove();
      vi.unstubAllGlobals();
    },
  };
}
