/**
 * Errors of the coordinates of targets that have some in common: of the one fit of all targets,
 * not of each target's own runs, which know less.
 *
 * The one fit minimizes Σ_t m_t⁻¹ Σ_i w ρ(r_ti), m_t = Σ_i w. With J_t the derivatives of target t,
 * placed among all coordinates, c_t = E ψ′/m_t and s_ti the score √w ψ/E ψ′ of a row,
 *
 *   H = Σ_t c_t J_tᵀJ_t,   cov θ̂ = H⁻¹ (Σ_blocks g gᵀ) H⁻¹,   g = Σ √c_t J_ti √c_t s_ti
 *
 * with the sums of a block over its rows in all targets: a run's errors in several targets go
 * together, so that each run is a block where rows share nothing else.
 */
import { itemAt } from "../../../base/known.ts";
import type { Blocks } from "../../../random/resampling.ts";
import { designAt, type DesignMatrix } from "../../../solve/design-spectrum.ts";
import { jointLayout } from "../../../solve/joint/joint-equations.ts";
import { studentQuantile } from "../../../stats/f-distribution.ts";
import type { BoundLaw } from "../../../laws/bind.ts";
import type { Problem } from "../../search/problem.ts";
import { type ScoredRows, scoredRows } from "../block-errors.ts";
import { informationFromInSteps, informationInSteps } from "../information.ts";
import type { Scatter } from "../scatter.ts";
import { isEndOf, type JointErrors } from "../fitted.ts";

/** Work beyond which errors stay those of single targets: numbers of the design, and solving. */
const MOST = { design: 2e7, solving: 4e9 } as const;

/** A law's fits to several targets at once. */
export interface CommonFits {
  readonly law: BoundLaw;
  readonly problem: Problem;
  /** Coordinates that all targets share. */
  readonly common: readonly number[];
  /** The targets that were fitted together, with their coordinates. */
  readonly fits: readonly { readonly target: number; readonly theta: Float64Array }[];
  /** Rows that share their error; undefined where none do but those of one run. */
  readonly shared: Blocks | undefined;
}

/** By fit of `fits`; undefined where it would take too long. It yields between passes over rows. */
export function* jointErrors(all: CommonFits): Generator<undefined, JointErrors[] | undefined> {
  const { law, problem, common, fits, shared } = all;
  const layout = jointLayout(law.size, common, fits.length);
  const runs = problem.packed.order.length;
  const isLong = runs * fits.length * layout.size > MOST.design;
  if (isLong || runs * layout.size ** 3 > MOST.solving) return undefined;
  const blocks = shared ?? {
    blocks: runs,
    blockOf: Int32Array.from({ length: runs }, (_, i) => i),
  };
  const parts: Part[] = [];
  for (const fit of fits) parts.push(yield* partOf(all, fit, blocks));
  const design = stackedDesign(layout, parts);
  const rows = stackedRows(parts);
  const placesOf = (key: "free" | "runaway"): Set<number> =>
    new Set(parts.flatMap((part, t) => part[key].map((i) => itemAt(itemAt(layout.places, t), i))));
  const open = placesOf("free");
  const free = [...open].toSorted((a, b) => a - b);
  // What has run away for one target and is free for another is free.
  const runaway = [...placesOf("runaway")].filter((at) => !open.has(at));
  yield;
  const { noise } = itemAt(parts, 0);
  const { standardError } = yield* informationFromInSteps(design, free, noise, { rows, runaway });
  const spare = Math.max(1, Math.round(rows.blocks - free.length / fits.length));
  const degreesOfFreedom = shared === undefined ? spare : rows.blocks - 1;
  return layout.places.map((place): JointErrors => ({
    standardError: (gradient) => {
      const placed = new Float64Array(layout.size);
      for (const [i, at] of place.entries()) placed[at] += itemAt(gradient, i);
      return standardError(placed);
    },
    degreesOfFreedom,
    quantile: studentQuantile(0.975, degreesOfFreedom),
  }));
}

/**
 * The covariance of a target's coordinates by the one fit of all; undefined where there is none, or
 * it leaves one of them open.
 */
export function jointCovariance(
  { box: { lower, upper } }: Problem,
  joint: JointErrors | undefined,
): Float64Array | undefined {
  if (joint === undefined) return undefined;
  const size = lower.length;
  const covariance = new Float64Array(size * size);
  const errorOf = (i: number, j: number, sign: number): number => {
    const gradient = new Float64Array(size);
    gradient[i] = 1;
    gradient[j] += sign;
    return joint.standardError(gradient);
  };
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      if (lower[i] === upper[i] || lower[j] === upper[j]) continue;
      // Cov(a, b) is a quarter of Var(a + b) − Var(a − b).
      const entry = i === j ? errorOf(i, i, 0) ** 2 : (errorOf(i, j, 1) ** 2 - errorOf(i, j, -1) ** 2) / 4; // prettier-ignore
      if (!Number.isFinite(entry)) return undefined;
      covariance[i * size + j] = covariance[j * size + i] = entry;
    }
  return covariance;
}

/** One target's rows. */
interface Part {
  readonly design: DesignMatrix;
  readonly scores: Float64Array;
  /** The block of each row, of all. */
  readonly labels: readonly number[];
  /** √c_t. */
  readonly unit: number;
  readonly noise: Scatter;
  /** Coordinates that are open, and those that ran away, as `Information` has them. */
  readonly free: readonly number[];
  readonly runaway: readonly number[];
}

function* partOf(
  { law, problem, shared }: CommonFits,
  { target, theta }: CommonFits["fits"][number],
  blocks: Blocks,
): Generator<undefined, Part> {
  const { packed } = problem;
  const isEnd = (i: number): boolean => isEndOf(law, theta, i);
  const { noise, free, runaway } = yield* informationInSteps(problem, target, theta, isEnd, shared);
  yield;
  const design = designAt(problem, target, theta);
  const { scores } = scoredRows(problem, target, theta, noise, blocks);
  const weights = itemAt(packed.weights, target);
  const labels = Array.from(packed.order, (row) => itemAt(blocks.blockOf, row)).filter((_, at) => itemAt(weights, at) > 0); // prettier-ignore
  const unit = Math.sqrt(noise.slope / design.mass);
  return { design, scores, labels, unit, noise, free, runaway };
}

/** All rows of all targets, in all coordinates. */
function stackedDesign(
  { size, places }: ReturnType<typeof jointLayout>,
  parts: readonly Part[],
): DesignMatrix {
  const rows = parts.reduce((sum, { design }) => sum + design.rows, 0);
  const J = new Float64Array(rows * size);
  let from = 0;
  for (const [t, { design, unit }] of parts.entries()) {
    const place = itemAt(places, t);
    for (let row = 0; row < design.rows; row++)
      for (let i = 0; i < design.size; i++)
        J[(from + row) * size + itemAt(place, i)] = unit * itemAt(design.J, row * design.size + i);
    from += design.rows;
  }
  return { rows, size, J, mass: 1 };
}

/** Their scores and blocks. */
function stackedRows(parts: readonly Part[]): ScoredRows {
  const labels = parts.flatMap((part) => part.labels);
  const present = new Map([...new Set(labels)].map((label, n) => [label, n]));
  return {
    blocks: present.size,
    blockOf: Int32Array.from(labels, (label) => present.get(label) ?? 0),
    scores: Float64Array.from(parts.flatMap(({ scores, unit }) => Array.from(scores, (s) => unit * s))), // prettier-ignore
  };
}
