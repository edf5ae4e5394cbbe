/** What can be checked at a fitted point, in float64. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { gradientNorm, held } from "../solve/lm.ts";
import { Normal } from "../solve/normal.ts";
import type { Problem } from "./problem.ts";
import type { Certificate } from "./result.ts";

/** Eigenvalues of the scaled JᵀJ below this share of the largest are zero but for rounding (float64 leaves about p·1e-16). */
const NULL_EIGENVALUE = 1e-13;
/** A coordinate belongs to a null direction when it makes up this share of it. */
const NULL_SHARE = 0.02;

/** `names` are the coordinates'. See `Certificate` for what is computed. */
export function certify(problem: Problem, target: number, theta: Float64Array, names: readonly string[]): Certificate {
  const normal = new Normal(problem.program, problem.packed, target, problem.delta);
  const objective = normal.evaluate(theta);
  const fixed = held(theta, normal.gradient, problem.box);
  const norm = objective === 0 ? 0 : gradientNorm(normal.gradient, normal.H, objective, fixed);
  // JᵀJ without the Huber weights: what the design can tell apart, whatever the residuals are.
  const design = new Normal(problem.program, problem.packed, target, Infinity);
  design.evaluate(theta);
  const free = names.map((_, i) => i).filter((i) => !fixed[i]);
  const entry = (i: number, j: number): number => design.H[i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i];
  const seen = free.filter((i) => entry(i, i) > 0);
  const unseen = free.filter((i) => entry(i, i) === 0).map((i) => names[i]);
  const scaled = seen.map((i) => seen.map((j) => entry(i, j) / Math.sqrt(entry(i, i) * entry(j, j))));
  const { values, directions } = eigen(scaled);
  const most = Math.max(...values, 0);
  const isNull = values.map((v) => v <= NULL_EIGENVALUE * most);
  const lost = seen.filter((_, a) => directions.some((v, n) => isNull[n] && v[a] ** 2 > NULL_SHARE)).map((i) => names[i]);
  const least = Math.min(...values, Infinity);
  return {
    gradientNorm: norm,
    conditionNumber: unseen.length > 0 || least <= 0 || seen.length === 0 ? null : most / least,
    notIdentified: [...unseen, ...lost],
    atBound: names.filter((_, i) => theta[i] <= problem.box.lower[i] || theta[i] >= problem.box.upper[i]),
  };
}

/** Eigenvalues and unit eigenvectors of a symmetric matrix. */
function eigen(rows: readonly (readonly number[])[]): { values: number[]; directions: number[][] } {
  if (rows.length === 0) return { values: [], directions: [] };
  const decomposition = new EigenvalueDecomposition(new Matrix(rows.map((row) => [...row])), { assumeSymmetric: true });
  return { values: decomposition.realEigenvalues, directions: decomposition.eigenvectorMatrix.transpose().to2DArray() };
}
