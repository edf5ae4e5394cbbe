/**
 * Records of requests: whole optima, and what their parts are found by. An optimum depends on the
 * fit file, the request, what draws the random mixtures, and which float64 computes.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import { VERSION } from "../../base/version.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { exactText, fromExactText } from "../../records/exact-text.ts";
import type { Job } from "../../records/job.ts";
import { digestOf, RecordKeys } from "../../records/record-keys.ts";
import { float64Name } from "../../wasm/availability.ts";
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

/** A part of the work on a request. */
export interface RequestPart {
  /** What it is, such as "optimum". */
  readonly name: string;
  /** What draws random mixtures: the adapter's name, or "float64". */
  readonly drawnBy: string;
  /** What it depends on besides file and request, as a text. */
  readonly given?: string;
  /** Whether what was found is what is usually found; else it is not recorded. */
  readonly isUsual?: () => boolean;
}

/**
 * What came of a part of the work on a request, in plain data: the recorded value, or what `solve`
 * finds, which is recorded. It is found as a result is, which no shard computes for others.
 */
export async function recordedPart<T>(
  file: FitFile,
  options: OptimizeOptions,
  { name, drawnBy, given = "", isUsual = () => true }: RequestPart,
  solve: () => Promise<T>,
): Promise<T> {
  const { records } = options;
  if (records === undefined) return solve();
  const computedBy = [records.computedBy, float64Name(), drawnBy];
  const keys = new RecordKeys([...computedBy, name, digestOfFile(file)]);
  const key = keys.keyOf(new TextEncoder().encode(exactText(requestOf(options)) + given));
  const [known] = await records.find([key]);
  if (known !== undefined) return fromExactText(new TextDecoder().decode(known)) as T;
  const value = await solve();
  if (!isUsual()) return value;
  await records.keep([{ key, value: new TextEncoder().encode(exactText(value)) }], true);
  return value;
}

/** The optimum of a request, recorded as a whole. */
export async function recordedOptimum(
  file: FitFile,
  options: OptimizeOptions,
  drawnBy: string,
  solve: () => Promise<Optimum>,
): Promise<Optimum> {
  let isKnown = true;
  const optimum = await recordedPart(file, options, { name: "optimum", drawnBy }, () => {
    isKnown = false;
    return solve();
  });
  if (isKnown) options.onProgress?.(1);
  return optimum;
}
