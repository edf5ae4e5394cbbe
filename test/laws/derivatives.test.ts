import { describe, expect, test } from "vitest";
import { gradient } from "../../src/expr/derivatives.ts";
import { workspace } from "../../src/expr/evaluator.ts";
import { evaluate, evaluator64 } from "../../src/expr/float64.ts";
import { LOSSES } from "../../src/expr/loss.ts";
import type { Program } from "../../src/expr/program.ts";
import { Interner } from "../../src/expr/simplify.ts";
import { weight } from "../../src/expr/graph.ts";
import type { BoundLaw } from "../../src/laws/bind.ts";
import { type Objective, residualProgram } from "../../src/laws/objective.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { pack, type Packed, tablesOf } from "../../src/solve/pack-tables.ts";
import { WRITTEN, writtenWeight } from "../expr/losses.ts";
import { bindings, huber, leafAt, observe, runsOf, start, namesOf } from "./fixture.ts";

const DELTA = 0.02;
const RESIDUALS = ["raw", "log", "relative"] as const;
const H = 1e-5;

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
function differenced(law: BoundLaw, residual: Objective["residual"]) {
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

function check(differences: ReturnType<typeof differenced>, loss: Objective["loss"]): void {
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

describe("gradient and Gauss–Newton matrix meet finite differences", () => {
  test.each(bindings(1, 2, 7))("%s", (_, law) => {
    // A loss knows a residual's value alone, not what it is of: all losses on one kind do.
    for (const residual of RESIDUALS) {
      const differences = differenced(law, residual);
      for (const loss of residual === "raw" ? LOSSES : ["huber" as const]) check(differences, loss);
    }
  });

  test.each(bindings(64).filter(([name]) => name.includes("free")))("%s", (_, law) => {
    check(differenced(law, law.law.name === "additive" ? "relative" : "log"), "huber");
  });
});

describe("the objective's gradient is the derivative of the objective", () => {
  test.each(bindings(3))("%s", (_, law) => {
    const runs = runsOf(3, 8);
    const theta = start(law);
    const program = residualProgram(law, "raw");
    const normal = new NormalEquations(
      program,
      pack(program, runs, 3, [observe(law, runs, theta, 0.02)]),
      0,
      huber(DELTA),
    );
    normal.evaluate(theta);
    const [exact, H2] = [normal.gradient.slice(), normal.H.slice()];
    for (let i = 0; i < law.size; i++) {
      const [up, down] = [1, -1].map((sign) => normal.evaluate(theta.with(i, theta[i] + sign * H)));
      // The objective is C¹: where a run crosses the corner within H the difference is off by
      // H·∂r²/2 of one run's share, 1e-5 of the diagonal.
      const tolerance = 1e-5 * H2[(i * (i + 3)) / 2] + 1e-9;
      expect(Math.abs((up - down) / (2 * H) - exact[i]), namesOf(law)[i]).toBeLessThan(tolerance);
    }
  });
});

describe("derivatives in the mixture weights meet finite differences", () => {
  test.each(bindings(1, 2, 7).filter(([, law]) => law.law.uses.weights))("%s", (_, law) => {
    const k = law.domains.length;
    const runs = runsOf(k, 4, 3);
    const theta = start(law);
    const interner = new Interner();
    const root = interner.canonical(law.loss);
    const shares = law.domains.map((domain, i) => interner.canonical(weight(i, domain)));
    const slopes = gradient(root, shares, interner);
    for (let row = 0; row < runs.rows; row += 2) {
      const at = leafAt(runs, k, row, theta);
      const exact = evaluate(slopes, at);
      for (const [i, share] of shares.entries()) {
        const h = at(share);
        if (h === 0) continue;
        // hᵞ varies on the scale of h; the power means on a scale of 1.
        const step = 1e-5 * h;
        const f = (x: number): number =>
          evaluate([root], (leaf) => (leaf === share ? x : at(leaf)))[0];
        const slope = (f(h + step) - f(h - step)) / (2 * step);
        // Rounding: a few times 2⁻⁵²·L/step = 1e-10/h.
        expect(Math.abs(slope - exact[i]), `row ${row}, ${law.domains[i]}`).toBeLessThan(
          1e-8 * Math.abs(exact[i]) + 3e-10 / h,
        );
      }
    }
  });
});

describe("a share of 0", () => {
  test.each(bindings(4).filter(([, law]) => namesOf(law).includes("lnC[d1]")))(
    "%s: lnC and γ of an absent domain have no effect at all",
    (_, law) => {
      const runs = {
        ...runsOf(4, 2),
        weights: Float64Array.from({ length: 24 }, (__, i) => [0.5, 0, 0.5, 0][i % 4]),
      };
      const theta = start(law);
      const program = residualProgram(law, "raw");
      const losses = new Float64Array(6).fill(2.5);
      const normal = new NormalEquations(
        program,
        pack(program, runs, 4, [losses]),
        0,
        huber(DELTA),
      );
      const before = normal.evaluate(theta);
      for (const name of ["lnC[d1]", "gamma[d1]", "lnC[d3]", "gamma[d3]"]) {
        const i = namesOf(law).indexOf(name);
        expect(normal.gradient[i]).toBe(0);
        for (let j = 0; j < law.size; j++) {
          const [high, low] = [Math.max(i, j), Math.min(i, j)];
          expect(normal.H[(high * (high + 1)) / 2 + low]).toBe(0);
        }
        for (const value of [law.lower[i], law.upper[i]])
          expect(
            new NormalEquations(program, normal.packed, 0, huber(DELTA)).evaluate(
              theta.with(i, value),
            ),
          ).toBe(before);
      }
    },
  );

  test.each(bindings(4))("%s: nothing is NaN at the corners of the box", (_, law) => {
    const runs = runsOf(4, 8);
    const program = residualProgram(law, "raw");
    const normal = new NormalEquations(
      program,
      pack(program, runs, 4, [new Float64Array(runs.rows).fill(2.5)]),
      0,
      huber(DELTA),
    );
    for (const side of [law.lower, law.upper]) {
      const other = side === law.lower ? law.upper : law.lower;
      const theta = side.map((x, i) => Math.max(-60, Math.min(60, i % 3 === 0 ? other[i] : x)));
      expect(normal.evaluate(theta)).not.toBeNaN();
    }
  });
});
