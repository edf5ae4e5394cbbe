/** Runs with phases, drawn from laws of each phase and of their mean. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { firstOf } from "../../src/base/known.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { predict } from "../../src/fit/predict.ts";
import { CATALOG, laws, lawNamed } from "../../src/laws/catalog/catalog.ts";
import { byPhase } from "../../src/laws/by-phase.ts";
import type { Law } from "../../src/laws/law.ts";
import { drawTruth, type Truth } from "../../src/simulate/draw-truth.ts";
import type { Design } from "../../src/simulate/run-design.ts";
import { type Simulated, simulate } from "../../src/simulate/simulate.ts";
import type { SimulatedPhases } from "../../src/simulate/simulated-phases.ts";
import { cpuEngine } from "../fit/engines.ts";

const SIGMA = 0.005;
const domains = ["web", "code"];
const targets = ["loss_web"];
const phases = { main: 0.8, anneal: "rest" };
const design: Design = { domains, targets, sizes: [1e8], tokens: [2e9], mixtures: 60, phases };
const BY_PHASE = [...CATALOG.values()].flatMap((law) => byPhase(law) ?? []);

const truthOf = (law: Law, sigma: number, over: object = {}): Truth =>
  drawTruth(law, domains, targets, { signs: "positive", seed: 3, phases, noise: { kind: "lognormal", sigma }, ...over }); // prettier-ignore
const column = ({ columns, rows }: Simulated, name: string): number[] =>
  rows.map((row) => row[columns.indexOf(name)] ?? NaN);

/** What `mixlaw fit --phases main=0.8,anneal=rest` reads of the table. */
async function read({ columns, rows }: Simulated): Promise<Runs> {
  const text = `${columns.join()}\n${rows.map((row) => row.join()).join("\n")}\n`;
  const table = await parseTable(new TextEncoder().encode(text), "csv", "simulated.csv");
  return toRuns(table, {
    phases,
    need: {
      params: true,
      tokens: true,
      weights: true,
      inputs: [],
      supply: columns.includes("u_web"),
    },
  });
}

test("each phase has mixtures of its own, equal shares first, and each row is a run", () => {
  const twice = { ...design, tokens: [1e9, 2e9] };
  const runs = simulate(laws.logLinear, truthOf(laws.logLinear, 0), twice);
  expect(runs.columns.join(" ")).toBe(
    "mixture_id run_id n_params n_tokens main_web main_code anneal_web anneal_code loss_web",
  );
  expect(column(runs, "run_id")).toEqual(runs.rows.map((_, row) => row));
  const [main, anneal] = ["main", "anneal"].map((phase) => column(runs, `${phase}_web`));
  expect([main?.[0], anneal?.[0]]).toEqual([0.5, 0.5]);
  expect(main?.filter((share, row) => share === anneal?.[row]).length).toBeLessThan(6);
  for (const [row, share] of (main ?? []).entries())
    expect(share + (column(runs, "main_code")[row] ?? NaN)).toBeCloseTo(1, 12);
});

test("the first phase has the mixtures of runs without phases", () => {
  const { phases: _, ...whole } = design;
  const one = simulate(laws.logLinear, truthOf(laws.logLinear, 0, { phases: undefined }), whole);
  const two = simulate(laws.logLinear, truthOf(laws.logLinear, 0), design);
  expect(column(two, "main_web")).toEqual(column(one, "h_web"));
});

test("losses are the law's, by hand: of each phase, and of the mean weighted by tokens", () => {
  const law = byPhase(laws.logLinear) as Law;
  const truth = truthOf(law, 0);
  const runs = simulate(law, truth, design);
  const p = truth.targets[0]?.parameters as Record<string, number> & { t: Record<string, number> };
  const mean = truthOf(laws.logLinear, 0);
  const ofMean = simulate(laws.logLinear, mean, design);
  const q = mean.targets[0]?.parameters as typeof p;
  for (const row of runs.rows.keys()) {
    const share = (name: string): number => column(runs, name)[row] ?? NaN;
    const cells = {
      "main/web": 0.8 * share("main_web"),
      "main/code": 0.8 * share("main_code"),
      "anneal/web": 0.2 * share("anneal_web"),
      "anneal/code": 0.2 * share("anneal_code"),
    };
    const exponent = Object.entries(cells).reduce((sum, [cell, h]) => sum + (p.t[cell] ?? NaN) * h, 0); // prettier-ignore
    expect(column(runs, "loss_web")[row]).toBeCloseTo(p["E"] + Math.exp(exponent), 6);
    const web = cells["main/web"] + cells["anneal/web"];
    const own = (q.t["web"] ?? NaN) * web + (q.t["code"] ?? NaN) * (1 - web);
    expect(column(ofMean, "loss_web")[row]).toBeCloseTo(q["E"] + Math.exp(own), 6);
  }
});

