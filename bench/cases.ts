/**
 * The named cases of the benchmark. The data are public tables that do not belong to this
 * repository; `tiny` cases are simulated and need none.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readRuns } from "../src/node/read-file.ts";
import { toRuns } from "../src/data/runs/runs.ts";
import type { Runs } from "../src/data/runs/run-set.ts";
import { drawTruth } from "../src/simulate/draw-truth.ts";
import { simulate } from "../src/simulate/simulate.ts";
import { laws } from "../src/laws/catalog/catalog.ts";
import type { Law } from "../src/laws/law.ts";
import { CURVES, type CurveName, curves } from "./curves.ts";
import { lawFromFormula } from "../src/laws/formula/formula.ts";
import type { FitOptions } from "../src/options/fit-options.ts";

/** Fits of one law; the peers get the same data, objective, start ranges and bounds. */
export interface FitCase {
  readonly kind: "fit";
  readonly name: string;
  readonly title: string;
  readonly law: Law;
  readonly options: FitOptions;
  /**
   * Best known objective by target. Where there is none, mixlaw's own is what peers have to reach.
   */
  readonly references: Readonly<Record<string, number>>;
  /** Which peers run it, by their names in bench/peers/main.py and bench/peers/tools.ts. */
  readonly peers: readonly string[];
  /** The formula's name in bench/curves.ts, where it is one of those. */
  readonly model?: CurveName;
  /** How many times the usual time a peer may take, where it is not once. */
  readonly patience?: Readonly<Record<string, number>>;
  /** Undefined where the data set is not there. */
  readonly runs: (tiny: boolean) => Promise<Runs | undefined>;
}

/** Random mixtures evaluated under several targets' laws. */
export interface MonteCarloCase {
  readonly kind: "montecarlo";
  readonly name: string;
  readonly title: string;
  readonly law: Law;
  readonly domains: number;
  readonly targets: number;
  readonly samples: number;
}

/** The best mixture of many domains. */
export interface OptimizeCase {
  readonly kind: "optimize";
  readonly name: string;
  readonly title: string;
  readonly law: Law;
  readonly domains: number;
  readonly targets: number;
}

export type Case = FitCase | MonteCarloCase | OptimizeCase;

const folder = resolve(process.env["MIXLAW_DATA"] ?? "../shared/data");

async function table(
  name: string,
  options: Parameters<typeof readRuns>[1],
): Promise<Runs | undefined> {
  const path = join(folder, name);
  return existsSync(path) ? readRuns(path, options) : undefined;
}

/** A few runs drawn from the law itself. */
export function simulated(law: Law, domains: number, mixtures: number, targets: number): Runs {
  const names = Array.from({ length: domains }, (_, i) => `d${i}`);
  const losses = Array.from({ length: targets }, (_, i) => `loss_t${i}`);
  const noise = { kind: "lognormal", sigma: 0.003 } as const;
  const truth = drawTruth(law, names, losses, { signs: "positive", seed: 1, noise });
  const drawn = simulate(law, truth, {
    domains: names,
    targets: losses,
    sizes: [5e7, 2e8, 8e8],
    tokens: [1e9, 3e9, 1e10, 3e10],
    mixtures,
  });
  const columns = new Map(
    drawn.columns.map((name, i) => [
      name,
      { name, cells: drawn.rows.map((row) => row[i] ?? null) },
    ]),
  );
  return toRuns({ source: "simulated", sha256: "", rows: drawn.rows.length, columns, notes: [] });
}

const slimpajama =
  (law: Law, targets: string) =>
  async (tiny: boolean): Promise<Runs | undefined> =>
    tiny
      ? simulated(law, 2, 6, targets === "loss_*" ? 2 : 1)
      : table("slimpajama7.csv", {
          where: "split == 'train' and duplicate_checkpoint == 0",
          targets,
          group: "mixture_id",
        });

/**
 * Objectives of the 1374 training runs, Huber 1e-3, from an independent float64 implementation with
 * 24 to 80 starts a target.
 */
const ADDITIVE = {
  loss_arxiv: 8.37028e-6,
  loss_book: 7.817989e-6,
  loss_c4: 8.368173e-6,
  loss_github: 6.924282e-6,
  loss_commoncrawl: 8.101545e-6,
  loss_stackexchange: 9.28782e-6,
  loss_wikipedia: 2.131921e-5,
  loss_openhermes: 1.040547e-5,
};
const JOINT = {
  loss_arxiv: 6.821459e-6,
  loss_book: 6.487608e-6,
  loss_c4: 6.735672e-6,
  loss_github: 5.709742e-6,
  loss_commoncrawl: 6.556092e-6,
  loss_stackexchange: 6.907259e-6,
  loss_wikipedia: 1.352383e-5,
  loss_openhermes: 7.839775e-6,
};

