/** The tables and laws that searches with adaptive restarts are tried on: all that are public. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { formulaProblem } from "../../src/formula-tables/formula-problem.ts";
import { parseNist } from "../../src/formula-tables/nist-file.ts";
import { referenceProblem } from "../../src/formula-tables/nist-reference.ts";
import { type FitOptions, type Law, laws, readRuns, type Runs, type RunsOptions } from "../../src/node.ts"; // prettier-ignore
import { dataFolder } from "../../test/support/data.ts";
import { FORMULAS } from "../../test/support/nist.ts";

/** Laws to fit to one table. */
export interface Study {
  readonly name: string;
  /** A file of the data folder, without which the study cannot be. */
  readonly file: string;
  readonly options: FitOptions;
  readonly read: (path: string) => Promise<Posed>;
}

interface Posed {
  readonly laws: readonly Law[];
  readonly runs: Runs;
}

const table = (
  name: string,
  file: string,
  fitted: readonly Law[],
  reading: RunsOptions = {},
  options: FitOptions = {},
): Study => ({
  name,
  file,
  options,
  read: async (path) => ({ laws: fitted, runs: await readRuns(path, reading) }),
});

const { additive, chinchilla, dataMixing, full, joint, kaplan, linear, logLinear, mixture, mixtureTokens, simple } = laws; // prettier-ignore
const SLIM = { where: "split == 'train' and duplicate_checkpoint == 0" };
const PILE = {
  where: "size_label == '70M' and step == 30000 and is_validation_run == 0",
  targets: "loss_group_*",
};
const corpora = ["c4_original", "rpj", "rw_original"];
const routers = ["S-Base", "RL-R", "Hash"];
const cases = (file: string): string => join("../cases", file);

/** Tables of N, D and mixtures, the cheap ones first. */
const RUNS: readonly Study[] = [
  table("chinchilla", "chinchilla.csv", [chinchilla, kaplan, laws.farseer], { targets: "loss", where: "outlier == 0" }), // prettier-ignore
  table("chinchilla, log", "chinchilla.csv", [chinchilla, kaplan], { targets: "loss", where: "outlier == 0" }, { residual: "log" }), // prettier-ignore
  table("repeat", "repeat.csv", [laws.dataConstrained], { where: "variant == 'base' and loss < 8 and in_published_fit_182 == 1", targets: "loss", inputs: { unique_tokens: "unique_tokens" } }), // prettier-ignore
  table("continual-python", "continual-python.csv", [laws.forgetting], { inputs: { ft_tokens: "ft_tokens", injected: "inject_ratio" }, targets: "loss_pile_weighted" }), // prettier-ignore
  table("data-constrained", "scalebench/data-constrained.csv", [laws.dataConstrained, chinchilla], { where: "split == 'pool'", params: "params", tokens: "tokens", targets: "loss", inputs: { unique_tokens: "unique_tokens" } }), // prettier-ignore
  ...routers.map(
    (router) =>
    table(`routed-moe ${router}`, "routed-moe.csv", [laws.routed], { where: `router_type == '${router}' and routing_frequency == 0.5 and experts_per_token == 1 and seed == 42 and flop_increase == 1`, params: "n_active", inputs: { experts: "n_experts" }, targets: "loss_validation" }), // prettier-ignore
  ),
  ...corpora.map(
    (corpus) =>
    table(`overtrain ${corpus}`, "overtrain.csv", [chinchilla, kaplan], { where: `dataset == '${corpus}'`, targets: "loss_*" }), // prettier-ignore
  ),
  ...["units-abs", "units-milli", "plateau"].map((name) =>
    table(`claims ${name}`, cases(`claims/${name}.csv`), [chinchilla, kaplan]),
  ),
  ...["few", "plateau", "never-varied", "never-trained"].map((name) =>
    table(`claims ${name}`, cases(`claims/${name}.csv`), [simple, additive, joint]),
  ),
  table("cases plain", cases("tables/plain.csv"), [chinchilla, kaplan]),
  table("pile5, 70M", "pile5.csv", [linear, logLinear, dataMixing, mixture], PILE),
  table("pile5, 70M, δ .05", "pile5.csv", [dataMixing, mixture], PILE, { delta: 0.05 }),
  table("slimpajama7", "slimpajama7.csv", [additive], SLIM),
  table("pile5, all sizes", "pile5.csv", [additive], { where: "is_validation_run == 0", targets: "loss_group_*" }), // prettier-ignore
  table("olmix24, means", "olmix24.csv", [logLinear, mixture], { targets: "bpb_mean" }),
  table("regmix17, log", "regmix17.csv", [mixture], { where: "split == 'train_1m'" }, { residual: "log" }), // prettier-ignore
  table("slimpajama7", "slimpajama7.csv", [simple, joint], SLIM),
  table("slimpajama7, free signs", "slimpajama7.csv", [joint], SLIM, { signs: "free" }),
  table("slimpajama7, one size", "slimpajama7.csv", [mixtureTokens], { where: `${SLIM.where} and n_params > 1e9` }), // prettier-ignore
  table("pile5, all sizes", "pile5.csv", [joint], { where: "is_validation_run == 0", targets: "loss_group_*" }), // prettier-ignore
  table("olmix24", "olmix24.csv", [logLinear, mixture], { targets: "bpb_*" }),
  table("slimpajama7", "slimpajama7.csv", [full], SLIM),
];

