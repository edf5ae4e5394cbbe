/**
 * Is the corrected gain right? Tables are drawn from a known additive law, each is fitted with a
 * bootstrap, and the mixture that the fit chooses is judged by the truth.
 */
import { entryOf, firstOf, itemAt } from "../../src/base/known.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { replicatesFor } from "../../src/mixture/certainty/replicates.ts";
import { lawValue } from "../../src/mixture/goal/goal.ts";
import { resolver } from "../../src/mixture/solver/resolver.ts";
import { type FitFile, laws, openEngine, optimize } from "../../src/node.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { quantile } from "../../src/stats/interval.ts";
import { mean } from "../../src/stats/moments.ts";
import type { Effort, Part } from "./part.ts";

const DOMAINS = ["web", "code", "books", "papers", "wiki"];
const DESIGN = {
  domains: DOMAINS,
  targets: ["loss_web", "loss_code"],
  sizes: [3e7, 1e8, 3e8],
  tokens: [1e9, 4e9],
  mixtures: 20,
};
const NOISE = 0.01;
const SCALE = { params: 3e8, tokens: 4e9 };
const EVEN = new Float64Array(DOMAINS.length).fill(1 / DOMAINS.length);

const TRUTH = drawTruth(laws.additive, DOMAINS, DESIGN.targets, {
  signs: "positive",
  seed: 5,
  noise: { kind: "lognormal", sigma: NOISE },
});

/** Table number n: new mixtures, new noise, the same truth. */
async function drawn(n: number): Promise<Runs> {
  const { columns, rows } = simulate(laws.additive, { ...TRUTH, seed: 5000 + n }, DESIGN);
  const text = [columns.join(), ...rows.map((row) => row.join())].join("\n");
  return toRuns(await parseTable(new TextEncoder().encode(text), "csv", `table ${n}`));
}

/** How much more the uniform mixture loses than h by the truth. */
function trueGain(file: FitFile, h: Float64Array): number {
  const fits = file.fits.map((fit, t) => ({
    ...fit,
    coordinates: itemAt(TRUTH.targets, t).coordinates,
    center: TRUTH.center,
    bootstrap: null,
  }));
  const { goal } = resolver({ ...file, fits }, SCALE).problem;
  return lawValue(goal, EVEN) - lawValue(goal, h);
}

/** Each replicate's optimum, judged by the law of the next one. */
function judgedByOthers(file: FitFile, optima: readonly (readonly number[])[]): number {
  const { problem } = resolver(file, SCALE);
  const thetas = replicatesFor(file, problem.fits)?.replicates ?? [];
  const gains = optima.map((h, b) => {
    const { goal } = problem.with({ theta: itemAt(thetas, (b + 1) % thetas.length) });
    return lawValue(goal, EVEN) - lawValue(goal, Float64Array.from(h));
  });
  return mean(gains);
}

/** What one table says of its own choice, and what is true. */
interface Outcome {
  readonly truth: number;
  readonly estimate: number;
  readonly corrected: number;
  readonly judged: number;
  readonly held: boolean;
}

async function outcomeOf(file: FitFile): Promise<Outcome> {
  const { weights, interval } = await optimize(file, { ...SCALE, samples: 0, epsilon: 0 });
  if (interval === null) throw new Error("no interval of the best mixture");
  const { estimate, corrected, interval: ends } = interval.gain.uniform;
  const truth = trueGain(
    file,
    Float64Array.from(DOMAINS, (domain) => entryOf(weights, domain)),
  );
  const held = truth >= firstOf(ends) && truth <= ends[1];
  return {
    truth,
    estimate,
    corrected,
    judged: judgedByOthers(file, interval.optima),
    held,
  };
}

/** The study. */
export async function gain({ sets, replicates, backend }: Effort): Promise<Omit<Part, "measured">> {
  const engine = await openEngine({ backend });
  const outcomes: Outcome[] = [];
  let failed = 0;
  for (let n = 0; n < sets; n++) {
    const options = { restarts: 64, bootstrap: replicates, level: 0.95, seed: n };
    const file = await engine.fit(laws.additive, await drawn(n), options);
    if (file.fits.some(({ verdict }) => verdict.status === "failed")) failed++;
    else outcomes.push(await outcomeOf(file));
    if ((n + 1) % 10 === 0) process.stderr.write(`gain: ${n + 1} of ${sets} tables\n`);
  }
  await engine.close();
  const row = (what: string, numberOf: (outcome: Outcome) => number): string[] => {
    const errors = outcomes.map((outcome) => numberOf(outcome) - outcome.truth);
    const center = mean(errors);
    const sd = Math.sqrt(mean(errors.map((error) => (error - center) ** 2)));
    const median = quantile(Float64Array.from(errors).sort(), 0.5);
    return [
      what,
      median.toExponential(2),
      center.toExponential(2),
      (sd / Math.sqrt(errors.length)).toExponential(1),
      `${errors.length}`,
    ];
  };
  const held = outcomes.filter((outcome) => outcome.held).length;
  return {
    title: "The gain of the chosen mixture",
    method: `${sets} tables drawn from a known additive law (5 domains, ${DESIGN.mixtures} mixtures × 3 sizes × 2 token counts, ${100 * NOISE} % independent noise), each fitted with ${replicates} replicates. The mixture that the fit chooses gains ${mean(outcomes.map(({ truth }) => truth)).toExponential(2)} over the uniform one by the truth, on average. A row is how much more an estimate says. The 95 % interval held the true gain in ${held} of ${outcomes.length} tables; ${failed} fits failed.`,
    head: ["estimate", "median error", "mean error", "its standard error", "of"],
    rows: [
      row("by the fit", ({ estimate }) => estimate),
      row("replicates judged by each other", ({ judged }) => judged),
      row("corrected", ({ corrected }) => corrected),
    ],
    failures: [],
  };
}
