/**
 * Records of requests: whole optima, and what their parts are found by. An optimum depends on the
 * fit file, the request, and what draws the random mixtures.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import { VERSION } from "../../base/version.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { exactText, fromExactText } from "../../records/exact-text.ts";
import type { Job } from "../../records/job.ts";
import { digestOf, RecordKeys } from "../../records/record-keys.ts";
import type { OptimizeOptions, OptimizeRequest } from "./optimize-options.ts";
import type { Optimum } from "./optimum.ts";

const digests = new WeakMap<FitFile, Uint8Array>();

/**
 * The SHA-256 of what an optimum reads of a fit file. Rows follow from the table's own hash and how
 * it was read; two runs of one fit differ in their timing.
 */
export function digestOfFile(file: FitFile): Uint8Array {
  const { rows: _, timing: __, ...read } = file;
  const digest = digests.get(file) ?? digestOf([exactText(read)]);
  digests.set(file, digest);
  return digest;
}

/** What of the options determines the optimum. */
export function requestOf(options: OptimizeOptions): OptimizeRequest {
  const { signal: _, onProgress: __, records: ___, deadline: ____, ...request } = options;
  return request;
}

/** The job of optima by a fit file. @param request what is asked, in plain data */
export const jobOfFile = (verb: string, file: FitFile, request: object): Job => ({
  verb,
  version: VERSION,
  data: {
    fit: bytesToHex(digestOfFile(file)),
    table: file.data.sha256,
    laws: [...new Set(file.fits.map(({ law }) => law))],
  },
  settings: JSON.parse(JSON.stringify(request)) as Job["settings"],
});

/**
 * The optimum of a request: the recorded one, or what `solve` finds, which is recorded.
 *
 * @param drawnBy what draws random mixtures: the adapter's name, or "float64"
 */
export async function recordedOptimum(
  file: FitFile,
  options: OptimizeOptions,
  drawnBy: string,
  solve: () => Promise<Optimum>,
): Promise<Optimum> {
  const { records } = options;
  if (records === undefined) return solve();
  const keys = new RecordKeys([records.computedBy, drawnBy, "optimum", digestOfFile(file)]);
  const key = keys.keyOf(new TextEncoder().encode(exactText(requestOf(options))));
  const [known] = await records.find([key]);
  if (known !== undefined) {
    options.onProgress?.(1);
    return fromExactText(new TextDecoder().decode(known)) as Optimum;
  }
  const optimum = await solve();
  await records.keep([{ key, value: new TextEncoder().encode(exactText(optimum)) }], true);
  return optimum;
}
