/** The random numbers of a simulation: a stream for each purpose, so that no two share draws. */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { type Stream, stream } from "../random/rng.ts";

/** Fits draw for other purposes, so a fit with the same seed shares no number with its data. */
const PURPOSE = {
  truth: 0x73696d00,
  mixture: 0x73696d01,
  noise: 0x73696d02,
  supply: 0x73696d03,
} as const;

/** What is added to a purpose for each phase after the first: its mixtures are others. */
const NEXT_PHASE = 0x100;

/** @throws InputError for a seed that is no safe integer. */
export function drawsFor(purpose: keyof typeof PURPOSE, seed: number, phase = 0): Stream {
  if (!Number.isSafeInteger(seed))
    throw new InputError(`${option("seed")} is ${seed}; it must be a whole number.`, {
      option: "seed",
    });
  return stream(seed, PURPOSE[purpose] + NEXT_PHASE * phase);
}

/**
 * A number as a table holds it. 9 digits are far below any noise, and the same whatever the last
 * bit of a machine's exp and log.
 */
export const digits = (value: number, precision = 9): number =>
  Number(value.toPrecision(precision));
