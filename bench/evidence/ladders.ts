/**
 * Do 95 % intervals of a new run hold it? On public ladders of runs, beyond the sizes that were
 * fitted, and on runs drawn from a known law, inside and one size up. Scored is, beside how often
 * they hold, the interval score of Gneiting & Raftery (2007), width + (2/α)·miss, in percent of the
 * loss: no interval is bought by width.
 */
import { itemAt } from "../../src/base/known.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import {
  type Engine,
  type FitFile,
  type Law,
  laws,
  openEngine,
  predict,
  readRuns,
} from "../../src/node.ts";
import { dataFolder, sharedData } from "../../test/support/data.ts";
import type { Effort, Part } from "./part.ts";
import { type Scored, scoredAt, scoreRow } from "./score-intervals.ts";
import { simulatedRows } from "./new-runs.ts";

/**
 * The first form of a predictive interval, to compare with: half widths 1.96·√((bx)² + (sx)² +
 * s₀²), b and s the root mean squares over back-tests of (mean error)/x and (excess scatter)/x.
 */
function firstForm(file: FitFile, points: Runs, law: string): Scored[] {
  const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;
  const { range } = file.data;
  return predict(file, points)
    .filter((prediction) => prediction.law === law)
    .flatMap(({ target, values }) => {
      const fit = file.fits.find((each) => each.law === law && each.target === target);
      const list = fit?.backtests?.list ?? [];
      const b = mean(list.map(({ error, distance }) => (error / distance) ** 2));
      const s = mean(list.map((t) => Math.max(0, t.scatter ** 2 - t.noise ** 2) / t.distance ** 2));
      const losses = itemAt(points.train.losses, points.targets.indexOf(target));
      const { params = losses, tokens = losses } = points.train.inputs;
      return [...losses.keys()].flatMap((row) => {
        const x = Math.max(
          0,
          Math.log((6 * itemAt(params, row) * itemAt(tokens, row)) / (range.compute?.max ?? NaN)),
          Math.log(itemAt(params, row) / (range.params?.max ?? NaN)),
        );
        const half = 1.96 * Math.sqrt((b + s) * x ** 2 + (fit?.residualSd ?? NaN) ** 2);
        const [loss, predicted] = [itemAt(losses, row), itemAt(values, row)];
        return Number.isNaN(loss)
          ? []
          : [{ loss, predicted, low: predicted - half, high: predicted + half }];
      });
    });
}

interface Ladder {
  readonly name: string;
  readonly file: string;
  readonly where: string;
  /** The runs that are predicted. */
  readonly larger: string;
  readonly laws: readonly Law[];
  readonly targets?: string;
  readonly group?: string;
}

const SLIM = {
  file: "slimpajama7.csv",
  targets: "loss_*,!loss_openhermes",
  group: "mixture_id",
  laws: [laws.additive, laws.joint],
};
const KEPT = "duplicate_checkpoint == 0 and";
const CORPORA = { c4_original: 5.6e21, rpj: 7.9e21, rw_original: 5.6e21 };
const LADDERS: readonly Ladder[] = [
  { ...SLIM, name: "slimpajama7, 3B from ≤ 1.24B", where: `${KEPT} split == 'train'`, larger: `${KEPT} split == 'eval'` },
  { ...SLIM, name: "openhermes, 3B from ≤ 1.24B", targets: "loss_openhermes", where: `${KEPT} split == 'train'`, larger: `${KEPT} split == 'eval'` },
  { ...SLIM, name: "slimpajama7, 3B from ≤ 937M", where: `${KEPT} split == 'train' and n_params < 1e9`, larger: `${KEPT} split == 'eval'` },
  { ...SLIM, name: "slimpajama7, 1.24B from ≤ 937M", where: `${KEPT} split == 'train' and n_params < 1e9`, larger: `${KEPT} split == 'train' and n_params > 1e9` },
  { name: "pile5, 806M from ≤ 302M", file: "pile5.csv", group: "mixture_id", laws: [laws.additive, laws.joint], where: "n_params < 7e8", larger: "n_params > 7e8" },
  ...Object.entries(CORPORA).map(([corpus, most]) => ({
    name: `overtrain ${corpus}, largest compute`,
    file: "overtrain.csv",
    laws: [laws.chinchilla],
    where: `dataset == '${corpus}' and 6*n_params*n_tokens < ${most}`,
    larger: `dataset == '${corpus}' and 6*n_params*n_tokens >= ${most}`,
  })),
]; // prettier-ignore

/** One ladder's rows, and the scored losses that go into the pool. */
async function ladderRows(
  engine: Engine,
  { name, file, where, larger, laws: tested, targets = "loss_*", group }: Ladder,
  replicates: number,
): Promise<string[][]> {
  const path = sharedData(file);
  if (path === undefined) return [[name, `${file} is not in ${dataFolder}`, "", "", "", ""]];
  const grouped = group === undefined ? {} : { group };
  const runs = await readRuns(path, { where, targets, ...grouped });
  const points = await readRuns(path, { where: larger, targets });
  const fitted = await engine.fit(tested, runs, { bootstrap: replicates, backtest: true });
  return tested.flatMap((law) => [
    scoreRow(`${name}, ${law.name}`, "new run", scoredAt(fitted, points, law.name, "run")),
    scoreRow(`${name}, ${law.name}`, "first form", firstForm(fitted, points, law.name)),
    ...(replicates === 0
      ? []
      : [
          scoreRow(
            `${name}, ${law.name}`,
            "law's value",
            scoredAt(fitted, points, law.name, "law"),
          ),
        ]),
  ]);
}

/** The study. */
export async function ladders({
  sets,
  replicates,
  backend,
}: Effort): Promise<Omit<Part, "measured">> {
  const engine = await openEngine({ backend });
  const rows: string[][] = [];
  for (const ladder of LADDERS) {
    rows.push(...(await ladderRows(engine, ladder, replicates)));
    process.stderr.write(`ladders: ${ladder.name}\n`);
  }
  rows.push(...(await simulatedRows(engine, sets, replicates)));
  await engine.close();
  return {
    title: "Predictive intervals on ladders of runs",
    method: `95 % intervals of runs larger than those that were fitted, and of new runs drawn from a known additive law (7 domains, 40 mixtures × 4 sizes × 3 token counts, 0.5 % noise; ${sets} tables). "new run" are the intervals that predict gives, "first form" simpler ones from the same back-tests, "law's value" those of the bootstrap alone (${replicates} replicates). Half widths are over the median absolute error, 2.9 where errors are normal and intervals right; the interval score is in percent of the loss. Simulated rows have, in place of the first form, the ratio of the half width to 1.96·√(bootstrap² + noise²).`,
    head: ["runs", "intervals of", "losses", "held", "half width / error", "score %"],
    rows,
    failures: [],
  };
}
