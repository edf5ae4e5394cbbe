/**
 * Newton's method on the face of the feasible set that a mixture lies on. Projected gradients find
 * the face in a few steps and then need many to get far along its flat directions; once the face is
 * right, Newton's method ends in two or three.
 */
import type { Face } from "./face.ts";
import type { NewtonCurvature } from "./newton-curvature.ts";
import { LEAST_SHARE, type Smooth } from "./smooth.ts";

/** Curvature is the difference of gradients over this share of a coordinate. */
const STEP = 1e-7;
/** Turns of `boundedStep`: in each, coordinates that would leave their bounds are held there. */
const LAPS = 5;

/**
 * ∂²/∂hᵢ∂hⱼ over the free coordinates, a packed lower triangle, by forward differences of the
 * gradient.
 */
export function hessian(
  surface: Smooth,
  h: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
): Float64Array {
  const n = free.length;
  const full = surface.slopes?.(h, STEP) ?? differences(surface, h, gradient, free);
  const packed = new Float64Array((n * (n + 1)) / 2);
  for (const [a, i] of free.entries())
    for (let b = 0, ab = (a * (a + 1)) / 2; b <= a; b++, ab++)
      packed[ab] = 0.5 * (full[i][free[b]] + full[free[b]][i]);
  return packed;
}

/** A row for each free coordinate, at its place. */
function differences(
  surface: Smooth,
  h: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
): Float64Array[] {
  const rows: Float64Array[] = [];
  const moved = h.slice();
  for (const i of free) {
    moved[i] = h[i] + STEP * Math.max(h[i], LEAST_SHARE);
    const width = moved[i] - h[i];
    const slope = new Float64Array(h.length);
    surface.gradient(moved, slope);
    moved[i] = h[i];
    rows[i] = slope.map((x, j) => (x - gradient[j]) / width);
  }
  return rows;
}

/**
 * Newton's step within bounds: the coordinates that it would carry over a bound go to that bound,
 * and the others make up for it.
 */
export function boundedStep(
  curvature: NewtonCurvature,
  h: Float64Array,
  gradient: Float64Array,
  face: Face,
  { lower, upper }: { readonly lower: Float64Array; readonly upper: Float64Array },
): Float64Array | undefined {
  let { free } = face;
  let given: Float64Array | undefined;
  for (let lap = 0; lap < LAPS; lap++) {
    const d = curvature.step(gradient, { free, rows: face.rows }, given);
    if (d === undefined) return undefined;
    const leaving = free.filter((i) => h[i] + d[i] < lower[i] || h[i] + d[i] > upper[i]);
    if (leaving.length === 0 || lap === LAPS - 1) return d;
    given ??= new Float64Array(h.length);
    for (const i of leaving) given[i] = (h[i] + d[i] < lower[i] ? lower[i] : upper[i]) - h[i];
    free = free.filter((i) => !leaving.includes(i));
  }
  return undefined;
}
