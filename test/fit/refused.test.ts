/** Data and options that a fit refuses, before it has cost time. */
import { LOSSES } from "../../src/expr/loss.ts";
import { expect, test } from "vitest";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { InputError } from "../../src/base/errors.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import type { Law } from "../../src/laws/law.ts";
import type { FitOptions, Progress } from "../../src/options/fit-options.ts";
import { cpuEngine } from "./engines.ts";
import { draw } from "./fixture.ts";

const engine = await cpuEngine();
const { runs } = draw(laws.additive, { domains: 2, noise: 3e-3, targets: 2 });
const { train } = runs;
const { params, tokens } = train.inputs;
const withTrain = (change: Partial<Runs["train"]>): Runs => ({
  ...runs,
  source: "runs.csv",
  train: { ...train, ...change },
});
const hole = (row: number, value: number): Float64Array =>
  train.losses[1].map((y, i) => (i === row ? value : y));
const few = train.losses.map((y, t) => y.map((v, i) => (t === 0 || i < 8 ? v : NaN)));
const one = train.losses.map((y, t) => y.map((v, i) => (t === 0 || i < 1 ? v : NaN)));

const { losses: [whole] } = train; // prettier-ignore
const lone = (losses: Float64Array): Runs => ({
  ...withTrain({ losses: [losses] }),
  targets: ["loss_t1"],
});

test.each<[string, Law | readonly Law[], Runs, FitOptions, RegExp, object]>([
  ["no N", laws.additive, withTrain({ inputs: { tokens } }), {}, /^runs\.csv has no params column \(n_params\), which the law additive needs\. Name it with ‘params: COL’/, { file: "runs.csv", option: "params" }],
  ["no D", laws.chinchilla, withTrain({ inputs: { params } }), {}, /no tokens column \(n_tokens\).*‘tokens: COL’/, { option: "tokens" }],
  ["no weights", laws.mixture, { ...withTrain({ weights: new Float64Array() }), domains: [] }, {}, /no mixture weights \(columns h_\*\), which the law mixture needs/, { option: "weights" }],
  ["too few rows", laws.additive, lone(few[1]), {}, /^loss_t1 has 8 rows to fit, but the law additive over 2 domains has 9 parameters\. Add runs, or choose a smaller law/, { column: "loss_t1" }],
  ["a single row", laws.additive, lone(one[1]), {}, /^loss_t1 has 1 row to fit/, { column: "loss_t1" }],
  ["a loss of 0 and a log residual", laws.chinchilla, lone(hole(4, 0)), { residual: "log" }, /row 5, column loss_t1: the loss is 0, and ‘residual: log’ needs positive losses/, { row: 5, column: "loss_t1" }],
  ["a negative loss and a relative residual", laws.chinchilla, lone(hole(0, -1)), { residual: "relative" }, /row 1, .*the loss is -1, and ‘residual: relative’/, { row: 1 }],
  ["too few rows for both laws", [laws.additive, laws.full], lone(few[1]), {}, /^loss_t1 has 8 rows to fit, but the law additive/, { column: "loss_t1" }],
  ["a corner of 0", laws.chinchilla, runs, { delta: 0 }, /‘delta’ is 0; the corner of the Huber loss or scale of the Cauchy loss must be a positive number/, { option: "delta" }],
  ["no restarts", laws.chinchilla, runs, { restarts: 0 }, /‘restarts’ is 0; it must be a whole number from 1 to 1048576/, { option: "restarts" }],
  ["half a restart", laws.chinchilla, runs, { restarts: 1.5 }, /‘restarts’ is 1\.5/, { option: "restarts" }],
  ["a seed that is no whole number", laws.chinchilla, runs, { seed: 0.5 }, /‘seed’ is 0\.5; it must be a whole number/, { option: "seed" }],
])("%s", async (_, law, data, options, message, where) => {
  const told: Progress[] = [];
  const fit = (): Promise<unknown> => engine.fit(law, data, { restarts: 2, ...options, onProgress: (p) => void told.push(p) });
  await expect(fit()).rejects.toThrow(message);
  await expect(fit()).rejects.toBeInstanceOf(InputError);
  await expect(fit()).rejects.toMatchObject({ where });
  expect(told).toEqual([]);
}); // prettier-ignore

test.each<[string, readonly Law[], Runs, FitOptions, string, RegExp]>([
  ["too few rows of one target", [laws.additive], withTrain({ losses: few }), {}, "additive", /^loss_t1 has 8 rows to fit, but the law additive/],
  ["too few rows for the second law", [laws.chinchilla, laws.full], withTrain({ losses: few }), {}, "full", /^loss_t1 has 8 rows to fit, but the law full/],
  ["a loss of 0 and a log residual", [laws.chinchilla], withTrain({ losses: [whole, hole(4, 0)] }), { residual: "log" }, "chinchilla", /row 5, column loss_t1: the loss is 0/],
])("%s costs the others nothing", async (_, some, data, options, law, message) => {
  const file = await engine.fit(some, data, { restarts: 2, ...options });
  expect(file.failed).toMatchObject([{ law, target: "loss_t1", findings: [{ code: "data-refused" }] }]);
  expect(file.failed?.[0].findings[0].sentence).toMatch(message);
  expect(file.fits.length).toBe(2 * some.length - 1);
  // The others are fitted as they are alone.
  const alone = { ...data, targets: ["loss_t0"], train: { ...data.train, losses: [whole] } };
  const [first] = (await engine.fit(some, alone, { restarts: 2, ...options })).fits;
  expect(file.fits[0]).toEqual(first);
}); // prettier-ignore

test("options of a program without types are checked too", async () => {
  const odd = { loss: "absolute" } as unknown as FitOptions;
  await expect(engine.fit(laws.chinchilla, runs, odd)).rejects.toThrow(
    `‘loss’ is "absolute"; it must be one of ${LOSSES.join(", ")}.`,
  );
});

test("a raw residual takes losses of any sign, and seeds of any sign fit", async () => {
  const low = withTrain({ losses: train.losses.map((y) => y.map((v) => v - 3)) });
  const file = await engine.fit(laws.chinchilla, low, { restarts: 4, seed: -7 });
  expect(file.fits.every((f) => Number.isFinite(f.objective))).toBe(true);
});
