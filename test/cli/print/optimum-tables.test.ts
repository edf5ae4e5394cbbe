import { describe, expect, test } from "vitest";
import { optimumTables } from "../../../src/cli/print/optimum/optimum-tables.ts";
import { style } from "../../../src/cli/io/output.ts";
import { rowsCsv } from "../../../src/data/write/row-table.ts";
import { rowsOf } from "../../../src/cli/print/optimum/format-optimum.ts";
import { pathRows, pathTable } from "../../../src/cli/print/optimum/path-table.ts";
import type { PathRow } from "../../../src/mixture/at-scale.ts";
import { optimum } from "../../mixture/sample-optimum.ts";

const options = { width: 110, style: style({}), charts: false, source: "fit.json" };

/** Numbers in columns, nothing beyond the width. */
const narrow = (text: string): void =>
  expect(text.split("\n").filter((line) => Array.from(line).length > 110)).toEqual([]);

describe("an optimum", () => {
  test("is a heading, two tables and sentences", () => {
    expect(optimumTables(optimum(), options)).toBe(
      `fit.json · joint law
minimizes the mean of loss_web and loss_code
at N 7B, D 140B (20 tokens per parameter)

domain  share %  near-optimal %  tokens  epochs
───────────────────────────────────────────────────────
web       75.00   70.00 … 80.00    105B     5.0  over 4
code      25.00   20.00 … 30.00     35B       –

                         uniform
predicted  optimum      loss    gain
──────────────────    ──────────────
loss_web    2.5000    2.6000  0.1000
loss_code   2.0000    2.4000  0.4000
objective   2.2500    2.5000  0.2500

Near-optimal: the shares of mixtures whose objective is within 0.0010 of the best. web against code can be
exchanged almost freely.
Global optimum: the objective and the constraints are convex, so no allowed mixture is better by the law
(stationarity 1e-11, feasibility 0, complementarity 0).
None of 65,536 random mixtures is better; the best of them is 0.010 worse.
It is a blend of mixtures that were trained: an interpolation.
Over 4 epochs (web): repeats begin to be worth less than new data (Muennighoff et al. 2023), which the law
does not know.`,
    );
  });

  test("of phases shows the shares in each, and how much they change", () => {
    const phase = (name: string, fraction: number, web: number) => ({
      name,
      fraction,
      tokens: fraction * 140e9,
      weights: { web, code: 1 - web },
    });
    const phases = {
      each: [phase("main", 0.75, 0.8), phase("anneal", 0.25, 0.6)],
      mean: { web: 0.75, code: 0.25 },
      epochs: { web: 5, code: null },
      change: 0.4,
    };
    const printed = optimumTables({ ...optimum(), phases }, options);
    narrow(printed);
    expect(printed).toContain(`domain  main %  anneal %  mean %  epochs
────────────────────────────────────────
web      80.00     60.00   75.00     5.0
code     20.00     40.00   25.00       –

main 75 % of the tokens (105B), anneal 25 % of the tokens (35B). From one to the next shares change by 20.00 %
of the data.

domain  % of all tokens  near`);
  });

  test("shows a reference beside the uniform mixture, the lattice and what each constraint costs", () => {
    const text = optimumTables(
      optimum({
        goal: { loss_web: 2, loss_code: 1 },
        laws: { loss_web: "joint", loss_code: "additive" },
        at: { params: null, tokens: null },
        allocation: null,
        reference: {
          weights: { web: 0.9, code: 0.1 },
          objective: 2.3,
          predicted: { loss_web: 2.50001, loss_code: 2.2 },
        },
        lattice: { denominator: 8, units: { web: 6, code: 2 }, cost: 0.00012, exact: true },
        active: [
          { constraint: "cap web ≤ 75 %", perPercent: 0.0012, perEpoch: null },
          { constraint: "available code: 4 epochs", perPercent: 0.003, perEpoch: 0.02 },
          { constraint: "floor code ≥ 25 %", perPercent: 0.001, perEpoch: null },
          { constraint: "fix code = 25 %", perPercent: 0.001, perEpoch: null },
          { constraint: "trust l1 ≤ 0.2", perPercent: 0.001, perEpoch: null },
        ],
        sharpness: {
          epsilon: 1e-5,
          ranges: { web: [0.74, 0.76], code: [0.24, 0.26] },
          trade: "web against code",
        },
        monteCarlo: { samples: 1000, feasible: 12, best: null },
        certificate: {
          stationarity: 1e-3,
          feasibility: 0,
          complementarity: 0,
          curvature: null,
          certified: false,
        },
        reach: { insideHull: false, hullDistance: 0.1, nearestDistance: 0.2 },
        verdict: {
          status: "not-certified",
          findings: [
            { code: "outside-trained-mixtures", sentence: "it is an extrapolation" },
            { code: "held-out-error", sentence: "2 % on 9 runs" },
          ],
        },
      }),
      options,
    );
    expect(text).toContain(
      "fit.json · joint (loss_web), additive (loss_code)\nminimizes 0.667 × loss_web + 0.333 × loss_code\n\ndomain  share %  of 8  near-optimal %  reference %\n",
    );
    expect(text).toMatch(/^web +75\.00 +6 +74\.00 … 76\.00 +90\.00$/m);
    expect(text).toMatch(/^ +uniform +reference\npredicted +optimum +loss +gain +loss +gain$/m);
    expect(text).toMatch(/^loss_web +2\.5000 +2\.6000 +0\.1000 +2\.5000 +1\.0e-5$/m);
    expect(text).toContain(
      "within 1.0e-5 of the best. The widest trade is web\nagainst code, over 2.00 points.",
    );
    for (const line of [
      "cap web ≤ 75 %: one more percent would gain 0.0012.",
      "available code: 4 epochs: one more percent would gain 0.0030, one more epoch 0.020.",
      "floor code ≥ 25 %: one percent less would gain 0.0010.",
      "fix code = 25 %: one percent of leeway would gain 0.0010.",
      "trust l1 ≤ 0.2: 0.01 more would gain 0.0010.",
    ])
      expect(text.split("\n")).toContain(line);
    expect(text).toContain("The best mixture of multiples of 1/8; that costs 1.2e-4.");
    expect(text).toContain("Not certified as an optimum: stationarity 0.001,");
    expect(text).toContain("None of 1,000 random mixtures (12 of them feasible) is better.");
    expect(text).not.toContain("It is a blend");
    expect(text).toMatch(/^warning: it is an extrapolation$/m);
    expect(text).toMatch(/^note: 2 % on 9 runs$/m);
    narrow(text);
  });

  test("says why a mixture that is not allowed can be better", () => {
    const worse = { ...optimum().uniform, objective: 2 };
    expect(optimumTables(optimum({ uniform: worse, reference: worse }), options)).toContain(
      "the uniform mixture breaks the constraints.",
    );
    expect(optimumTables(optimum(), options)).not.toContain("breaks");
  });
});