/** One table with 300 targets, and a formula of a few parameters. */
const manyTargets = (model: CurveName): FitCase => ({
  kind: "fit",
  name: `${model}-300`,
  title: `300 targets × 100 rows, ${CURVES[model]}, least squares`,
  law: lawFromFormula(CURVES[model], { inputs: ["x"] }),
  options: { loss: "squared" },
  references: {},
  model,
  peers: [
    "curve-fit",
    "curve-fit-certain",
    "jax-curves",
    "jax-curves-certain",
    ...(model === "peak" ? ["gpufit"] : []),
  ],
  patience: { "curve-fit-certain": 3 },
  runs: (tiny) => Promise.resolve(curves(model, 100, tiny ? 3 : 300)),
});

export const CASES: readonly Case[] = [
  {
    kind: "fit",
    name: "chinchilla",
    title: "Chinchilla points, 5 parameters × 240 rows, 4500 starts and 4000 replicates",
    law: laws.chinchilla,
    options: { residual: "log", restarts: 4500, bootstrap: 4000 },
    references: { loss: 0.00101827402 / 240 },
    peers: ["scipy-starts", "jax-lm", "npm-lm"],
    runs: async (tiny) =>
      tiny
        ? simulated(laws.chinchilla, 1, 1, 1)
        : table("chinchilla.csv", { targets: "loss", where: "outlier == 0" }),
  },
  {
    kind: "fit",
    name: "additive-1",
    title: "additive law, c4, 19 × 1374",
    law: laws.additive,
    options: {},
    references: ADDITIVE,
    peers: ["scipy-lbfgs", "scipy-hop", "jax-lbfgs", "jax-lm", "npm-lm"],
    runs: slimpajama(laws.additive, "loss_c4"),
  },
  {
    kind: "fit",
    name: "additive-8",
    title: "additive law, 8 targets, 19 × 1374 each",
    law: laws.additive,
    options: {},
    references: ADDITIVE,
    peers: ["scipy-lbfgs", "scipy-hop", "jax-lm"],
    patience: { "scipy-lbfgs": 2, "scipy-hop": 2, "jax-lm": 2 },
    runs: slimpajama(laws.additive, "loss_*"),
  },
  {
    kind: "fit",
    name: "bootstrap-8",
    title: "additive law, 8 targets, 1000 replicates each by mixture",
    law: laws.additive,
    options: { bootstrap: 1000 },
    references: ADDITIVE,
    peers: ["scipy-bootstrap", "jax-bootstrap"],
    runs: slimpajama(laws.additive, "loss_*"),
  },
  {
    kind: "fit",
    name: "joint-1",
    title: "joint law, c4, 33 × 1374",
    law: laws.joint,
    options: {},
    references: JOINT,
    peers: [],
    runs: slimpajama(laws.joint, "loss_c4"),
  },
  {
    kind: "fit",
    name: "joint-8",
    title: "joint law, 8 targets, 33 × 1374 each",
    law: laws.joint,
    options: {},
    references: JOINT,
    peers: ["scipy-hop", "jax-lm"],
    patience: { "scipy-hop": 60, "jax-lm": 12 },
    runs: slimpajama(laws.joint, "loss_*"),
  },
  {
    kind: "fit",
    name: "mixture-17",
    title: "mixture law, RegMix's Pile-CC loss, 35 × 512",
    law: laws.mixture,
    options: { residual: "log" },
    references: { loss_pile_cc: 4.79e-6 },
    peers: ["scipy-lbfgs", "scipy-certain", "jax-lm", "npm-lm"],
    runs: async (tiny) =>
      tiny
        ? simulated(laws.mixture, 3, 20, 1)
        : table("regmix17.csv", { where: "split == 'train_1m'", targets: "loss_pile_cc" }),
  },
  manyTargets("decay"),
  manyTargets("peak"),
  {
    kind: "montecarlo",
    name: "montecarlo-7",
    title: "Monte Carlo, 1e7 mixtures of 7 domains × 8 additive laws",
    law: laws.additive,
    domains: 7,
    targets: 8,
    samples: 1e7,
  },
  {
    kind: "montecarlo",
    name: "montecarlo-7-joint",
    title: "Monte Carlo, 2e6 mixtures of 7 domains × 8 joint laws",
    law: laws.joint,
    domains: 7,
    targets: 8,
    samples: 2e6,
  },
  {
    kind: "montecarlo",
    name: "montecarlo-64",
    title: "Monte Carlo, 1e6 mixtures of 64 domains × 8 additive laws",
    law: laws.additive,
    domains: 64,
    targets: 8,
    samples: 1e6,
  },
  {
    kind: "optimize",
    name: "optimize-64",
    title: "optimal mixture of 64 domains, mean of 8 additive laws",
    law: laws.additive,
    domains: 64,
    targets: 8,
  },
];
