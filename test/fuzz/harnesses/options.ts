/** Options objects of the library's verbs, with any value in place of each. */
import { fc } from "../../support/property.ts";
import { LOSSES } from "../../../src/expr/loss.ts";
import { initialDesign, laws, nextRuns, optimize, optimizeCompute, optimizePath, predict, toRuns } from "../../../src/node.ts"; // prettier-ignore
import { RESIDUALS } from "../../../src/options/fit-options.ts";
import { type Harness, harness } from "../harness.ts";
import { mutatedValue } from "../mutate.ts";
import { ROWS } from "../seeds.ts";
import { AT, engine, FIT_FILES, RUNS } from "./fitted.ts";

const FILE = FIT_FILES[0];

/** Values that are no option of anything. */
const anything = fc.oneof(
  fc.anything({ maxDepth: 2, withBigInt: true, withNullPrototype: false, withTypedArray: false }),
  fc.double(),
  fc.constantFrom<unknown>(undefined, null, NaN, Infinity, -1, 0, 1e308, "", "x", [], {}, true),
);

/** Good options, of which some are replaced, left out or joined by others. */
const spoiled = (good: readonly object[]): fc.Arbitrary<object> => {
  const keys = [...new Set(good.flatMap((each) => Object.keys(each)))];
  const change = fc.tuple(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...keys) },
      { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "sampels") },
    ),
    anything,
  );
  const replaced = fc
    .tuple(fc.nat(good.length - 1), fc.array(change, { maxLength: 2 }))
    .map(([n, some]) => {
      const options: Record<string, unknown> = { ...good[n] };
      for (const [key, value] of some) options[key] = value;
      return options;
    });
  return fc.oneof(replaced, mutatedValue(good) as fc.Arbitrary<object>);
};

/** Work that is asked for is work, however large: the numbers that say how much are kept small. */
const small = (options: object, most: Readonly<Record<string, number>>): object => {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return options;
  const bounded = Object.entries(options).map(([key, value]): [string, unknown] => {
    const limit = Object.hasOwn(most, key) ? most[key] : undefined;
    return [key, limit !== undefined && typeof value === "number" && value > limit ? limit : value];
  });
  return Object.fromEntries(bounded);
};

const FIT = [
  { loss: "huber", delta: 1e-3, residual: "raw", restarts: 3, seed: 2, signs: "free", level: 0.9, interval: "bca", bootstrap: 3, backtest: false },
  { restarts: 2, fix: { alpha: 0.3 }, bounds: { E: [0, 5] }, ranges: { beta: [0.1, 0.5] }, tie: { beta: "alpha" }, starts: [], rows: false, resampling: "bayesian" },
  { restarts: 2, profile: ["alpha"], adaptiveRestarts: true, scaleDelta: false, starts: [{ E: 1, A: 5, alpha: 0.2, B: 80, beta: 0.3 }] },
  ...LOSSES.map((loss) => ({ loss, restarts: 2 })),
  ...RESIDUALS.map((residual) => ({ residual, restarts: 2 })),
]; // prettier-ignore
const MOST_WORK = { restarts: 8, bootstrap: 4, folds: 5, samples: 300, mixtures: 50, runs: 50 };

const chinchilla = RUNS.targets.slice(0, 1);
const oneTarget = toRuns(ROWS, { targets: chinchilla.join() });
const fitOptions = harness("fit-options", spoiled(FIT), (options) =>
  engine.fit(laws.chinchilla, oneTarget, small({ restarts: 3, ...options }, MOST_WORK)),
);

const VALIDATE = [{ restarts: 2, by: "row", folds: 2, curve: false, at: { params: 1e9, tokens: 1e10 } }, { restarts: 2, by: "largest", loss: "squared" }]; // prettier-ignore
const validateOptions = harness("validate-options", spoiled(VALIDATE), (options) =>
  engine.validate(laws.chinchilla, oneTarget, small({ restarts: 2, ...options }, MOST_WORK)),
);

