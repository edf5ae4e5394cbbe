/**
 * Two phases of 39 domains, 300 runs of a known law of epochs: how far predictions and the chosen
 * mixtures are from the truth.
 *
 *     npm run bench -- phases [--domains 39] [--runs 300] [--restarts 8] [--law epochs-by-phase]
 *
 * `--change 0.3` limits how far the phases' mixtures may be apart. `--loss squared`, `--delta
 * 0.005` and `--ridge 1e-5` (or auto) are those of the fit. `--near-truth` only descends from the
 * true coordinates, in a second, and says how far that optimum's predictions are off: what no
 * search can be much better than.
 *
 * It says whether predictions miss new runs by at most 1.5 × the noise, whether the regret of the
 * chosen mixtures is below 10 % of what the best gain over equal shares, and whether the supply
 * that the phases share is kept to.
 */
import { parseArgs } from "node:util";
import { firstOf, itemAt } from "../../src/base/known.ts";
import type { Runs, RunSet } from "../../src/data/runs/run-set.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { predict } from "../../src/fit/predict.ts";
import { poseProblem as poseFit } from "../../src/fit/search/pose-problem.ts";
import { normalEquationsOf } from "../../src/fit/search/problem.ts";
import { LOSSES } from "../../src/expr/loss.ts";
import { fitSettings } from "../../src/options/fit-options.ts";
import { minimize } from "../../src/solve/levenberg-marquardt.ts";
import { bind, type BoundLaw } from "../../src/laws/bind.ts";
import { lawNamed } from "../../src/laws/catalog/catalog.ts";
import { predictRows } from "../../src/fit/result/predictor.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { poseProblem } from "../../src/mixture/problem/pose-problem.ts";
import { lawValue } from "../../src/mixture/goal/goal.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import { openEngine } from "../../src/node.ts";
import { cellsOf, fractionOf, type Phases } from "../../src/options/phases.ts";
import { supplyOf } from "../../src/options/supply.ts";
import { dirichlet } from "../../src/random/dirichlet.ts";
import { type Stream, stream } from "../../src/random/rng.ts";

const TOKENS = 2e10;
const FRACTIONS = [0.8, 0.2] as const;
/** Standard deviation of a run's loss, in nats. */
const NOISE = 0.004;
const MOST_EPOCHS = 8;

interface Study {
  readonly phases: Phases;
  readonly law: BoundLaw;
  readonly theta: Float64Array;
  readonly available: Readonly<Record<string, number>>;
  readonly draws: Stream;
}

function studyOf(name: string, count: number): Study {
  const domains = Array.from({ length: count }, (_, i) => `d${i}`);
  const phases = { names: ["main", "anneal"], domains };
  const draws = stream(39, 230);
  const law = lawNamed(name);
  if (law === undefined) throw new Error(`there is no law ${name}`);
  const bound = bind(law, cellsOf(phases), { signs: "positive", phases }, { params: 1, tokens: 1 });
  const parts = Float64Array.from(bound.domains, (_, i) => 0.2 + draws.uniform(0, i));
  const harms = Float64Array.from(bound.domains, (_, i) => 0.2 + draws.uniform(1, i));
  const mean = (values: Float64Array, i: number): number =>
    itemAt(values, i) / values.reduce((sum, value) => sum + value, 0);
  const known: Readonly<Record<string, number>> = {
    phi: 1.6,
    beta0: 1,
    lnRho: 0.2,
    p: 0.8,
    tau: 1.2,
  };
  const theta = Float64Array.from(bound.coordinates, ({ parameter, domain = 0 }) => {
    if (parameter === "alpha") return 2.5 * mean(parts, domain);
    return parameter === "gamma" ? 0.8 * mean(harms, domain) : (known[parameter] ?? NaN);
  });
  // Equal shares are half an epoch to six of each domain.
  const available = Object.fromEntries(
    domains.map((domain, i) => [domain, TOKENS / count / (0.5 * 12 ** draws.uniform(2, i))]),
  );
  return { phases, law: bound, theta, available, draws };
}

