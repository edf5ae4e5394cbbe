/** Laws of repetition fitted to runs that were drawn from them, and judged by the truth. */
import { firstOf, itemAt } from "../../src/base/known.ts";
import type { Design } from "../../src/simulate/run-design.ts";
import { lawValue } from "../../src/mixture/goal/goal.ts";
import { resolver } from "../../src/mixture/solver/resolver.ts";
import { type FitFile, laws, openEngine, optimize, predict } from "../../src/node.ts";
import { clocked, type Seconds } from "../clock.ts";
import { domainsOf, drawnRuns, truthOf } from "./drawn-runs.ts";

/** What a study comes to. */
export interface Recovered {
  readonly fit: Seconds;
  readonly optimize: Seconds;
  /** Root mean square of the relative errors at new mixtures, over the noise. */
  readonly error: number;
  /** What the fitted optimum loses against the true one, over what that gains. */
  readonly regret: number;
  /** The most epochs of a domain at the fitted optimum. */
  readonly epochs: number;
}

const NOISE = 0.003;
const EPOCHS = 4;

/** Supply of each domain: one to eight parts of `least`. */
const supplyOf = (count: number, least: number): Record<string, number> =>
  Object.fromEntries(domainsOf(count).map((domain, i) => [domain, least * (1 + ((7 * i) % 8))]));

const ofSizes = { sizes: [2e7, 5e7, 1e8, 3e8, 6e8], tokens: { perParam: 20, checkpoints: 4 } };
const study = (
  domains: number,
  runs: Pick<Design, "sizes" | "tokens">,
  mixtures: number,
  least: number,
) => ({
  domains: domainsOf(domains),
  targets: ["loss_web"],
  mixtures,
  available: supplyOf(domains, least),
  ...runs,
});

/** The runs of each study. */
export const STUDIES = {
  epochs: study(39, { sizes: [3e8], tokens: [1e10] }, 300, 1e8),
  repetition: study(7, ofSizes, 15, 2e8),
} as const;

/** Fits a study's runs, finds the best mixture, and judges both. */
export async function recover(name: string, tiny: boolean): Promise<Recovered> {
  const law = name === "epochs" ? laws.epochs : laws.repetition;
  const whole = name === "epochs" ? STUDIES.epochs : STUDIES.repetition;
  const design = { ...whole, mixtures: tiny ? Math.min(100, whole.mixtures) : whole.mixtures };
  const truth = truthOf(law, design, NOISE);
  const runs = await drawnRuns(law, truth, design, 100);
  const engine = await openEngine();
  const fitted = await clocked(() => engine.fit(law, runs, { restarts: tiny ? 8 : 512, adaptiveRestarts: true })); // prettier-ignore
  const file = fitted.result;
  const scale = { params: 3e8, tokens: 1e10 };
  const constraints = { available: design.available, maxEpochs: EPOCHS };
  const asked = { ...scale, constraints, ...(tiny ? { samples: 0, epsilon: 0 } : {}) };
  const best = await clocked(() => engine.optimize(file, asked));
  await engine.close();
  const shares = Float64Array.from(design.domains, (domain) => best.result.weights[domain] ?? 0);
  const exact = await drawnRuns(law, { ...truth, noise: { ...truth.noise, sigma: 0 } }, design, 200); // prettier-ignore
  const { values } = firstOf(predict(file, exact));
  const observed = firstOf(exact.train.losses);
  const relative = values.map((y, row) => y / itemAt(observed, row) - 1);
  return {
    fit: fitted.seconds,
    optimize: best.seconds,
    error: Math.sqrt(relative.reduce((sum, x) => sum + x * x, 0) / relative.length) / NOISE,
    regret: await regretOf(file, firstOf(truth.targets).coordinates, truth.center, shares, asked),
    epochs: Math.max(
      ...design.domains.map(
        (domain, i) => (itemAt(shares, i) * scale.tokens) / (design.available[domain] ?? 1),
      ),
    ),
  };
}

/** The true loss at some shares above that at the best ones, over what the best gain. */
async function regretOf(
  file: FitFile,
  coordinates: Readonly<Record<string, number>>,
  center: FitFile["fits"][number]["center"],
  shares: Float64Array,
  asked: Parameters<typeof optimize>[1],
): Promise<number> {
  const fits = file.fits.map((fit) => ({ ...fit, coordinates, center, bootstrap: null }));
  const truth = { ...file, fits };
  const { goal } = resolver(truth, asked ?? {}).problem;
  const { weights } = await optimize(truth, { ...asked, samples: 0, epsilon: 0 });
  const best = lawValue(goal, Float64Array.from(Object.values(weights)));
  const uniform = lawValue(goal, new Float64Array(shares.length).fill(1 / shares.length));
  return (lawValue(goal, shares) - best) / (uniform - best);
}
