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
import { type Scored, scoredAt, scoreOf, scoreRow } from "./score-intervals.ts";
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
  /** Of N and D, where they are called otherwise. */
  readonly columns?: { readonly params: string; readonly tokens: string };
  /** Whether its losses count in the pool, for which goals are set. */
  readonly isPooled?: true;
}

/** The same losses with the intervals of each kind. */
interface Compared {
  readonly "new run": readonly Scored[];
  readonly "first form": readonly Scored[];
  readonly "law's value": readonly Scored[];
}
const KINDS = ["new run", "first form", "law's value"] as const;

/** Of the pool, and of the ladder whose laws are the paper's: at least so many held, … */
const LEAST_HELD = 0.9;
/** … and at most so wide, in median absolute errors. */
const WIDEST = 4;

const SLIM = {
  file: "slimpajama7.csv",
  targets: "loss_*,!loss_openhermes",
  group: "mixture_id",
  laws: [laws.additive, laws.joint],
};
const KEPT = "duplicate_checkpoint == 0 and";
const CORPORA = { c4_original: 5.6e21, rpj: 7.9e21, rw_original: 5.6e21 };
const LADDERS: readonly Ladder[] = [
  { ...SLIM, isPooled: true, name: "slimpajama7, 3B from ≤ 1.24B", where: `${KEPT} split == 'train'`, larger: `${KEPT} split == 'eval'` },
  { ...SLIM, name: "openhermes, 3B from ≤ 1.24B", targets: "loss_openhermes", where: `${KEPT} split == 'train'`, larger: `${KEPT} split == 'eval'` },
  { ...SLIM, name: "slimpajama7, 3B from ≤ 937M", where: `${KEPT} split == 'train' and n_params < 1e9`, larger: `${KEPT} split == 'eval'` },
  { ...SLIM, name: "slimpajama7, 1.24B from ≤ 937M", where: `${KEPT} split == 'train' and n_params < 1e9`, larger: `${KEPT} split == 'train' and n_params > 1e9` },
  { isPooled: true, name: "pile5, 806M from ≤ 302M", file: "pile5.csv", group: "mixture_id", laws: [laws.additive, laws.joint], where: "n_params < 7e8", larger: "n_params > 7e8" },
  ...Object.entries(CORPORA).map(([corpus, most]) => ({
    name: `overtrain ${corpus}, largest compute`,
    file: "overtrain.csv",
    isPooled: true as const,
    laws: [laws.chinchilla],
    where: `dataset == '${corpus}' and 6*n_params*n_tokens < ${most}`,
    larger: `dataset == '${corpus}' and 6*n_params*n_tokens >= ${most}`,
  })),
  { name: "Farseer, 568M to 1.13B from ≤ 477M", file: "scalebench/farseer.csv", targets: "loss", columns: { params: "N", tokens: "D" }, laws: [laws.chinchilla], where: "split == 'pool' and N < 5e8", larger: "split == 'pool' and N > 5e8 and N < 1.3e9" },
]; // prettier-ignore

/** A ladder's losses by law; undefined where its table is missing. */
async function compared(
  engine: Engine,
  { file, where, larger, laws: tested, targets = "loss_*", group, columns }: Ladder,
  replicates: number,
): Promise<ReadonlyMap<string, Compared> | undefined> {
  const path = sharedData(file);
  if (path === undefined) return undefined;
  const grouped = group === undefined ? {} : { group };
  const runs = await readRuns(path, { where, targets, ...columns, ...grouped });
  const points = await readRuns(path, { where: larger, targets, ...columns });
  const fitted = await engine.fit(tested, runs, { bootstrap: replicates, backtest: true });
  return new Map(
    tested.map(({ name }) => [
      name,
      {
        "new run": scoredAt(fitted, points, name, "run"),
        "first form": firstForm(fitted, points, name),
        "law's value": replicates === 0 ? [] : scoredAt(fitted, points, name, "law"),
      },
    ]),
  );
}

const pooled = (parts: readonly Compared[]): Compared => ({
  "new run": parts.flatMap((part) => part["new run"]),
  "first form": parts.flatMap((part) => part["first form"]),
  "law's value": parts.flatMap((part) => part["law's value"]),
});

const rowsOf = (what: string, scored: Compared): string[][] =>
  KINDS.filter((kind) => scored[kind].length > 0).map((kind) => scoreRow(what, kind, scored[kind]));

/** Goals that were missed. */
function missed(what: string, scored: Compared): string[] {
  const [own, ...others] = KINDS.map((kind) => scoreOf(scored[kind]));
  if (own === undefined) return [`${what}: no losses to compare with`];
  return [
    ...(own.held < LEAST_HELD ? [`${what}: ${(100 * own.held).toFixed(1)} % held`] : []),
    ...(own.width > WIDEST * own.error
      ? [`${what}: half width ${(own.width / own.error).toFixed(2)} × the median error`]
      : []),
    ...(others.some((other) => other !== undefined && other.score < own.score)
      ? [`${what}: another kind of interval has the better score`]
      : []),
  ];
}

/** The study. */
export async function ladders({
  sets,
  replicates,
  ladder: wanted,
  backend,
}: Effort): Promise<Omit<Part, "measured">> {
  const looked = LADDERS.filter(({ name }) => wanted === undefined || name.includes(wanted));
  if (looked.length === 0)
    throw new Error(`no ladder has "${wanted}" in its name: ${LADDERS.map(({ name }) => name).join("; ")}`); // prettier-ignore
  const engine = await openEngine({ backend });
  const rows: string[][] = [];
  const failures: string[] = [];
  const pool: Compared[] = [];
  for (const ladder of looked) {
    const byLaw = await compared(engine, ladder, replicates);
    if (byLaw === undefined)
      rows.push([ladder.name, `${ladder.file} is not in ${dataFolder}`, "", "", "", ""]);
    for (const [law, scored] of byLaw ?? []) {
      const what = `${ladder.name}, ${law}`;
      rows.push(...rowsOf(what, scored));
      if (ladder.isPooled) pool.push(scored);
      if (ladder.isPooled && ladder.file === SLIM.file) failures.push(...missed(what, scored));
    }
    process.stderr.write(`ladders: ${ladder.name}\n`);
  }
  if (wanted === undefined) {
    rows.push(...rowsOf("the pool", pooled(pool)));
    failures.push(...missed("the pool", pooled(pool)));
    rows.push(...(await simulatedRows(engine, sets, replicates)));
  }
  await engine.close();
  return {
    title: "Predictive intervals on ladders of runs",
    method: `95 % intervals of runs larger than those that were fitted, and of new runs drawn from a known additive law (7 domains, 40 mixtures × 4 sizes × 3 token counts, 0.5 % noise; ${sets} tables). "new run" are the intervals that predict gives, "first form" simpler ones from the same back-tests, "law's value" those of the bootstrap alone (${replicates} replicates). "The pool" is slimpajama7's 3B from ≤ 1.24B, pile5 and overtrain; on it and on the first of them alone ${100 * LEAST_HELD} % and more have to be held, with the best score of the three, and half widths of at most ${WIDEST} median absolute errors. Half widths are over the median absolute error, 2.9 where errors are normal and intervals right; the interval score is in percent of the loss. Simulated rows have, in place of the first form, the ratio of the half width to 1.96·√(bootstrap² + noise²).`,
    head: ["runs", "intervals of", "losses", "held", "half width / error", "score %"],
    rows,
    failures,
  };
}
