/** The eight tables of ScaleBench, with what a run costs and the laws that are fitted. */
import { type Law, lawFromFormula, laws, type RunsOptions } from "../../src/node.ts";

/** One table. */
export interface BenchTable {
  readonly name: string;
  readonly columns: Omit<RunsOptions, "targets" | "where">;
  readonly targets: readonly string[];
  /** The cost of a run, of its columns. */
  readonly cost: (column: (name: string) => number) => number;
  /** Shares of the cost of all runs of the pool. */
  readonly budgets: readonly number[];
  /** By target: from the law with the fewest parameters to that with the most. */
  readonly laws: (target: string) => readonly Law[];
}

const USUAL = [0.01, 0.05, 0.1];
const FEW = [0.2, 0.35, 0.5];

/** Columns as inputs of their own names. */
const inputs = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

const formula = (name: string, text: string, ...columns: readonly string[]): Law =>
  lawFromFormula(text, { name, inputs: columns });

const always =
  (...all: readonly Law[]) =>
  (): readonly Law[] =>
    all;

const DOMAINS = [1, 2, 3, 4, 5];
const MOE = ["dense_parameter_count", "num_experts"];
const SPARSITY = ["N_dense", "N_active", "P"];
const VOCAB = ["non_vocab_parameters", "num_characters", "vocab_size"];
const RATE = ["non_embedding_param_size", "data_size", "lr", "bsz"];

export const TABLES: readonly BenchTable[] = [
  {
    name: "domain",
    columns: { weights: "proportion_domain_*", inputs: inputs(...DOMAINS.map((i) => `proportion_domain_${i}`)) }, // prettier-ignore
    targets: DOMAINS.map((i) => `loss_domain_${i}`),
    cost: () => 1,
    budgets: FEW,
    laws: (target) => {
      const own = target.replace("loss", "proportion");
      return [formula("own-share", `E + A/(${own} + 0.01)^g`, own), laws.logLinear, laws.mixture];
    },
  },
  {
    name: "data-constrained",
    columns: { params: "params", tokens: "tokens", inputs: inputs("unique_tokens") },
    targets: ["loss"],
    cost: (column) => 6 * column("params") * column("tokens"),
    budgets: USUAL,
    laws: always(laws.chinchilla, laws.dataConstrained),
  },
  {
    name: "moe",
    columns: { inputs: inputs(...MOE) },
    targets: ["loss_validation"],
    cost: (column) => column("dense_parameter_count") * column("num_experts"),
    budgets: USUAL,
    laws: always(
      formula("log-bilinear", "exp(c + a*log(dense_parameter_count) + b*log(num_experts) + d*log(dense_parameter_count)*log(num_experts))", ...MOE), // prettier-ignore
      formula("experts", "E + A/dense_parameter_count^a + B/(dense_parameter_count^b*num_experts^c)", ...MOE), // prettier-ignore
    ),
  },
  {
    name: "sparsity",
    columns: { inputs: inputs(...SPARSITY, "D1", "D2") },
    targets: ["loss"],
    cost: (column) => 6 * (column("N_dense") * column("D1") + column("N_active") * column("D2")),
    budgets: FEW,
    laws: always(
      formula("active", "E + A/N_active^a", ...SPARSITY),
      formula("active-sparsity", "E + A/(N_active^a*P^b)", ...SPARSITY),
      formula("dense-active-sparsity", "E + A/N_dense^a + B/(N_active^b*P^c)", ...SPARSITY),
    ),
  },
  {
    name: "farseer",
    columns: { params: "N", tokens: "D" },
    targets: ["loss"],
    cost: (column) => 6 * column("N") * column("D"),
    budgets: USUAL,
    laws: always(laws.chinchilla, laws.farseer),
  },
  {
    name: "parallel",
    columns: { inputs: inputs("num_params", "parallel_size") },
    targets: ["loss"],
    cost: (column) => column("num_params"),
    budgets: USUAL,
    laws: always(
      formula("parallel-power", "A/(num_params^a*parallel_size^b)", "num_params", "parallel_size"),
      formula("parallel-streams", "E + A/(num_params*(1 + k*log(parallel_size)))^a", "num_params", "parallel_size"), // prettier-ignore
    ),
  },
  {
    name: "vocab",
    columns: { inputs: inputs(...VOCAB) },
    targets: ["unigram_normalized_loss"],
    cost: (column) => column("non_vocab_parameters") * column("num_characters"),
    budgets: USUAL,
    laws: always(
      formula("size-characters", "E + A/non_vocab_parameters^a + B/num_characters^b", ...VOCAB),
      formula("size-characters-vocabulary", "E + A/non_vocab_parameters^a + B/num_characters^b + C/vocab_size^c", ...VOCAB), // prettier-ignore
    ),
  },
  {
    name: "lr-bsz",
    columns: { inputs: inputs(...RATE) },
    targets: ["lm_loss"],
    cost: (column) => 6 * column("non_embedding_param_size") * column("data_size"),
    budgets: USUAL,
    laws: always(
      formula("size-data", "E + A/non_embedding_param_size^a + B/data_size^b", ...RATE),
      formula("size-data-rate-batch", "E + A/non_embedding_param_size^a + B/data_size^b + c*(log(lr) - l0 - l1*log(non_embedding_param_size) - l2*log(data_size))^2 + d*(log(bsz) - b0 - b1*log(data_size))^2", ...RATE), // prettier-ignore
    ),
  },
];
