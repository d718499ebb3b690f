import { readFile } from "node:fs/promises";
import { z } from "zod";
import { HttpRefusal } from "./errors.ts";

const fileSchema = z.record(z.string(), z.unknown());

/**
 * The metadata beside a model file that serves in place of the registry's.
 *
 * @throws {HttpRefusal} 404 when there is no such file, 500 when it holds no JSON object; neither names the path
 */
export async function readMetadataFile(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new HttpRefusal(
      404,
      "metadata_not_found",
      "the file that MODEL_METADATA_PATH names cannot be read",
      { cause },
    );
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new HttpRefusal(
      500,
      "metadata_invalid",
      "the file that MODEL_METADATA_PATH names holds no JSON object",
      { cause },
    );
  }
}
