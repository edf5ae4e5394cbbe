/** What the harnesses of fits share: an engine on one thread, and real fit files and optima. */
import { toRuns } from "../../../src/data/runs/runs.ts";
import { tableOf } from "../../../src/data/table/rows.ts";
import { type FitFile, laws, lawFromFormula, openEngine, type Optimum } from "../../../src/node.ts";
import { ROWS } from "../seeds.ts";

/** Where fits compute: float64 on one thread, unless MIXLAW_FUZZ_BACKEND says webgpu. */
const BACKEND = process.env["MIXLAW_FUZZ_BACKEND"] === "webgpu" ? "webgpu" : "cpu";
export const engine = await openEngine({ backend: BACKEND, threads: 1 });

const seedRuns = toRuns(tableOf(ROWS, "runs.csv"), {});
export const RUNS = seedRuns;

const QUICK = { restarts: 4, bootstrap: 20, seed: 1 } as const;
const line = lawFromFormula("L = E + A/params^alpha + c*x", { name: "line", inputs: ["x"] });
const withInput = tableOf(
  ROWS.map((row, i) => ({ ...row, x: i % 5 })),
  "runs.csv",
);

/** As the file is read back. */
const asRead = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Real fit files: two laws with a bootstrap and back-tests; a formula with a fixed parameter. */
export const FIT_FILES: readonly FitFile[] = [
  asRead(await engine.fit([laws.simple, laws.chinchilla], seedRuns, { ...QUICK, backtest: true })),
  asRead(await engine.fit(line, toRuns(withInput, { targets: "loss_a", inputs: { x: "x" } }), { ...QUICK, fix: { alpha: 0.2 }, rows: false, bootstrap: 0 })), // prettier-ignore
];

export const AT = { params: 4e7, tokens: 4e9, law: "simple", samples: 64 } as const;

/** The optimum of the first of them. */
export const OPTIMUM: Optimum = asRead(await engine.optimize(FIT_FILES[0], AT));
