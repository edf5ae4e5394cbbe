/**
 * Extremes of data through `fit` itself: every law of the catalog, tables that no ladder of runs is
 * like, and what can be asked of the fit afterwards.
 */
import { fc } from "../../support/property.ts";
import { summary } from "../../../src/cli/print/fit/summary.ts";
import { PLAIN } from "../../../src/cli/text/style.ts";
import { LOSSES } from "../../../src/expr/loss.ts";
import { CATALOG, optimize, predict, type Runs, toRuns } from "../../../src/node.ts";
import { RESIDUALS, SIGNS } from "../../../src/options/fit-options.ts";
import { reportOf } from "../../../src/report/report.ts";
import { reportHtml } from "../../../src/report/write-report.ts";
import { type Harness, harness } from "../harness.ts";
import { noLeak } from "../judge.ts";
import { engine } from "./fitted.ts";

/** A repeatable number from 0 to 1 for a row and a column. */
const noise = (row: number, column: number): number => {
  const x = Math.sin(row * 127.1 + column * 311.7) * 43758.5453;
  return x - Math.floor(x);
};

type OfRow = (row: number) => number;

/** Parameter or token counts. */
const COUNTS: Readonly<Record<string, OfRow>> = {
  ladder: (row) => 1e7 * 3 ** (row % 4),
  distinct: (row) => 1e7 * 1.5 ** row,
  constant: () => 1e8,
  "1 and 1e30": (row) => (row % 2 === 0 ? 1 : 1e30),
  "1e-300 and 1e300": (row) => (row % 2 === 0 ? 1e-300 : 1e300),
  "nearly equal": (row) => 1e8 * (1 + row * 1e-15),
};

/** Losses. */
const LOSS_COLUMNS: Readonly<Record<string, OfRow>> = {
  usual: (row) => 2 + 0.5 * 0.8 ** (row % 7) + 0.01 * noise(row, 1),
  noise: (row) => 2 + noise(row, 2),
  constant: () => 2.5,
  zero: () => 0,
  negative: (row) => -1 - noise(row, 3),
  "1e-300": (row) => 1e-300 * (1 + noise(row, 4)),
  "1e300": (row) => 1e300 * (1 + noise(row, 5)),
  "1e308": () => 1.7e308,
  "5e-324": () => 5e-324,
  "far apart": (row) => 10 ** (600 * noise(row, 6) - 300),
  signs: (row) => (row % 2 === 0 ? 1e10 : -1e10),
  "one outlier": (row) => (row === 0 ? 1e200 : 2 + noise(row, 7)),
};

/** Shares of `domains` domains. */
const SHARES: Readonly<Record<string, (row: number, domains: number) => number[]>> = {
  random: (row, domains) => Array.from({ length: domains }, (_, j) => 0.01 + noise(row, 20 + j)),
  "all one": (row, domains) =>
    Array.from({ length: domains }, (_, j) => (j === row % domains ? 1 : 0)),
  "always the first": (_, domains) => Array.from({ length: domains }, (__, j) => (j === 0 ? 1 : 0)),
  equal: (_, domains) => Array.from({ length: domains }, () => 1),
  "1e-300": (row, domains) =>
    Array.from({ length: domains }, (_, j) => (j === row % domains ? 1 : 1e-300)),
  collinear: (row, domains) =>
    Array.from({ length: domains }, (_, j) => (j % 2 === 0 ? 1 + noise(row, 40) : 2)),
  halves: (row, domains) =>
    Array.from({ length: domains }, (_, j) => ((row >> j) % 2 === 0 ? 1 : 2 ** -40)),
};

const WEIGHTS: Readonly<Record<string, OfRow>> = {
  "0 and 1": (row) => row % 2,
  "1e308": () => 1e308,
  "1e-308": () => 1e-308,
  mixed: (row) => 10 ** (600 * noise(row, 8) - 300),
  "one row": (row) => (row === 0 ? 1 : 0),
};
const SIGMAS: Readonly<Record<string, OfRow>> = {
  zero: () => 0,
  "1e-300": () => 1e-300,
  "1e300": () => 1e300,
  mixed: (row) => 10 ** (-3 * (row % 3)),
};

/** Whether the loss of a target is missing. */
const MISSING: Readonly<Record<string, (row: number, target: number) => boolean>> = {
  none: () => false,
  some: (row, target) => (row + target) % 3 === 0,
  "but one": (row, target) => target === 1 && row > 0,
  "no row has both": (row, target) => row % 2 === target,
};

const keyOf = (some: object): fc.Arbitrary<string> => fc.constantFrom(...Object.keys(some));
const maybe = (some: object): fc.Arbitrary<string | undefined> =>
  fc.option(keyOf(some), { nil: undefined, freq: 2 });