const OPTIMIZE = [
  { ...AT, objective: { loss_a: 2, loss_b: 1 }, constraints: { floors: { web: 0.1 }, caps: { code: 0.8 } }, reference: { web: 0.5, code: 0.5 }, noWorse: { loss_a: 1.1 }, beyond: true },
  { ...AT, objective: "worst", solver: "gradient", seed: 3, epsilon: 0.01, intervals: true, intervalOf: "law", level: 0.9, interval: "percentile" },
  { ...AT, robust: "q95", candidates: [{ name: "a", weights: { web: 0.5, code: 0.5 } }], solver: "mirror", beyond: true },
  { ...AT, constraints: { groups: [{ domains: ["web"], min: 0.2 }], ratios: [{ of: "web", to: "code", max: 2 }], available: { web: 1e12, code: 1e12 }, maxEpochs: 4, trust: { l1: 0.5 }, lattice: 10, atLeastOrZero: 0.05, fix: { web: 0.3 } } },
]; // prettier-ignore
const optimizeOptions = harness("optimize-options", spoiled(OPTIMIZE), (options) =>
  optimize(FILE, small({ ...AT, ...options }, MOST_WORK)),
);

const solve = (options: object) => optimize(FILE, options);
const scaleOptions = harness(
  "scale-options",
  fc.record({ flops: anything, options: spoiled(OPTIMIZE) }),
  async ({ flops, options }) => {
    const { params: _, tokens: __, ...rest } = { ...AT, ...options };
    const asked = small({ ...rest, intervals: false }, MOST_WORK);
    return [
      await optimizePath(FILE, solve, asked, [{ params: 1e8, tokens: 1e9 }, { flops: flops as number }]), // prettier-ignore
      await optimizeCompute(FILE, solve, asked, flops as number),
    ];
  },
);

const RUNS_OPTIONS = [{ params: "n_params", tokens: "n_tokens", weights: "h_*", targets: "loss_*", units: "absolute", group: "run", where: "n_params > 0", test: "split == 'test'" }, { inputs: { x: "n_params" }, sigma: "loss_b", rowWeights: "loss_a", targets: "loss_a", need: { params: true, tokens: true, weights: true, inputs: ["x"] }, units: { params: 1e6, tokens: 1e9 } }]; // prettier-ignore
const runsOptions = harness("runs-options", spoiled(RUNS_OPTIONS), (options) => {
  const { train, dropped } = toRuns(ROWS, options);
  return [train.inputs, train.weights, dropped];
});

const INITIAL = [{ domains: ["web", "code"], flops: 1e20, ratios: [5, 20], mixtures: 4, runs: 12, floors: { web: 0.1 }, caps: { code: 0.7 }, seed: 1 }, { domains: [], sizes: [1e7, 1e8], units: "absolute" }]; // prettier-ignore
const designOptions = harness("design-options", spoiled(INITIAL), (options) =>
  initialDesign(small(options, MOST_WORK) as Parameters<typeof initialDesign>[0]),
);

const NEXT = [{ goal: "mixture", law: "simple", params: 1e9, tokens: 1e10, runs: 2, seed: 1, objective: { loss_a: 1 } }, { goal: "loss", law: "simple", params: 1e9, tokens: 1e10, budget: 1e21, mixture: { web: 0.5, code: 0.5 }, units: "absolute", beyond: true, constraints: { caps: { web: 0.7 } } }]; // prettier-ignore
const nextOptions = harness("next-options", spoiled(NEXT), (options) =>
  nextRuns(FILE, RUNS, small(options, MOST_WORK) as never),
);

const BANDS = [{ level: 0.9, interval: "percentile", intervalOf: "law" }];
const POINTS = [{ n_params: 1e8, n_tokens: 1e10, h_web: 0.5, h_code: 0.5 }];
const predictOptions = harness(
  "predict-options",
  fc.record({ options: spoiled(BANDS), rows: fc.oneof(mutatedValue(POINTS).map((row) => [row]), fc.array(anything, { maxLength: 2 })) }), // prettier-ignore
  ({ options, rows }) => predict(FILE, rows as never, options).map(({ values }) => values),
);

export const HARNESSES: readonly Harness[] = [
  fitOptions,
  validateOptions,
  optimizeOptions,
  scaleOptions,
  runsOptions,
  designOptions,
  nextOptions,
  predictOptions,
];
