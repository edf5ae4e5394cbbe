/**
 * A problem in other units of its coordinates: θᵢ = sᵢφᵢ. The damping has a term that is the same
 * for all coordinates, so those whose sizes differ by powers of ten do not move together.
 */
import type { LmProblem } from "./levenberg-marquardt.ts";

/** The units: sizes of the coordinates at a point, and `least` for those that are nearer to 0. */
export const sizesAt = (theta: Float64Array, least: number): Float64Array =>
  theta.map((x) => Math.max(Math.abs(x), least));

/** The problem in φ. */
export function scaledProblem(problem: LmProblem, scale: Float64Array): LmProblem {
  const gradient = new Float64Array(problem.size);
  const H = new Float64Array(problem.H.length);
  const scaledInto = (to: Float64Array, from: Float64Array): Float64Array => {
    for (let i = 0; i < to.length; i++) to[i] = from[i] * scale[i];
    return to;
  };
  const [point, along] = [new Float64Array(problem.size), new Float64Array(problem.size)];
  const theta = (phi: Float64Array): Float64Array => scaledInto(point, phi);
  const packed = (from: Float64Array, to: Float64Array): Float64Array => {
    for (let i = 0, at = 0; i < scale.length; i++)
      for (let j = 0; j <= i; j++, at++) to[at] = from[at] * scale[i] * scale[j];
    return to;
  };
  return {
    size: problem.size,
    gradient,
    H,
    evaluate(phi, tau) {
      const objective = problem.evaluate(theta(phi), tau);
      scaledInto(gradient, problem.gradient);
      packed(problem.H, H);
      return objective;
    },
    bend(phi, direction, tau) {
      const pull = problem.bend?.(theta(phi), scaledInto(along, direction), tau);
      return pull && scaledInto(new Float64Array(pull.length), pull);
    },
    second(phi) {
      const matrix = problem.second?.(theta(phi));
      return matrix && packed(matrix, new Float64Array(matrix.length));
    },
  };
}
