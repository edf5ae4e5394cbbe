/** How large residuals are, and the standard errors that follow under squared loss. */
import { isLeastSquares } from "../../expr/loss.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { labelOf } from "../../laws/parameters/parameters.ts";
import { columnNorms } from "../../solve/linearized-residuals.ts";
import { held } from "../../solve/damped-step.ts";
import { NormalEquations } from "../../solve/normal-equations.ts";
import { DEPENDENT, triangularize } from "../../solve/qr.ts";
import { Residuals } from "../../solve/residuals.ts";
import { standardErrors } from "./fitted.ts";
import type { Problem } from "../search/problem.ts";
import type { Deviations } from "../result/fit-file.ts";

/** Σ w·r² and what follows from it. */
export interface ResidualSizes extends Omit<Deviations, "noise"> {
  readonly squares: number;
}

/**
 * Size of the residuals and, under squared loss, standard errors of the reported parameters. Other
 * losses have no standard errors here; theirs are the bootstrap's.
 */
export function deviations(
  law: BoundLaw,
  problem: Problem,
  target: number,
  theta: Float64Array,
): ResidualSizes {
  const residuals = new Residuals(problem.program, problem.packed, target);
  const squares = residuals.evaluate(theta);
  const { rows, mass } = residuals;
  const normal = new NormalEquations(
    problem.program,
    problem.packed,
    target,
    problem.losses[target],
  );
  normal.evaluate(theta);
  const isHeld = held(theta, normal.gradient, problem.box);
  const free = [...theta.keys()].filter((i) => !isHeld[i]);
  const degreesOfFreedom = rows - free.length;
  if (degreesOfFreedom <= 0)
    return { squares, degreesOfFreedom, residualSd: null, standardErrors: null };
  const variance = squares / degreesOfFreedom;
  const residualSd = Math.sqrt((variance * rows) / mass);
  const errors = isLeastSquares(problem.losses[target].name)
    ? reportedErrors(law, theta, free, residuals, variance)
    : null;
  return { squares, degreesOfFreedom, residualSd, standardErrors: errors };
}

/**
 * s²(JᵀJ)⁻¹ by the QR decomposition of J, carried to the reported parameters by the delta method:
 * Var f = s²·‖R⁻ᵀ∇f‖². J itself is decomposed because half its digits are gone from JᵀJ. Weights
 * are taken as relative: s² is their common factor.
 */
function reportedErrors(
  law: BoundLaw,
  theta: Float64Array,
  free: readonly number[],
  { rows, size: p, J }: Residuals,
  variance: number,
): Deviations["standardErrors"] {
  const n = free.length;
  const norms = columnNorms(J, rows, p).map((norm) => norm || 1);
  const R = new Float64Array(rows * n);
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < n; c++) R[row * n + c] = J[row * p + free[c]] / norms[free[c]];
  triangularize(R, rows, n, new Float64Array(rows));
  const standardError = (gradient: ArrayLike<number>): number => {
    const scaled = free.map((i) => gradient[i] / norms[i]);
    return Math.sqrt(variance) * solveTransposed(R, n, scaled);
  };
  const errors = standardErrors(law, theta, { standardError, free, runaway: [] });
  const known = (label: string): number | null => {
    const error = errors.get(label);
    return error === undefined || error === 0 || !Number.isFinite(error) ? null : error;
  };
  const report = Object.entries(law.reportAt(theta)).map(([name, value]) => [
    name,
    value === null || typeof value === "number"
      ? known(name)
      : Object.fromEntries(
          Object.keys(value).map((domain) => [domain, known(labelOf(name, domain))]),
        ),
  ]);
  return Object.fromEntries(report) as Deviations["standardErrors"];
}

/**
 * A gradient has a part along a direction that the runs do not determine when this share of it is
 * left there.
 */
const LOST = 1e-8;

/** ‖R⁻ᵀg‖; infinite where g has a part along a direction that R does not determine. */
function solveTransposed(R: Float64Array, n: number, g: readonly number[]): number {
  const size = Math.hypot(...g);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let left = g[i];
    for (let k = 0; k < i; k++) left -= R[k * n + i] * y[k];
    const pivot = R[i * n + i];
    if (Math.abs(pivot) > DEPENDENT) y[i] = left / pivot;
    else if (Math.abs(left) > LOST * size) return Infinity;
  }
  return Math.hypot(...y);
}