/** A typed formula, with no ranges given. */
const formula = (file: string, text: string): Study => ({
  name: text.slice(0, 60),
  file,
  options: { loss: "squared" },
  read: async (path) => {
    const read = await parseTable(readFileSync(path), "csv", path);
    const where = read.columns.has("split") ? { where: "split == 'pool'" } : {};
    const { law, runs } = formulaProblem(read, text, { runs: where });
    return { laws: [law], runs };
  },
});

/** One of NIST's problems, with no ranges given. */
const reference = (name: string, text: string): Study => ({
  name: `NIST ${name}`,
  file: `nist/${name}.dat`,
  options: { loss: "squared" },
  read: (path) => {
    const { law, runs } = referenceProblem(parseNist(readFileSync(path), name), text);
    return Promise.resolve({ laws: [law], runs });
  },
});

const FORMULA_TABLES: readonly Study[] = [
  ...Object.entries(FORMULAS).map(([name, text]) => reference(name, text)),
  formula(cases("formulas/tiny-parameters.csv"), "y = a*exp(b*x/4e-10)"),
  formula(cases("formulas/unix-time-line.csv"), "y = a + b*x"),
  formula(cases("formulas/h-is-a-parameter.csv"), "y = exp(k*x)/h"),
  formula(cases("formulas/decay.csv"), "y = (a-c)*exp(-x/b)+c"),
  formula(cases("formulas/four-parameter-logistic.csv"), "signal = a + (b-a)/(1+(c/conc)^d)"),
  formula(cases("formulas/crash-runs.csv"), "loss_c4 = E + ((A/params)^(alpha/beta) + B/tokens)^beta"),
  formula("scalebench/farseer.csv", "loss = E + A/N^a + B/D^b"),
  formula("scalebench/moe.csv", "loss_validation = E + A/(dense_parameter_count^a*num_experts^e)"),
  formula("scalebench/parallel.csv", "loss = E + A/(num_params*(1 + k*log(parallel_size)))^a"),
  formula("scalebench/domain.csv", "loss_domain_1 = E + exp(a*proportion_domain_1 + b*proportion_domain_2 + c)"),
  formula("scalebench/vocab.csv", "unigram_normalized_loss = E + A/non_vocab_parameters^a + B/num_characters^b + C/vocab_size^c"),
  formula("scalebench/lr-bsz.csv", "lm_loss = E + A/non_embedding_param_size^a + B/data_size^b + c*(log(lr) - l0 - l1*log(non_embedding_param_size) - l2*log(data_size))^2 + d*(log(bsz) - b0 - b1*log(data_size))^2"),
]; // prettier-ignore

/** All of them; those whose file is not there are left out. */
export const STUDIES: readonly Study[] = [...FORMULA_TABLES, ...RUNS].filter(({ file }) =>
  existsSync(join(dataFolder, file)),
);
