/**
 * Candidates as the search kernel's records, and records as results. Word w of the record of lane l
 * is at w·lanes + l: neighbours in a workgroup are neighbours in memory.
 */
import { RECORD, recordWords, STATUS, UNTOUCHED } from "../../../gpu/search/kernel-plan.ts";
import { DAMPING } from "../../../solve/levenberg-marquardt.ts";
import { interrupted } from "../pool.ts";
import type { Ending } from "../../../solve/iterate.ts";
import type { Start, StartEnd } from "../problem.ts";

/** What a status says of a candidate that nobody goes on with. */
const ENDINGS: ReadonlyMap<number, Ending> = new Map([
  [STATUS.running, "limit"],
  [STATUS.converged, "converged"],
  [STATUS.stalled, "stalled"],
  [STATUS.nonfinite, "nonfinite"],
]);

/** The records of candidates at their starts, one a lane; p coordinates each. */
export function packRecords(starts: readonly Start[], p: number): Uint32Array<ArrayBuffer> {
  const lanes = starts.length;
  const words = new Uint32Array(recordWords(p) * lanes);
  const floats = new Float32Array(words.buffer);
  for (const [
    lane,
    { theta, lambda = DAMPING.start, sample = 0, near = false },
  ] of starts.entries()) {
    floats[RECORD.objective * lanes + lane] = UNTOUCHED;
    floats[RECORD.lambda * lanes + lane] = Math.min(lambda, DAMPING.start);
    words[RECORD.sample * lanes + lane] = sample;
    words[RECORD.near * lanes + lane] = Number(near);
    for (let i = 0; i < p; i++) floats[(RECORD.coordinates + i) * lanes + lane] = theta[i];
  }
  return words;
}

/** Bytes of the records of so many lanes up to their coordinates: what `stillRunning` reads. */
export const headBytes = (lanes: number): number => 4 * RECORD.coordinates * lanes;

/** Bytes of the same up to the next points: what `unpackRecords` reads. */
export const bestBytes = (lanes: number, p: number): number => headBytes(lanes) + 4 * p * lanes;

/** Those of some lanes whose candidates go on. */
export function stillRunning(
  records: ArrayBuffer,
  lanes: number,
  among: readonly number[],
): number[] {
  const words = new Uint32Array(records);
  return among.filter((lane) => words[RECORD.status * lanes + lane] === STATUS.running);
}

/** What became of the starts, in their order. */
export function unpackRecords(
  records: ArrayBuffer,
  starts: readonly Start[],
  p: number,
): StartEnd[] {
  const [words, floats] = [new Uint32Array(records), new Float32Array(records)];
  const lanes = starts.length;
  return starts.map((start, lane) => {
    const objective = floats[RECORD.objective * lanes + lane];
    if (objective === UNTOUCHED) return interrupted(start);
    const ending = ENDINGS.get(words[RECORD.status * lanes + lane]) ?? "nonfinite";
    const theta = new Float64Array(p);
    for (let i = 0; i < p; i++) theta[i] = floats[(RECORD.coordinates + i) * lanes + lane];
    return {
      theta,
      objective: ending === "nonfinite" ? Infinity : objective,
      ending,
      lambda: floats[RECORD.lambda * lanes + lane],
    };
  });
}
