/**
 * One fit of several targets that have coordinates in common: the sum of the targets' objectives
 * over the common coordinates, which come first, and each target's own. A target's gradient and
 * matrix are added where its coordinates are among all; blocks of two targets' own coordinates
 * stay 0.
 */
import type { Box } from "../damped-step.ts";
import type { LmProblem } from "../levenberg-marquardt.ts";
import type { NormalEquations } from "../normal-equations.ts";

/** Where the coordinates of each target are among all. Plain numbers. */
export interface JointLayout {
  /** How many there are of all targets together. */
  readonly size: number;
  /** By target: the place of each of its coordinates. */
  readonly places: readonly Int32Array[];
}

/**
 * The layout of so many targets of `params` coordinates each.
 *
 * @param common the coordinates that all targets share
 * @example jointLayout(3, [1], 2) // size 5, places 1 0 2 and 3 0 4
 */
export function jointLayout(
  params: number,
  common: readonly number[],
  targets: number,
): JointLayout {
  const own = params - common.length;
  const places = Array.from({ length: targets }, (_, t) => {
    let next = common.length + t * own;
    return Int32Array.from({ length: params }, (__, i) =>
      common.includes(i) ? common.indexOf(i) : next++,
    );
  });
  return { size: common.length + targets * own, places };
}

/** A target's own coordinates, of all. */
export const pointOf = (place: Int32Array, all: Float64Array): Float64Array =>
  Float64Array.from(place, (at) => all[at] ?? NaN);

/** The targets' points as one; what is common is taken from the first. */
export function stacked(
  { size, places }: JointLayout,
  points: readonly Float64Array[],
): Float64Array {
  const all = new Float64Array(size);
  for (const [t, place] of [...places.entries()].toReversed())
    for (const [i, at] of place.entries()) all[at] = points[t]?.[i] ?? NaN;
  return all;
}

/** The targets' box as one. */
export const jointBox = ({ size, places }: JointLayout, box: Box): Box => {
  const spread = (ends: Float64Array): Float64Array =>
    stacked(
      { size, places },
      places.map(() => ends),
    );
  return { lower: spread(box.lower), upper: spread(box.upper) };
};

/** The sum of some targets' objectives, with derivatives in all coordinates. */
export class JointEquations implements LmProblem {
  readonly size: number;
  readonly gradient: Float64Array;
  readonly H: Float64Array;

  /** @param each one a target */
  constructor(
    readonly layout: JointLayout,
    readonly each: readonly NormalEquations[],
  ) {
    this.size = layout.size;
    this.gradient = new Float64Array(this.size);
    this.H = new Float64Array((this.size * (this.size + 1)) / 2);
  }

  evaluate(all: Float64Array, tau: number): number {
    this.gradient.fill(0);
    this.H.fill(0);
    let total = 0;
    for (const [t, place] of this.layout.places.entries()) {
      const normal = this.each[t];
      total += normal.evaluate(pointOf(place, all), tau);
      addVector(this.gradient, normal.gradient, place);
      addMatrix(this.H, normal.H, place);
    }
    return total;
  }

  bend(all: Float64Array, direction: Float64Array, tau: number): Float64Array | undefined {
    const pull = new Float64Array(this.size);
    for (const [t, place] of this.layout.places.entries()) {
      const own = this.each[t].bend(pointOf(place, all), pointOf(place, direction), tau);
      if (own === undefined) return undefined;
      addVector(pull, own, place);
    }
    return pull;
  }

  second(all: Float64Array): Float64Array | undefined {
    const matrix = new Float64Array(this.H.length);
    for (const [t, place] of this.layout.places.entries()) {
      const own = this.each[t].second(pointOf(place, all));
      if (own === undefined) return undefined;
      addMatrix(matrix, own, place);
    }
    return matrix;
  }
}

function addVector(to: Float64Array, from: Float64Array, place: Int32Array): void {
  for (let i = 0; i < from.length; i++) to[place[i]] += from[i];
}

/** Packed lower triangles. */
function addMatrix(to: Float64Array, from: Float64Array, place: Int32Array): void {
  for (let i = 0, ij = 0; i < place.length; i++)
    for (let j = 0; j <= i; j++, ij++) {
      const [row, column] = [Math.max(place[i], place[j]), Math.min(place[i], place[j])];
      to[(row * (row + 1)) / 2 + column] += from[ij];
    }
}
