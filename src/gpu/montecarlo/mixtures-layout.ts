/** The bindings of shaders/mixtures.wgsl, and what the host writes to them. */
import { halves } from "../../random/rng.ts";
import {
  type Binding,
  type Fields,
  packStructs,
  packUniforms,
  UNIFORM_BYTES,
  VECTOR,
  vectorsFor,
} from "../layout.ts";
import { BINS, type Draws, type LawRows, PINNED, type Range, type Row } from "./draws.ts";

/**
 * Shares and sums of shares in float32 are about this uncertain: limits are wider by it, so that
 * nothing that lies on a limit is lost.
 */
const SLACK = 1e-6;

export const SETTINGS = {
  seed_low: "u32",
  seed_high: "u32",
  first_block: "u32",
  samples: "u32",
  sparse_below: "u32",
  near_below: "u32",
  rows: "u32",
  rest: "f32",
  low: "f32",
  scale: "f32",
} as const satisfies Fields;

/** What the draw knows of a domain. */
export const DOMAIN = {
  floor: "f32",
  least: "f32",
  most: "f32",
  reference: "f32",
  pinned: "u32",
} as const satisfies Fields;

/**
 * What a workgroup leaves of its samples: the smallest loss and the number of its sample, the
 * largest loss, and how many samples were feasible.
 */
export const BLOCK_RESULT = {
  best: "f32",
  index: "u32",
  worst: "f32",
  feasible: "u32",
} as const satisfies Fields;

/** Vectors of a target's row: its weight, then its columns. */
export const vectorsOf = ({ program }: LawRows): number =>
  vectorsFor(1 + program.tables.run.length);

const vectorsOfAll = (laws: readonly LawRows[]): number =>
  laws.reduce((sum, law) => sum + law.weights.length * vectorsOf(law), 0);

/**
 * The kernel's buffers. `targets` has the rows of all laws one after the other; in uniform memory,
 * which is read once for all lanes, where that holds them.
 */
export function bindingsOf(laws: readonly LawRows[]): readonly Binding[] {
  const count = vectorsOfAll(laws);
  return [
    { name: "settings", type: "Settings", access: "uniform" },
    { name: "domains", type: "array<Domain, K>", access: "read" },
    { name: "rows", type: "array<f32>", access: "read" },
    { name: "blocks", type: "array<Block>", access: "read_write" },
    { name: "histogram", type: "array<atomic<u32>, BINS>", access: "read_write" },
    {
      name: "targets",
      type: `array<vec4<f32>, ${count}>`,
      access: VECTOR.bytes * count <= UNIFORM_BYTES ? "uniform" : "read",
    },
  ];
}

/** The settings of a chunk that begins with block `from`. */
export const packSettings = (
  draws: Draws,
  { low, high }: Range,
  samples: number,
  from: number,
): ArrayBuffer => {
  const [seed_low, seed_high] = halves(draws.seed);
  return packUniforms(SETTINGS, {
    seed_low,
    seed_high,
    first_block: from,
    samples,
    sparse_below: draws.sparseBelow,
    near_below: draws.nearBelow,
    rows: draws.rows.length,
    rest: draws.rest,
    low,
    scale: BINS / (high - low),
  });
};

/** A limit in float32, infinite ones as huge ones: WGSL has no dependable infinity. */
const limit = (x: number): number => Math.max(-3e38, Math.min(3e38, x));

/** The contents of `domains`. */
export const packDomains = ({ lower, upper, reference, pinned }: Draws): ArrayBuffer =>
  packStructs(
    DOMAIN,
    Array.from(lower, (floor, i) => ({
      floor,
      least: limit(floor - SLACK),
      most: limit(upper[i] + SLACK),
      reference: reference[i],
      pinned: pinned[i] === 1 ? PINNED : 0,
    })),
  );

/** The contents of `rows`: coefficients, then the least and the greatest sum, row by row. */
export const packRows = (rows: readonly Row[]): Float32Array<ArrayBuffer> =>
  Float32Array.from(
    rows.flatMap(({ coefficients, min, max }) => {
      const list = Array.from(coefficients);
      const slack = SLACK * Math.max(0, ...list.map(Math.abs));
      return [...list, limit(min - slack), limit(max + slack)];
    }),
  );

/** The contents of `targets`. */
export function packTargets(laws: readonly LawRows[]): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(VECTOR.length * vectorsOfAll(laws));
  let at = 0;
  for (const law of laws) {
    const width = law.program.tables.run.length;
    for (let t = 0; t < law.weights.length; t++, at += VECTOR.length * vectorsOf(law)) {
      packed[at] = law.weights[t];
      packed.set(law.table.subarray(t * width, (t + 1) * width), at + 1);
    }
  }
  return packed;
}