describe.each(BY_PHASE)("runs of $name", (law) => {
  test("have losses of about 2 to 4 nats", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const losses = column(simulate(law, truthOf(law, 0, { seed }), design), "loss_web");
      expect(Math.min(...losses)).toBeGreaterThan(1.4);
      expect(Math.max(...losses)).toBeLessThan(6);
    }
  });
});

describe("a fit of the simulated runs", async () => {
  const engine = await cpuEngine();
  test.each(["log-linear-by-phase", "epochs-by-phase", "epochs"])(
    "by %s comes back to the noise",
    async (name) => {
      const law = lawNamed(name) as Law;
      const truth = truthOf(law, SIGMA);
      const noisy = await read(simulate(law, truth, design));
      const exact = simulate(law, truthOf(law, 0), design);
      const file = await engine.fit(law, noisy, { restarts: 16, loss: "squared" });
      const { values } = firstOf(predict(file, noisy));
      const n = values.length;
      const p = Object.keys(file.fits[0]?.coordinates ?? {}).length;
      const losses = column(exact, "loss_web");
      const squares = values.reduce((sum, v, row) => sum + (v / (losses[row] ?? NaN) - 1) ** 2, 0);
      // √(p/n) of the noise, and half as much again for a scatter of draws
      expect(Math.sqrt(squares / n)).toBeLessThan(1.5 * SIGMA * Math.sqrt(p / n));
    },
  );
});

test("a truth of each phase is of the phases that it was drawn for", () => {
  const law = byPhase(laws.epochs) as Law;
  const truth = JSON.parse(JSON.stringify(truthOf(law, 0))) as Truth;
  expect(truth.phases).toEqual(phases);
  expect(() => simulate(law, truth, { ...design, phases: { early: 0.5, late: 0.5 } })).toThrow(
    "the truth has no coordinate alpha[early/web] for loss_web: its domains are web, code, its phases main, anneal",
  );
  expect(() => truthOf(law, 0, { phases: undefined })).toThrow(
    /epochs-by-phase reads each phase: name them/,
  );
});

test.each<[SimulatedPhases, RegExp]>([
  [{ main: 0.8 }, /main is one phase/],
  [{ main: 0.8, anneal: 0.3 }, /0\.8 and 0\.3 of the tokens; they must be above 0 and sum to 1/],
  [{ main: 1, anneal: "rest" }, /1 and 0 of the tokens/],
  [{ main: "rest", anneal: "rest" }, /"rest" of more than one phase/],
  [{ main: "main_part", anneal: "rest" }, /says "main_part" of main/],
  [{ mixture: 0.5, anneal: "rest" }, /the column mixture_id begins with its name too/],
  [{ a: 0.5, a_b: "rest" }, /the column a_b_web begins with its name too/],
  [{ "a b": 0.5, c: "rest" }, /"a b" is no name for a column/],
])("phases %j are refused", (asked, message) => {
  const attempt = (): unknown =>
    simulate(laws.logLinear, truthOf(laws.logLinear, 0), { ...design, phases: asked });
  expect(attempt).toThrow(InputError);
  expect(attempt).toThrow(message);
});

test("phases and domains that give two shares one column are refused", () => {
  const named = { ...design, domains: ["b_c", "c"], phases: { a: 0.5, a_b: "rest" } };
  const { phases: asked } = named;
  const noise = { kind: "lognormal", sigma: 0 } as const;
  const law = laws.logLinear;
  const truth = drawTruth(law, named.domains, targets, { signs: "positive", seed: 1, noise, phases: asked }); // prettier-ignore
  expect(() => simulate(law, truth, named)).toThrow(/a,a_b give two shares one column/);
});
