import { describe, expect, test } from "vitest";
import { gradient } from "../../src/expr/derivatives.ts";
import { evaluate } from "../../src/expr/float64.ts";
import { LOSSES } from "../../src/expr/loss.ts";
import { Interner } from "../../src/expr/simplify.ts";
import { weight } from "../../src/expr/graph.ts";
import { residualProgram } from "../../src/laws/objective.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { pack } from "../../src/solve/pack-tables.ts";
import { check, DELTA, differenced, H, RESIDUALS } from "./differences.ts";
import { bindings, huber, leafAt, observe, runsOf, start, namesOf } from "./fixture.ts";

describe("gradient and Gauss–Newton matrix meet finite differences", () => {
  // A loss knows a residual's value alone, not what it is of: all losses on one kind of residual
  // and one number of domains do.
  test.each(bindings(2))("%s", (_, law) => {
    for (const residual of RESIDUALS) {
      const differences = differenced(law, residual);
      for (const loss of residual === "raw" ? LOSSES : ["huber" as const]) check(differences, loss);
    }
  });

  const mixed = bindings(1, 7).filter(([, law]) => law.law.uses.weights);
  // The logarithm has derivatives of every order; derivatives.slow.test.ts has the other residuals.
  test.each(mixed)("%s", (_, law) => check(differenced(law, "log"), "huber"));
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
