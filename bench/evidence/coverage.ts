/**
 * Do 95 % intervals hold the truth 95 times in 100? Many tables are drawn from a known additive
 * law; each is fitted with a bootstrap; counted is how often the intervals of predictions and of
 * the best mixture hold what is true.
 */
import { entryOf, itemAt } from "../../src/base/known.ts";
import { DEFAULTS } from "../../src/options/fit-options.ts";
import { INTERVALS } from "../../src/stats/interval.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { predictRows } from "../../src/fit/result/predictor.ts";
import { bind } from "../../src/laws/bind.ts";
import { type FitFile, laws, openEngine, optimize, predict } from "../../src/node.ts";
import { stream } from "../../src/random/rng.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import type { Effort, Part } from "./part.ts";

const DOMAINS = ["web", "code", "books"];
const TARGETS = ["loss_web", "loss_code"];
const DESIGN = {
  domains: DOMAINS,
  targets: TARGETS,
  sizes: [3e7, 1e8, 3e8, 1e9],
  tokens: [1e9, 4e9, 1.6e10],
  mixtures: 40,
};
const NOISE = 0.005;
/** Where the best mixture is wanted, three times beyond the largest size. */
const SCALE = { params: 3e9, tokens: 6e10 };

const TRUTH = drawTruth(laws.additive, DOMAINS, TARGETS, {
  signs: "positive",
  seed: 3,
  noise: { kind: "lognormal", sigma: NOISE },
});

/** Points inside and beyond the design at which the law's value is predicted. */
function points(): Runs["train"] & { readonly beyond: readonly boolean[] } {
  const draws = stream(11, 1);
  const scales = [
    [1e8, 4e9],
    [1e9, 1.6e10],
    [3e9, 6e10],
  ] as const;
  const rows = scales.flatMap(([params, tokens], s) =>
    Array.from({ length: 6 }, (_, m) => {
      const parts = DOMAINS.map((__, i) => 0.3 - Math.log(draws.uniform(6 * s + m, i)));
      const sum = parts.reduce((a, b) => a + b, 0);
      return { params, tokens, weights: parts.map((part) => part / sum) };
    }),
  );
  return {
    rows: rows.length,
    rowNumbers: new Int32Array(rows.length),
    inputs: {
      params: Float64Array.from(rows, (row) => row.params),
      tokens: Float64Array.from(rows, (row) => row.tokens),
    },
    weights: Float64Array.from(rows.flatMap((row) => row.weights)),
    losses: [],
    beyond: rows.map((row) => row.params > 1e9),
  };
}

/** Table number n: new mixtures, new noise, the same truth. */
async function drawn(n: number): Promise<Runs> {
  const { columns, rows } = simulate(laws.additive, { ...TRUTH, seed: 1000 + n }, DESIGN);
  const text = [columns.join(), ...rows.map((row) => row.join())].join("\n");
  return toRuns(await parseTable(new TextEncoder().encode(text), "csv", `table ${n}`));
}

/** The file that a perfect fit would give. */
const perfect = (file: FitFile): FitFile => ({
  ...file,
  fits: file.fits.map((fit, t) => ({
    ...fit,
    coordinates: itemAt(TRUTH.targets, t).coordinates,
    center: TRUTH.center,
    bootstrap: null,
  })),
});

/** How often intervals held the truth, by what they are of. */
class Tally {
  readonly #counts = new Map<string, { held: number; of: number }>();

  add(what: string, truth: number, [low, high]: readonly [number | null, number | null]): void {
    const count = this.#counts.get(what) ?? { held: 0, of: 0 };
    this.#counts.set(what, count);
    count.of++;
    if (truth >= (low ?? -Infinity) - 1e-9 && truth <= (high ?? Infinity) + 1e-9) count.held++;
  }

  rows(): string[][] {
    return [...this.#counts].map(([what, { held, of }]) => [
      what,
      `${((100 * held) / of).toFixed(1)} %`,
      `${of}`,
    ]);
  }
}

/** Counts the intervals of one table's fit, of both kinds. */
async function countIntervals(
  tally: Tally,
  file: FitFile,
  at: Runs,
  truth: { readonly losses: readonly Float64Array[]; readonly best: Record<string, number> },
  beyond: readonly boolean[],
): Promise<void> {
  for (const kind of INTERVALS) {
    for (const [t, { band }] of predict(file, at, {
      interval: kind,
      intervalOf: "law",
    }).entries()) {
      if (band === undefined) throw new Error("no interval of a prediction");
      for (const [row, far] of beyond.entries())
        tally.add(
          `${kind}, predictions ${far ? "beyond" : "inside"} the sizes`,
          itemAt(itemAt(truth.losses, t), row),
          [itemAt(band.low, row), itemAt(band.high, row)],
        );
    }
    const { interval } = await optimize(file, { ...SCALE, samples: 0, epsilon: 0, interval: kind });
    if (interval === null) throw new Error("no interval of the best mixture");
    for (const [domain, ends] of Object.entries(interval.weights))
      tally.add(`${kind}, best share of ${domain}`, entryOf(truth.best, domain), ends);
  }
}

/** The study. */
export async function coverage({
  sets,
  replicates,
  backend,
}: Effort): Promise<Omit<Part, "measured">> {
  const law = bind(laws.additive, DOMAINS, DEFAULTS, TRUTH.center);
  const { beyond, ...train } = points();
  const losses = TRUTH.targets.map(({ coordinates }) =>
    predictRows(
      law,
      Float64Array.from(law.coordinates, ({ name }) => entryOf(coordinates, name)),
      train,
    ),
  );
  const engine = await openEngine({ backend });
  const tally = new Tally();
  let best: Record<string, number> | undefined;
  for (let n = 0; n < sets; n++) {
    const runs = await drawn(n);
    const options = { restarts: 64, bootstrap: replicates, level: 0.95, seed: n };
    const file = await engine.fit(laws.additive, runs, options);
    best ??= (await optimize(perfect(file), { ...SCALE, samples: 0, epsilon: 0 })).weights;
    await countIntervals(tally, file, { ...runs, targets: [], train }, { losses, best }, beyond);
    if ((n + 1) % 10 === 0) process.stderr.write(`coverage: ${n + 1} of ${sets} tables\n`);
  }
  await engine.close();
  return {
    title: "Coverage of 95 % intervals",
    method: `${sets} tables drawn from a known additive law (3 domains, 40 mixtures × 4 sizes × 3 token counts, ${100 * NOISE} % independent noise), each fitted with ${replicates} replicates. A row counts how often intervals held the truth.`,
    head: ["intervals", "held", "of"],
    rows: tally.rows(),
    failures: [],
  };
}
