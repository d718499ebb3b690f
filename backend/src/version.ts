import { readFileSync } from "node:fs";
import { z } from "zod";

const packageSchema = z.object({ version: z.string() });
const packageFile = new URL("../package.json", import.meta.url);

/** Version of the API, which is the version of the product. */
export const API_VERSION: string = packageSchema.parse(JSON.parse(readFileSync(packageFile, "utf8"))).version;