/** Mixtures of each phase around that of the supply, some nearer than others. */
function runsOf(
  { phases, law, theta, available, draws }: Study,
  rows: number,
  first: number,
): Runs {
  const k = phases.domains.length;
  const mixtures = stream(7, 231);
  const total = Object.values(available).reduce((sum, tokens) => sum + tokens, 0);
  const weights = new Float64Array(rows * 2 * k);
  for (let row = 0; row < rows; row++)
    for (const [p, part] of FRACTIONS.entries()) {
      const item = 2 * (first + row) + p;
      const scale = 0.5 * 20 ** draws.uniform(3, item);
      const shape = phases.domains.map(
        (domain) => 0.1 + (scale * k * (available[domain] ?? 0)) / total,
      );
      const shares = dirichlet(mixtures, item, shape, k);
      for (const [i, share] of shares.entries()) weights[(2 * row + p) * k + i] = part * share;
    }
  const constant = (value: number): Float64Array => new Float64Array(rows).fill(value);
  const set = {
    rows,
    inputs: {
      tokens: constant(TOKENS),
      ...Object.fromEntries(
        phases.domains.map((domain) => [supplyOf(domain), constant(available[domain] ?? 0)]),
      ),
      ...Object.fromEntries(
        phases.names.map((name, p) => [fractionOf(name), constant(FRACTIONS[p] ?? 0)]),
      ),
    },
    weights,
  };
  const losses = predictRows(law, theta, set).map(
    (loss, row) => loss + NOISE * draws.normal(4, 2 * (first + row)),
  );
  const train: RunSet = {
    ...set,
    rowNumbers: Int32Array.from({ length: rows }, (_, row) => row + 1),
    losses: [losses],
  };
  const about = { source: "simulated", sha256: "", dropped: [], notes: [], targets: ["loss"] };
  return { ...about, domains: cellsOf(phases), phases, train, test: undefined };
}

const rootMeanSquare = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

/** The fit file with the true coordinates. */
function withTruth(file: FitFile, { law, theta }: Study): FitFile {
  const coordinates = Object.fromEntries(
    law.coordinates.map(({ name }, i) => [name, itemAt(theta, i)]),
  );
  return { ...file, fits: file.fits.map((fit) => ({ ...fit, coordinates, center: law.units })) };
}