const table = fc.record({
  rows: fc.oneof(fc.constantFrom(1, 2, 3, 5, 6, 8, 19, 30), fc.integer({ min: 1, max: 40 })),
  domains: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(1, 2, 3, 5) }, { weight: 1, arbitrary: fc.constant(64) }), // prettier-ignore
  params: keyOf(COUNTS),
  tokens: fc.oneof(keyOf(COUNTS), fc.constant("as params")),
  losses: fc.tuple(keyOf(LOSS_COLUMNS), keyOf(LOSS_COLUMNS)),
  targets: fc.constantFrom(1, 1, 2),
  shares: keyOf(SHARES),
  missing: keyOf(MISSING),
  weights: maybe(WEIGHTS),
  sigmas: maybe(SIGMAS),
  repeated: fc.constantFrom(1, 1, 2),
  held: fc.boolean(),
});
type TableOf<T> = T extends fc.Arbitrary<infer U> ? U : never;

/** The table as runs, with every input that a law may read. */
export function runsOf(asked: TableOf<typeof table>): Runs {
  const { rows, domains, params, tokens, losses, targets, shares, missing, weights, sigmas, repeated, held } = asked; // prettier-ignore
  const at = (all: Readonly<Record<string, OfRow>>, key: string, row: number): number => all[key]?.(row) ?? 0; // prettier-ignore
  const records = Array.from({ length: rows * repeated }, (_, n) => {
    const row = n % rows;
    const raw = SHARES[shares]?.(row, domains) ?? [];
    const sum = raw.reduce((total, share) => total + share, 0);
    const size = at(COUNTS, params, row);
    const record: Record<string, number | string | null> = { run: `r${row}`, n_params: size };
    record["n_tokens"] = tokens === "as params" ? size : 20 * at(COUNTS, tokens, row);
    for (const [j, share] of raw.entries()) record[`h_d${j}`] = share / sum;
    for (let t = 0; t < targets; t++)
      record[`loss_${t}`] = MISSING[missing](row, t) ? null : at(LOSS_COLUMNS, losses[t] ?? "", row); // prettier-ignore
    if (weights !== undefined) record["w"] = at(WEIGHTS, weights, row);
    if (sigmas !== undefined) record["sd"] = at(SIGMAS, sigmas, row);
    for (const name of INPUTS) record[name] ??= 1 + (row % 5) * 0.5;
    return record;
  });
  return toRuns(records, {
    units: "absolute",
    group: "run",
    ...(held ? { test: "run in ('r1', 'r4')", where: "not (run in ('r1', 'r4'))" } : {}),
    targets: "loss_*",
    ...(weights === undefined ? {} : { rowWeights: "w" }),
    ...(sigmas === undefined ? {} : { sigma: "sd" }),
    inputs: Object.fromEntries(INPUTS.map((name) => [name, name])),
  });
}

const INPUTS = [...new Set([...CATALOG.values()].flatMap(({ uses }) => (uses.inputs ?? []).map(({ name }) => name)))]; // prettier-ignore

const options = fc.record(
  {
    loss: fc.constantFrom(...LOSSES),
    delta: fc.constantFrom(1e-300, 1e-3, 1e300, 1),
    residual: fc.constantFrom(...RESIDUALS),
    signs: fc.constantFrom(...SIGNS),
    bootstrap: fc.constantFrom(2, 4),
    resampling: fc.constantFrom("multinomial" as const, "bayesian" as const),
    backtest: fc.boolean(),
    profile: fc.constantFrom(["alpha"], ["E"], ["C"]),
  },
  { requiredKeys: [] },
);

const USES = ["fit", "fit", "predict", "optimize", "validate", "report", "print"] as const;
const SECONDS = 60;

const extremes = harness(
  "extremes",
  fc.record({ law: fc.constantFrom(...CATALOG.keys()), table, options, use: fc.constantFrom(...USES) }), // prettier-ignore
  async ({ law: name, table: asked, options: how, use }) => {
    const law = CATALOG.get(name);
    if (law === undefined) return 0;
    const runs = runsOf(asked);
    if (use === "validate") {
      const { bootstrap: _, resampling: __, profile: ___, ...rest } = how;
      return engine.validate(law, runs, { restarts: 2, folds: 2, by: "row", ...rest });
    }
    const file = await engine.fit(law, runs, { restarts: 3, backtest: false, ...how });
    if (use === "fit") return file;
    if (use === "predict") return predict(file, runs).map(({ values }) => values);
    if (use === "optimize") return optimize(file, { params: 1e9, tokens: 2e10, samples: 64, units: "absolute", inputs: Object.fromEntries((law.uses.inputs ?? []).map(({ name: input }) => [input, 1.5])) }); // prettier-ignore
    if (use === "report") return noLeak(reportHtml(await reportOf(file, []), ""), asked);
    const { fits } = file;
    noLeak(summary(file, { width: 100, style: PLAIN, charts: true, parameters: true }, runs), asked); // prettier-ignore
    return fits.length;
  },
  SECONDS,
);

export const HARNESSES: readonly Harness[] = [extremes];