describe("a path", () => {
  const row = (params: number, web: number, over: Partial<PathRow> = {}): PathRow => ({
    params,
    tokens: 20 * params,
    flops: 120 * params ** 2,
    outside: [],
    optimum: optimum({ weights: { web, code: 1 - web } }),
    ...over,
  });

  test("is a table with a row a point, marks and the limit", () => {
    const rows = [row(1e9, 0.5), row(7e9, 0.625, { outside: ["params", "tokens"] })];
    expect(
      pathTable(
        {
          rows,
          limit: optimum({ weights: { web: 0.7, code: 0.3 }, objective: 2 }),
          scaleFree: false,
        },
        options,
      ),
    ).toBe(
      `fit.json · joint law
minimizes the mean of loss_web and loss_code

                                        shares, %
  N      D  D/N    FLOPs  objective      web   code
───────────────────────────────────    ────────────
1B    20B    20  1.20e20     2.2500    50.00  50.00
7B*  140B*   20  5.88e21     2.2500    62.50  37.50
→ ∞                          2.0000    70.00  30.00

*: outside the range of the training runs, an extrapolation.
Every row is a global optimum, proved.`,
    );
  });

  test("without N has no column of it, and says when scale does not matter", () => {
    const rows = [row(1e9, 0.5, { params: null, flops: null })];
    const text = pathTable({ rows, limit: null, scaleFree: true }, options);
    expect(text).toContain("The optimum does not depend on scale");
    expect(rowsCsv(pathRows(rows))).toBe(
      "n_params,n_tokens,flops,objective,pred_loss_web,pred_loss_code,h_web,h_code\n,20000000000,,2.25,2.5,2,0.5,0.5\n",
    );
  });

  test("of many domains has them one under the other, and the points side by side", () => {
    const weights = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`domain${i + 1}`, 1 / 40]),
    );
    const text = pathTable(
      { rows: [row(1e9, 0.5, { optimum: optimum({ weights }) })], limit: null, scaleFree: false },
      options,
    );
    expect(text).toContain("N               1B\n");
    for (const name of Object.keys(weights))
      expect(text).toMatch(new RegExp(`^${name} +2\\.50$`, "m"));
    narrow(text);
  });
});

test("of an optimum of phases, a named one is what a table has", () => {
  const whole = optimum();
  const main = { name: "main", fraction: 0.8, tokens: 8e9, weights: { web: 0.3, code: 0.7 } };
  const phases = { each: [main], mean: main.weights, epochs: {}, change: 0 };
  const answer = { kind: "one", optimum: { ...whole, allocation: null, phases } } as const;
  const shares = (phase?: string) => rowsOf(answer, phase).rows.map(([, share]) => share);
  expect([shares("main"), shares()]).toEqual([[0.3, 0.7], [0.75, 0.25]]); // prettier-ignore
});
