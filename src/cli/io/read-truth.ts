/** Reading truth files: the law that runs were drawn from. */
import { existsSync } from "node:fs";
import type { Truth } from "../../simulate/draw-truth.ts";
import { parseTruth } from "../../simulate/parse-truth.ts";
import { readText } from "./read-text.ts";

/** The truth in a file; undefined where there is no such file. */
export const readTruth = async (path: string): Promise<Truth | undefined> =>
  existsSync(path) ? parseTruth(await readText(path), path) : undefined;
