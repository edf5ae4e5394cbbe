/** How long fits and optima over many domains take. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { firstOf } from "../../src/base/known.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import type { Law } from "../../src/laws/law.ts";
import { laws, openEngine, readTable } from "../../src/node.ts";
import { clocked, type Seconds } from "../clock.ts";
import { domainsOf, drawnRuns, truthOf } from "./drawn-runs.ts";

/** A case's runs and its times. */
export interface Timed {
  readonly runs: number;
  readonly targets: number;
  readonly fit: Seconds;
  /** How the first target's fit ended. */
  readonly status: string;
  /** Null where a fit did not converge. */
  readonly optimize: Seconds | null;
}

const DATA = process.env["MIXLAW_DATA"] ?? "../shared/data";
const SCALE = { params: 3e8, tokens: 1e10 };

/** Runs at one N and D. */
const drawn =
  (law: Law, domains: number, mixtures: number, targets = 1) =>
  async (tiny: boolean) => {
    const design = {
      domains: domainsOf(tiny ? 10 : domains),
      targets: Array.from({ length: tiny ? 1 : targets }, (_, t) => `loss_t${t}`),
      sizes: law.uses.params ? [1e8, 3e8, 6e8] : [3e8],
      tokens: law.uses.params ? [2e9, 1e10] : [1e10],
      mixtures: tiny ? 30 : mixtures,
    };
    return { law, runs: await drawnRuns(law, truthOf(law, design, 0.003), design, 100) };
  };

/** olmix's published runs; without them the case is left out. */
async function olmix(): Promise<{ readonly law: Law; readonly runs: Runs } | undefined> {
  const path = join(DATA, "olmix24.csv");
  if (!existsSync(path)) return undefined;
  return { law: laws.logLinear, runs: toRuns(await readTable(path), { targets: "bpb_*", weights: "h_*" }) }; // prettier-ignore
}

/** What is timed. */
export const CASES = {
  "200-log-linear": drawn(laws.logLinear, 200, 512),
  "200-epochs": drawn(laws.epochs, 200, 512),
  "100-additive": drawn(laws.additive, 100, 250),
  "64-log-linear": drawn(laws.logLinear, 64, 128, 110),
  "olmix-24": olmix,
} as const;

/** A case at default settings; undefined where its data are missing. */
export async function timed(name: string, tiny: boolean): Promise<Timed | undefined> {
  const made = await (CASES as Readonly<Record<string, (typeof CASES)[keyof typeof CASES]>>)[name]?.(tiny); // prettier-ignore
  if (made === undefined) return undefined;
  const { law, runs } = made;
  const engine = await openEngine();
  const fitted = await clocked(() => engine.fit(law, runs, tiny ? { restarts: 8 } : {}));
  const file = fitted.result;
  const scale = law.uses.params || law.uses.tokens ? SCALE : {};
  const isDone = file.fits.every(({ search }) => search.status === "converged");
  const best = isDone ? await clocked(() => engine.optimize(file, scale)) : undefined;
  await engine.close();
  return {
    runs: runs.train.rows,
    targets: runs.targets.length,
    fit: fitted.seconds,
    status: firstOf(file.fits).search.status,
    optimize: best?.seconds ?? null,
  };
}
