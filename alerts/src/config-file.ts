import { basename, isAbsolute, resolve } from "node:path";

/**
 * A file that comes with the platform, or the one that the settings name instead.
 *
 * @returns where it lies, and the name by which messages speak of it
 */
export function configFile(
  shipped: string,
  named: string | undefined,
  folder: string = process.cwd(),
): { path: string; name: string } {
  return named === undefined
    ? { path: resolve(import.meta.dirname, "../../config", shipped), name: `config/${shipped}` }
    : { path: resolve(folder, named), name: isAbsolute(named) ? basename(named) : named };
}
