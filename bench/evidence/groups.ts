/**
 * Do intervals hold where runs share their error? Noise is common to a mixture's runs, which
 * `--group` says; 10, 20 and 30 mixtures are drawn from an additive law and from a joint law, and
 * the additive law is fitted to both. Counted is how often bootstrap intervals hold the law's true
 * values and the true best mixture.
 */
import { entryOf, firstOf, itemAt } from "../../src/base/known.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { predictRows } from "../../src/fit/result/predictor.ts";
import { bind, type BoundLaw } from "../../src/laws/bind.ts";
import { laws, openEngine, optimize, predict } from "../../src/node.ts";
import { DEFAULTS } from "../../src/options/fit-options.ts";
import { stream } from "../../src/random/rng.ts";
import { drawTruth, type Truth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import type { Effort, Part } from "./part.ts";

const DOMAINS = ["web", "code", "books"];
const TARGETS = ["loss_web"];
/** Of a run alone, and common to the runs of a mixture. */
const NOISE = { own: 0.003, common: 0.004 } as const;
const SCALE = { params: 1e9, tokens: 2e10 };
const GROUPS = [10, 20, 30] as const;
const LAWS = ["additive", "joint"] as const;
type LawName = (typeof LAWS)[number];

/** The law that runs are drawn from, at its true point. */
interface True {
  readonly truth: Truth;
  readonly law: BoundLaw;
  readonly theta: Float64Array;
}

function trueLaw(name: LawName): True {
  const noise = { kind: "lognormal", sigma: NOISE.own } as const;
  const truth = drawTruth(laws[name], DOMAINS, TARGETS, { signs: "positive", seed: 3, noise });
  const law = bind(laws[name], DOMAINS, DEFAULTS, truth.center);
  const { coordinates } = firstOf(truth.targets);
  const theta = Float64Array.from(law.coordinates, (c) => entryOf(coordinates, c.name));
  return { truth, law, theta };
}

/** Table number `n` of so many mixtures. */
async function drawn(name: LawName, { truth }: True, groups: number, n: number): Promise<Runs> {
  const design = {
    domains: DOMAINS,
    targets: TARGETS,
    sizes: [3e7, 1e8, 3e8, 1e9],
    tokens: { perParam: 20, checkpoints: 2 },
    mixtures: groups,
  };
  const { columns, rows } = simulate(laws[name], { ...truth, seed: 1000 + n }, design);
  const draws = stream(78, n + 1);
  const [loss, mixture] = [columns.indexOf("loss_web"), columns.indexOf("mixture_id")];
  const noisy = rows.map((row) => {
    const error = NOISE.common * draws.normal(itemAt(row, mixture), 0);
    return row.map((x, j) => (j === loss ? x * Math.exp(error) : x));
  });
  const text = [columns.join(), ...noisy.map((row) => row.join())].join("\n");
  const table = await parseTable(new TextEncoder().encode(text), "csv", `table ${n}`);
  return toRuns(table, { group: "mixture_id" });
}

type Points = Pick<Runs["train"], "rows" | "inputs" | "weights">;

const pointsAt = (
  mixtures: readonly (readonly number[])[],
  scale: { readonly params: number; readonly tokens: number },
): Points => ({
  rows: mixtures.length,
  inputs: {
    params: new Float64Array(mixtures.length).fill(scale.params),
    tokens: new Float64Array(mixtures.length).fill(scale.tokens),
  },
  weights: Float64Array.from(mixtures.flat()),
});

/** Six mixtures inside the design. */
function inside(): Points {
  const draws = stream(11, 1);
  const mixtures = Array.from({ length: 6 }, (_, m) => {
    const parts = DOMAINS.map((__, i) => 0.3 - Math.log(draws.uniform(m, i)));
    const sum = parts.reduce((a, b) => a + b, 0);
    return parts.map((part) => part / sum);
  });
  return pointsAt(mixtures, { params: 3e8, tokens: 4e9 });
}

/** The true best mixture, to shares of 1/400. */
function bestMixture({ law, theta }: True): readonly number[] {
  const steps = 400;
  const mixtures = Array.from({ length: steps + 1 }, (_, i) =>
    Array.from({ length: steps + 1 - i }, (__, j) => [i, j, steps - i - j].map((x) => x / steps)),
  ).flat();
  const losses = predictRows(law, theta, pointsAt(mixtures, SCALE));
  const least = losses.reduce((best, y, i) => (y < itemAt(losses, best) ? i : best), 0);
  return itemAt(mixtures, least);
}

/** How often intervals held, by what they are of: [held, of]. */
export async function groupCoverage(
  name: LawName,
  groups: number,
  sets: number,
  replicates: number,
): Promise<ReadonlyMap<string, readonly [number, number]>> {
  const known = trueLaw(name);
  const [points, best] = [inside(), bestMixture(known)];
  const exact = predictRows(known.law, known.theta, points);
  const engine = await openEngine({ backend: "cpu" });
  const counts = new Map<string, [number, number]>();
  const add = (what: string, isHeld: boolean): void => {
    const [held, all] = counts.get(what) ?? [0, 0];
    counts.set(what, [held + (isHeld ? 1 : 0), all + 1]);
  };
  for (let n = 0; n < sets; n++) {
    const runs = await drawn(name, known, groups, n);
    const options = { restarts: 48, seed: n, bootstrap: replicates };
    const file = await engine.fit(laws.additive, runs, options);
    const at = { ...runs, targets: [], train: { ...points, rowNumbers: new Int32Array(6), losses: [] } }; // prettier-ignore
    const { findings } = firstOf(file.fits).verdict;
    add(
      "(the verdict says slopes-by-mixture)",
      findings.some(({ code }) => code === "slopes-by-mixture"),
    );
    const { band } = firstOf(predict(file, at, { intervalOf: "law" }));
    if (band === undefined) throw new Error("no interval of a prediction");
    for (const [row, y] of exact.entries())
      add("predictions", y >= itemAt(band.low, row) && y <= itemAt(band.high, row));
    const { interval } = await optimize(file, { ...SCALE, samples: 0, epsilon: 0 });
    if (interval === null) throw new Error("no interval of the best mixture");
    for (const [i, domain] of DOMAINS.entries()) {
      const [low, high] = entryOf(interval.weights, domain);
      const share = itemAt(best, i);
      add(`best share of ${domain}`, share >= (low ?? 0) - 2e-3 && share <= (high ?? 1) + 2e-3);
    }
  }
  await engine.close();
  return counts;
}

/** The study. */
export async function groupsPart({ sets, replicates }: Effort): Promise<Omit<Part, "measured">> {
  const rows: string[][] = [];
  for (const name of LAWS)
    for (const groups of GROUPS)
      for (const [what, [held, all]] of await groupCoverage(name, groups, sets, replicates))
        rows.push([name, `${groups}`, what, `${((100 * held) / all).toFixed(1)} %`, `${all}`]);
  return {
    title: "Intervals where runs share their error",
    method: `${sets} tables of each kind: 3 domains, so many mixtures × 4 sizes × 2 token counts, ${100 * NOISE.common} % noise common to a mixture's runs and ${100 * NOISE.own} % of each run, drawn from the law named and fitted by the additive law with ${replicates} replicates of the mixtures. A row counts how often intervals held the truth, and in how many tables the verdict says that they hold less than their level.`,
    head: ["drawn from", "groups", "intervals of", "held", "of"],
    rows,
    failures: [],
  };
}
