/** Derivatives of a law's objective against finite differences. */
import { expect } from "vitest";
import { workspace } from "../../src/expr/evaluator.ts";
import { evaluator64 } from "../../src/expr/float64.ts";
import type { Program } from "../../src/expr/program.ts";
import type { BoundLaw } from "../../src/laws/bind.ts";
import { type Objective, residualProgram } from "../../src/laws/objective.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { pack, type Packed, tablesOf } from "../../src/solve/pack-tables.ts";
import { WRITTEN, writtenWeight } from "../expr/losses.ts";
import { namesOf, observe, runsOf, start } from "./fixture.ts";

export const DELTA = 0.02;
export const RESIDUALS = ["raw", "log", "relative"] as const;
export const H = 1e-5;

type Residuals = (theta: Float64Array) => Float64Array;

/** Residuals of the packed runs as a function of θ, from the program. */
function residualsOf(program: Program, packed: Packed): Residuals {
  const [code, values, tables] = [evaluator64(program), workspace(program), tablesOf(packed, 0)];
  return (theta) => {
    const out = new Float64Array(packed.order.length);
    code.fit(values, theta);
    for (let g = 0; g + 1 < packed.start.length; g++) {
      code.mix(values, tables, g);
      for (let run = packed.start[g]; run < packed.start[g + 1]; run++)
        out[run] = code.run(values, tables, run);
    }
    return out;
  };
}

/** Columns of the Jacobian by central differences. */
function jacobian(residuals: Residuals, theta: Float64Array): Float64Array[] {
  return Array.from(theta, (x, i) => {
    const [up, down] = [x + H, x - H].map((moved) => residuals(theta.with(i, moved)));
    return up.map((r, row) => (r - down[row]) / (2 * H));
  });
}

/** A law's runs, and what differences of its residuals give there, whatever the loss. */
export function differenced(law: BoundLaw, residual: Objective["residual"]) {
  const k = law.domains.length;
  const runs = runsOf(k, k > 10 ? 4 : 8);
  const theta = start(law);
  const losses = observe(law, runs, theta, 0.02).with(1, NaN);
  const program = residualProgram(law, residual);
  const packed = pack(program, runs, k, [losses]);
  const residuals = residualsOf(program, packed);
  const [r, J] = [residuals(theta), jacobian(residuals, theta)];
  return { law, program, packed, rows: runs.rows, theta, residuals, r, J };
}

export function check(differences: ReturnType<typeof differenced>, loss: Objective["loss"]): void {
  const { law, program, packed, rows, theta, residuals, r, J } = differences;
  const normal = new NormalEquations(program, packed, 0, { name: loss, delta: DELTA });
  const weights = packed.weights[0];
  const tau = 0.5;
  const objective = normal.evaluate(theta, tau);
  const mean = (f: (row: number) => number): number =>
    r.reduce((sum, _, row) => sum + weights[row] * f(row), 0) / (rows - 1);
  const { rho, psi } = WRITTEN[loss];
  expect(objective).toBeCloseTo(mean((i) => rho(r[i], DELTA)), 14); // prettier-ignore
  // residuals on both sides of δ are met
  expect(new Set([...r].map((x) => Math.abs(x) < DELTA)).size).toBe(2);

  const omega = r.map((x) => writtenWeight(loss, x, DELTA, tau));
  const weighted = J.map((column) => column.map((d, row) => (weights[row] * omega[row] * d) / (rows - 1))); // prettier-ignore
  const product = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let row = 0; row < a.length; row++) sum += a[row] * b[row];
    return sum;
  };
  const diagonal = J.map((column) => Math.sqrt(mean((row) => omega[row] * column[row] ** 2)));
  const wrong: string[] = []; // one assertion at the end: 10⁵ of them take seconds
  const compare = (what: string, value: number, expected: number, tolerance: number): void => {
    if (!(Math.abs(value - expected) <= tolerance))
      wrong.push(`${what} is ${value}, by differences ${expected}`);
  };
  for (let i = 0; i < law.size; i++) {
    // Central differences: truncation H²/6·r‴, with |r‴| ≲ 100·|∂r| here (logarithms of inputs span
    // ±1.2, u spans 3): 2e-9; rounding 2⁻⁵²·r/H: 1e-10 on columns of at least 1e-4 that matter. By
    // Cauchy–Schwarz 2·objective and the diagonal of H bound what an entry can be: the scale to
    // compare with.
    const slope = mean((row) => psi(r[row], DELTA) * J[i][row]);
    compare(
      `gradient ${namesOf(law)[i]}`,
      normal.gradient[i],
      slope,
      1e-7 * Math.sqrt(2 * objective) * diagonal[i] + 1e-11,
    );
    // Of large laws every seventh entry of a row, and the last ones.
    for (let j = 0; j <= i; j += law.size > 100 && j + 7 < i ? 7 : 1) {
      const expected = product(weighted[i], J[j]);
      const tolerance = 1e-7 * diagonal[i] * diagonal[j] + 1e-10 * (diagonal[i] + diagonal[j]);
      compare(
        `H ${namesOf(law)[i]} ${namesOf(law)[j]}`,
        normal.H[(i * (i + 1)) / 2 + j],
        expected,
        tolerance,
      );
    }
  }

  // The pull of r″ along a direction, from the second difference of residuals with a longer step:
  // rounding 4·2⁻⁵²·r/h² = 1e-8 for h = 3e-4, truncation h²/12·r⁗, of r″ by 1e-6; on the scale that
  // bounds it by Cauchy–Schwarz.
  const direction = theta.map((_, i) => [0.3, -0.2, 0.5, 0.1, -0.4][i % 5]);
  const h = 3e-4;
  const [up, down] = [h, -h].map((step) => residuals(theta.map((x, i) => x + step * direction[i])));
  const second = r.map((x, row) => (up[row] - 2 * x + down[row]) / (h * h));
  const spread = Math.sqrt(mean((row) => omega[row] * second[row] ** 2));
  const pull = normal.bend(theta, direction, tau) ?? new Float64Array();
  expect(pull.length).toBe(law.size);
  for (let i = 0; i < law.size; i++) {
    const expected = mean((row) => omega[row] * J[i][row] * second[row]);
    compare(
      `pull on ${namesOf(law)[i]}`,
      pull[i],
      expected,
      (1e-5 * spread + 1e-7) * diagonal[i] + 1e-9 * spread,
    );
  }
  expect(wrong).toEqual([]);
}
