/**
 * Do 95 % intervals hold the truth 95 times in 100? Many data sets drawn from a known additive law,
 * each fitted with a bootstrap; counted is how often the intervals of predictions and of the
 * optimal mixture hold what is true. `npm run coverage -- [--sets 200] [--replicates 400]`
 */
import { parseArgs } from "node:util";
import { stream } from "../src/random/rng.ts";
import { drawTruth } from "../src/simulate/draw-truth.ts";
import { simulate } from "../src/simulate/simulate.ts";
import type { Runs } from "../src/data/runs/run-set.ts";
import { toRuns } from "../src/data/runs/runs.ts";
import { parseTable } from "../src/data/table/parse-table.ts";
import { predictRows } from "../src/fit/result/predictor.ts";
import { bind } from "../src/laws/bind.ts";
import { type FitFile, laws, openEngine, optimize, predict } from "../src/node.ts";
import { DEFAULTS, INTERVALS } from "../src/base/fit-options.ts";

const { values: flags } = parseArgs({
  options: {
    sets: { type: "string", default: "200" },
    replicates: { type: "string", default: "400" },
    noise: { type: "string", default: "0.005" },
    backend: { type: "string", default: "auto" },
  },
});
const DOMAINS = ["web", "code", "books"];
const TARGETS = ["loss_web", "loss_code"];
const DESIGN = {
  domains: DOMAINS,
  targets: TARGETS,
  sizes: [3e7, 1e8, 3e8, 1e9],
  tokens: [1e9, 4e9, 1.6e10],
  mixtures: 40,
};
const SCALE = { params: 3e9, tokens: 6e10 };
const OPTIONS = { restarts: 64, bootstrap: Number(flags.replicates), level: 0.95 };

/** Points inside and beyond the design at which the law's value is predicted. */
const POINTS = (() => {
  const draws = stream(11, 1);
  const scales = [[1e8, 4e9], [1e9, 1.6e10], [3e9, 6e10]] as const; // prettier-ignore
  const rows = scales.flatMap(([params, tokens], s) =>
    Array.from({ length: 6 }, (_, m) => {
      const e = DOMAINS.map((__, i) => 0.3 - Math.log(draws.uniform(6 * s + m, i)));
      const sum = e.reduce((a, b) => a + b, 0);
      return { params, tokens, weights: e.map((x) => x / sum) };
    }),
  );
  return {
    rows: rows.length,
    inputs: {
      params: Float64Array.from(rows, (r) => r.params),
      tokens: Float64Array.from(rows, (r) => r.tokens),
    },
    weights: Float64Array.from(rows.flatMap((r) => r.weights)),
    beyond: rows.map((r) => r.params > 1e9),
  };
})();

const TRUTH = drawTruth(laws.additive, DOMAINS, TARGETS, {
  signs: "positive",
  seed: 3,
  noise: { kind: "lognormal", sigma: Number(flags.noise) },
});
const LAW = bind(laws.additive, DOMAINS, DEFAULTS, TRUTH.center);
const THETAS = TRUTH.targets.map(({ coordinates }) =>
  Float64Array.from(LAW.coordinates, ({ name }) => coordinates[name]),
);

/** Data set number n: new mixtures, new noise, the same truth. */
async function drawn(n: number): Promise<Runs> {
  const { columns, rows } = simulate(laws.additive, { ...TRUTH, seed: 1000 + n }, DESIGN);
  const text = [columns.join(), ...rows.map((row) => row.join())].join("\n");
  return toRuns(await parseTable(new TextEncoder().encode(text), "csv", `data set ${n}`));
}

/** The file that a perfect fit would give. */
const perfect = (file: FitFile): FitFile => ({
  ...file,
  fits: file.fits.map((fit, t) => ({
    ...fit,
    coordinates: TRUTH.targets[t].coordinates,
    center: TRUTH.center,
    bootstrap: null,
  })),
});

interface Count {
  held: number;
  of: number;
}
const counts = new Map<string, Count>();
function count(
  what: string,
  truth: number,
  [low, high]: readonly [number | null, number | null],
): void {
  const c = counts.get(what) ?? { held: 0, of: 0 };
  counts.set(what, c);
  c.of++;
  if (truth >= (low ?? -Infinity) - 1e-9 && truth <= (high ?? Infinity) + 1e-9) c.held++;
}

const engine = await openEngine({ backend: flags.backend as "auto" });
const began = performance.now();
let best: Readonly<Record<string, number>> | undefined;
const exact = THETAS.map((theta) => predictRows(LAW, theta, POINTS));
for (let n = 0; n < Number(flags.sets); n++) {
  const runs = await drawn(n);
  const file = await engine.fit(laws.additive, runs, { ...OPTIONS, seed: n });
  const points: Runs = {
    ...runs,
    targets: [],
    train: {
      rows: POINTS.rows,
      rowNumbers: new Int32Array(POINTS.rows),
      inputs: POINTS.inputs,
      weights: POINTS.weights,
      losses: [],
    },
  };
  best ??= (await optimize(perfect(file), { ...SCALE, samples: 0, epsilon: 0 })).weights;
  for (const kind of INTERVALS) {
    for (const [t, { band }] of predict(file, points, { interval: kind }).entries()) {
      if (band === undefined) throw new Error("no band");
      for (let row = 0; row < POINTS.rows; row++)
        count(`${kind}, predictions ${POINTS.beyond[row] ? "beyond" : "inside"}`, exact[t][row], [
          band.low[row],
          band.high[row],
        ]);
    }
    const { interval } = await optimize(file, { ...SCALE, samples: 0, epsilon: 0, interval: kind });
    if (interval === null) throw new Error("no interval");
    for (const [domain, ends] of Object.entries(interval.weights))
      count(`${kind}, h* ${domain}`, best[domain], ends);
  }
  if ((n + 1) % 10 === 0)
    process.stderr.write(
      `${n + 1} data sets, ${((performance.now() - began) / 1000).toFixed(0)} s\n`,
    );
}
await engine.close();
for (const [what, { held, of }] of counts)
  console.log(`${what.padEnd(32)} ${((100 * held) / of).toFixed(1)} % of ${of}`);
