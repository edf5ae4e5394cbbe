/** The tables of the study of basins: runs to fit, and other runs to predict. */
import { given } from "../../src/base/objects.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { type FitOptions, type Law, laws, readRuns, type RunsOptions } from "../../src/node.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import type { Design } from "../../src/simulate/run-design.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { sharedData } from "../../test/support/data.ts";

/** Runs to fit laws to, and runs to predict. */
export interface BasinTable {
  readonly name: string;
  readonly laws: readonly Law[];
  readonly options: FitOptions;
  /** Undefined where the table is missing. */
  readonly read: () => Promise<{ readonly train: Runs; readonly points: Runs } | undefined>;
}

const { additive, chinchilla, dataConstrained, dataMixing, farseer, forgetting, joint, kaplan, logLinear, mixture, simple } = laws; // prettier-ignore

const published = (
  name: string,
  file: string,
  fitted: readonly Law[],
  where: string,
  held: string,
  reading: RunsOptions = {},
  options: FitOptions = {},
): BasinTable => ({
  name,
  laws: fitted,
  options,
  read: async () => {
    const path = sharedData(file);
    if (path === undefined) return undefined;
    const { targets, params, tokens, inputs } = reading;
    return {
      train: await readRuns(path, { ...reading, where }),
      points: await readRuns(path, given({ targets, params, tokens, inputs, where: held })),
    };
  },
});

const KEPT = "duplicate_checkpoint == 0 and";
const SLIM = { group: "mixture_id" };
const MIXED = [simple, additive, joint];
const corpora = { c4_original: 5.6e21, rpj: 7.9e21, rw_original: 5.6e21 };
const REPEAT = "variant == 'base' and loss < 8 and in_published_fit_182 == 1";
const ONE_SIZE = "size_label == '70M' and step == 30000";
const PILE = { targets: "loss_group_*" };
const FARSEER = { targets: "loss", params: "N", tokens: "D" };
const UNIQUE = { targets: "loss", inputs: { unique_tokens: "unique_tokens" } };

const PUBLISHED: readonly BasinTable[] = [
  published("slimpajama7, 3B from ≤ 1.24B", "slimpajama7.csv", MIXED, `${KEPT} split == 'train'`, `${KEPT} split == 'eval'`, SLIM),
  published("pile5, new mixtures of 70M", "pile5.csv", [logLinear, dataMixing, mixture], `${ONE_SIZE} and mixture_id < 18`, `${ONE_SIZE} and mixture_id >= 18`, PILE),
  ...Object.entries(corpora).map(([corpus, most]) =>
    published(`overtrain ${corpus}, largest compute`, "overtrain.csv", [chinchilla, kaplan], `dataset == '${corpus}' and 6*n_params*n_tokens < ${most}`, `dataset == '${corpus}' and 6*n_params*n_tokens >= ${most}`, { targets: "loss_*" }),
  ),
  published("chinchilla, above 1e21 flop", "chinchilla.csv", [chinchilla, kaplan, farseer], "outlier == 0 and flop < 1e21", "outlier == 0 and flop >= 1e21", { targets: "loss" }),
  published("Farseer, 568M to 1.13B from ≤ 477M", "scalebench/farseer.csv", [chinchilla, kaplan, farseer], "split == 'pool' and N < 5e8", "split == 'pool' and N > 5e8 and N < 1.3e9", FARSEER),
  published("Farseer, above 1.3B from ≤ 1.13B", "scalebench/farseer.csv", [chinchilla, kaplan, farseer], "split == 'pool' and N < 1.3e9", "split == 'pool' and N > 1.3e9", FARSEER),
  published("repeat, above 1e9", "repeat.csv", [dataConstrained, chinchilla], `${REPEAT} and n_params < 1e9`, `${REPEAT} and n_params > 1e9`, UNIQUE),
  published("regmix17, new mixtures", "regmix17.csv", [logLinear, mixture], "split == 'train_1m'", "split == 'test_1m'", {}, { residual: "log" }),
  published("olmix24, new mixtures", "olmix24.csv", [logLinear, mixture], "index < 100", "index >= 100", { targets: "bpb_mean" }),
  published("continual-python, more tokens", "continual-python.csv", [forgetting], "ft_tokens < 6e9", "ft_tokens > 6e9", { inputs: { ft_tokens: "ft_tokens", injected: "inject_ratio" }, targets: "loss_pile_weighted" }),
]; // prettier-ignore

const DOMAINS = ["web", "code", "books", "papers"];
const TARGETS = ["loss_web", "loss_code"];
const FEW: Omit<Design, "sizes"> = {
  domains: DOMAINS,
  targets: TARGETS,
  tokens: [4e9, 1.6e10],
  mixtures: 10,
};
const SMALL = [1e8, 2e8, 4e8];

/** Few runs of a law that is known, and new mixtures at the next size. */
const drawn = (law: Law, n: number): BasinTable => ({
  name: `simulated, ${law.name}`,
  laws: law === mixture ? [mixture, dataMixing] : MIXED,
  options: {},
  read: async () => {
    const noise = { kind: "lognormal", sigma: 0.005 } as const;
    const truth = drawTruth(law, DOMAINS, TARGETS, { signs: "positive", seed: n, noise });
    const isFlat = law === mixture;
    const runsOf = async (seed: number, design: Design): Promise<Runs> => {
      const { columns, rows } = simulate(law, { ...truth, seed }, design);
      const text = [columns.join(), ...rows.map((row) => row.join())].join("\n");
      return toRuns(await parseTable(new TextEncoder().encode(text), "csv", `table ${n}`));
    };
    const flat = { ...FEW, sizes: [1e8], tokens: [4e9] };
    return {
      train: await runsOf(1000 + n, isFlat ? { ...flat, mixtures: 20 } : { ...FEW, sizes: SMALL }),
      points: await runsOf(
        5000 + n,
        isFlat ? { ...flat, mixtures: 40 } : { ...FEW, sizes: [1.6e9] },
      ),
    };
  },
});

/** How many simulated tables there are of each law; those of the joint law take the longest. */
const SIMULATED: readonly (readonly [Law, number])[] = [
  [additive, 8],
  [joint, 2],
  [mixture, 8],
];

/** All of them. */
export const BASIN_TABLES: readonly BasinTable[] = [
  ...PUBLISHED,
  ...SIMULATED.flatMap(([law, tables]) =>
    Array.from({ length: tables }, (_, n) => drawn(law, n + 1)),
  ),
];