const { values: flags } = parseArgs({
  options: {
    domains: { type: "string", default: "39" },
    runs: { type: "string", default: "300" },
    restarts: { type: "string", default: "8" },
    law: { type: "string", default: "epochs" },
    change: { type: "string", default: "2" },
    loss: { type: "string", default: "huber" },
    ridge: { type: "string", default: "0" },
    delta: { type: "string", default: "0.001" },
    "near-truth": { type: "boolean", default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const secondsSince = (start: number): string =>
  `${((performance.now() - start) / 1000).toFixed(1)} s`;

const SETTINGS = {
  loss: LOSSES.find((name) => name === flags.loss) ?? "huber",
  ridge: flags.ridge === "auto" ? "auto" : Number(flags.ridge),
  delta: Number(flags.delta),
} as const;

/** Root mean square of predictions' errors at new runs, in units of the noise. */
const errorOf = (predicted: Float64Array, { train }: Runs): number =>
  rootMeanSquare(predicted.map((value, row) => value - itemAt(firstOf(train.losses), row))) / NOISE;

/** Descends from the truth, and says what that comes to at new runs. */
function descendFromTruth({ law, theta }: Study, runs: Runs, fresh: Runs): void {
  const problem = poseFit(law, runs.train, fitSettings(SETTINGS));
  const options = { iterations: 3000, tolerance: 1e-13, gradient: 1e-9, newton: true, exact: false }; // prettier-ignore
  const end = minimize(normalEquationsOf(problem, 0), theta, problem.box, options);
  const [p, n] = [law.size, runs.train.rows];
  const [near, own] = [end.theta, theta].map((point) => errorOf(predictRows(law, point, fresh.train), fresh)); // prettier-ignore
  say(`from the truth, ${SETTINGS.loss} loss, ridge ${flags.ridge}: ${end.status} after ${end.iterations} iterations, error ${near?.toFixed(3)} × the noise; the truth itself ${own?.toFixed(3)}; least squares of a linear law of ${p} coordinates to ${n} runs √(1 + p/(n − p − 1)) = ${Math.sqrt(1 + p / (n - p - 1)).toFixed(3)}`); // prettier-ignore
}

/** The fit, and its error at new runs in units of the noise. */
async function fitStudy(study: Study): Promise<{ file: FitFile; ratio: number }> {
  const runs = runsOf(study, Number(flags.runs), 0);
  const fresh = runsOf(study, 200, 1e5);
  const engine = await openEngine({ backend: "cpu" });
  const start = performance.now();
  const file = await engine.fit(study.law.law, runs, {
    ...SETTINGS,
    ...(flags.restarts === "auto" ? {} : { restarts: Number(flags.restarts) }),
    seed: 1,
  });
  await engine.close();
  const [fit] = file.fits;
  say(
    `${fit?.law}: ${study.law.size} coordinates, ${runs.train.rows} runs, ${fit?.search.status}, ${secondsSince(start)}`,
  );
  const ratio = errorOf(firstOf(predict(file, fresh)).values, fresh);
  say(`new runs: error ${ratio.toFixed(3)} × the noise (≤ 1.5)`);
  return { file, ratio };
}

/** The regret of the chosen mixtures as a share of the best gain, and the most epochs. */
async function chooseIn(file: FitFile, study: Study): Promise<{ regret: number; epochs: number }> {
  const maxChange = Number(flags.change);
  const { available } = study;
  const request: OptimizeOptions = {
    tokens: TOKENS,
    intervals: false,
    epsilon: 0,
    samples: 0,
    constraints: {
      available,
      maxEpochs: MOST_EPOCHS,
      ...(maxChange < 2 ? { maxChange } : {}),
    },
  };
  const start = performance.now();
  const chosen = await optimize(file, request);
  say(
    `optimize: ${chosen.verdict.status}, ${chosen.search.descents} descents, ${secondsSince(start)}; change ${chosen.phases?.change.toFixed(3)}`,
  );
  const truth = withTruth(file, study);
  const best = await optimize(truth, request);
  const { goal } = poseProblem(truth, request);
  const [own = NaN, least = NaN, uniform = NaN] = [chosen, best, best.uniform].map(({ weights }) =>
    lawValue(
      goal,
      Float64Array.from(cellsOf(study.phases), (cell) => weights[cell] ?? 0),
    ),
  );
  const regret = (own - least) / (uniform - least);
  say(
    `true losses: chosen ${own.toFixed(5)}, best ${least.toFixed(5)}, equal shares ${uniform.toFixed(5)}; regret ${(100 * regret).toFixed(2)} % of the gain (< 10)`,
  );
  const epochs = Math.max(...Object.values(chosen.phases?.epochs ?? {}).map((each) => each ?? 0));
  say(`most epochs of a domain over both phases: ${epochs.toFixed(6)} (≤ ${MOST_EPOCHS})`);
  return { regret, epochs };
}

const study = studyOf(flags.law, Number(flags.domains));
if (flags["near-truth"])
  descendFromTruth(study, runsOf(study, Number(flags.runs), 0), runsOf(study, 200, 1e5));
else {
  const { file, ratio } = await fitStudy(study);
  const { regret, epochs } = await chooseIn(file, study);
  if (ratio > 1.5 || regret >= 0.1 || epochs > MOST_EPOCHS * (1 + 1e-9)) process.exitCode = 1;
}
