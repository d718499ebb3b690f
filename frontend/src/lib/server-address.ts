import { settings } from "./settings.ts";

/** An address that the API gave from its own root, as the browser has to ask for it: the API may be on another host. */
export function serverAddress(path: string, base: string = settings.apiBase): string {
  if (!/^https?:/.test(base)) return path;
  return new URL(path, base).href;
}
