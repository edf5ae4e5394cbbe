/** Where searches begin. Every start is a pure function of (law, data scale, seed, number). */
import { type Stream, stream } from "../../random/rng.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";

/** What a stream of random numbers is for: one list, so that no two uses share draws. */
export const PURPOSE = {
  random: 101,
  nested: 102,
  hop: 103,
  replicate: 105,
  fromData: 106,
  hopFromData: 107,
  ridgeFolds: 108,
} as const;

/** Laws with a parameter whose place and author say nothing of its size start from the data. */
export const startsFromData = ({ coordinates }: BoundLaw): boolean =>
  coordinates.some(({ spec }) => spec.startKind === "data");

/** Fractions of a start range by which copies of a known good point are moved. */
const NESTED_SPREADS = [0.02, 0.1, 0.3] as const;
const HOP_SPREADS = [0.03, 0.1, 0.3] as const;

/** A range for each coordinate. */
export type Ranges = readonly (readonly [number, number])[];

/** Start ranges for one target. */
export const rangesOf = (law: BoundLaw, scale: LossScale): Ranges =>
  law.coordinates.map(({ spec }) => spec.start(scale, law.domains.length));

/** Point number `n`, uniform in the ranges. */
export const uniformIn = (ranges: Ranges, draws: Stream, n: number): Float64Array =>
  Float64Array.from(ranges, ([low, high], i) => low + (high - low) * draws.uniform(n, i));

const clamp = (law: BoundLaw, theta: Float64Array): Float64Array =>
  theta.map((x, i) => Math.min(Math.max(x, law.lower[i]), law.upper[i]));

/** Uniform in the law's start ranges: numbers `first` … `first` + `count` − 1. */
export function randomStarts(
  law: BoundLaw,
  scale: LossScale,
  seed: number,
  count: number,
  first = 0,
): Float64Array[] {
  const draws = stream(seed, PURPOSE.random);
  const ranges = rangesOf(law, scale);
  return Array.from({ length: count }, (_, n) => uniformIn(ranges, draws, first + n));
}

/**
 * `point` moved by normals of `spread` times each range's width. Lanes: a normal uses a pair, so
 * coordinate i takes lanes 2i and 2i + 1.
 */
function moved(
  law: BoundLaw,
  point: Float64Array,
  ranges: Ranges,
  spread: number,
  draws: Stream,
  n: number,
): Float64Array {
  return clamp(
    law,
    point.map((x, i) => x + spread * (ranges[i][1] - ranges[i][0]) * draws.normal(n, 2 * i)),
  );
}

/** A sample's own random start. */
export function replicateStart(
  law: BoundLaw,
  scale: LossScale,
  seed: number,
  sample: number,
): Float64Array {
  return uniformIn(rangesOf(law, scale), stream(seed, PURPOSE.replicate), sample);
}

/** A smaller law's fit in this law's coordinates: as it is, and with perturbations. */
export function nestedStarts(
  law: BoundLaw,
  scale: LossScale,
  seed: number,
  point: Float64Array,
  count: number,
): Float64Array[] {
  const draws = stream(seed, PURPOSE.nested);
  const ranges = rangesOf(law, scale);
  return Array.from({ length: count }, (_, n) =>
    n === 0
      ? clamp(law, point)
      : moved(law, point, ranges, NESTED_SPREADS[n % NESTED_SPREADS.length], draws, n),
  );
}

/**
 * Basin hopping from the best points so far, from each in turn: all coordinates a little, more, a
 * lot; every other time one domain's coordinates only, to anywhere in their ranges, since the
 * basins of mixture terms differ by single domains.
 */
export function hopStarts(
  law: BoundLaw,
  scale: LossScale,
  seed: number,
  first: number,
  points: readonly Float64Array[],
  count: number,
): Float64Array[] {
  const draws = stream(seed, PURPOSE.hop);
  const ranges = rangesOf(law, scale);
  const k = law.domains.length;
  return Array.from({ length: count }, (_, j) => {
    const n = first + j;
    const point = points[j % points.length];
    const turn = Math.floor(j / points.length); // of this point
    const spread = HOP_SPREADS[Math.floor(turn / 2) % HOP_SPREADS.length];
    if (k < 2 || turn % 2 === 0) return moved(law, point, ranges, spread, draws, n);
    const domain = draws.integer(n, 2 * law.size, k);
    return point.map((x, i) => {
      const [low, high] = ranges[i];
      const isMoved = law.coordinates[i].domain === domain;
      return isMoved ? low + (high - low) * draws.uniform(n, 2 * i) : x;
    });
  });
}
