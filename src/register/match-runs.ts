/** Which runs of a table are registered ones: by N, D and other inputs, and by the mixture. */
import { InputError } from "../base/errors.ts";
import { compact, percent } from "../base/format-number.ts";
import { itemAt, ownOf } from "../base/known.ts";
import { option } from "../base/option-text.ts";
import { listed } from "../base/wording.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { phaseOfFraction } from "../options/phases.ts";
import { domainOfSupply } from "../options/supply.ts";
import type { Plan, RegisteredMixture, RegisteredPoint } from "./plan.ts";

/** A mixture that has this share of the data in other domains than a registered one is another. */
const APART = 0.005;

/** A run that is a registered one. */
export interface Match {
  readonly plan: number;
  readonly point: number;
  readonly mixture: RegisteredMixture;
  /** Its place among the runs. */
  readonly run: number;
}

/** A row of runs, as it is looked for in plans. */
interface Run {
  readonly inputs: (name: string) => number | undefined;
  readonly share: (domain: string) => number;
  /** The share of the data in domains that a plan does not have is counted by all of them. */
  readonly total: number;
}

/** Runs by their row. */
function runReader({ domains, train: { inputs, weights } }: Runs): (row: number) => Run {
  const k = domains.length;
  const places = new Map(domains.map((domain, i) => [domain, i]));
  return (row) => {
    let total = 0;
    for (let i = row * k; i < (row + 1) * k; i++) total += itemAt(weights, i);
    return {
      inputs: (name) => ownOf(inputs, name)?.[row],
      share: (domain) => {
        const place = places.get(domain);
        return place === undefined ? 0 : itemAt(weights, row * k + place);
      },
      total,
    };
  };
}

/** What of a point runs are looked for by. Supply says what there is, and not what a run has. */
type Sought = readonly (readonly [name: string, value: number])[];
const sought = ({ at: { params, tokens, inputs } }: RegisteredPoint): Sought =>
  [
    ...(params === null ? [] : [["params", params] as const]),
    ...(tokens === null ? [] : [["tokens", tokens] as const]),
    ...Object.entries(inputs).filter(([name]) => domainOfSupply(name) === undefined),
  ]; // prettier-ignore

/** The largest relative difference of a run's inputs from a point's; of 0 only 0 is not far. */
function offBy(run: Run, point: Sought): number {
  let most = 0;
  for (const [name, value] of point)
    most = Math.max(most, relative(run.inputs(name) ?? NaN, value));
  return most;
}

function relative(x: number, value: number): number {
  if (x === value) return 0;
  const difference = Math.abs(x / value - 1);
  return Number.isNaN(difference) ? Infinity : difference;
}

/** Share of the data that a run has in other domains than a mixture. */
function distance(run: Run, domains: readonly string[], { weights }: RegisteredMixture): number {
  const common = domains.reduce(
    (sum, domain) => sum + Math.min(run.share(domain), ownOf(weights, domain) ?? 0),
    0,
  );
  return run.total - common;
}

const nearest = <T>(items: readonly T[], far: (item: T) => number): { item: T; far: number } | undefined =>
  items
    .map((item) => ({ item, far: far(item) }))
    .reduce<{ item: T; far: number } | undefined>(
      (best, other) => (best === undefined || other.far < best.far ? other : best),
      undefined,
    ); // prettier-ignore

/**
 * The runs that are registered ones, each as the nearest: of the points that are nearest, which
 * are several where they differ by more than a run shows, the nearest mixture.
 *
 * @param within how far N, D and other inputs may be from the registered ones, relatively
 * @throws InputError where the table lacks a column that runs are found by, and where no run is a
 *   registered one.
 */
export function matchRuns(plans: readonly Plan[], runs: Runs, within: number): Match[] {
  for (const plan of plans) checkColumns(plan, runs);
  const matches: Match[] = [];
  const at = runReader(runs);
  const places = plans.map(({ points }) => points.map(sought));
  for (let row = 0; row < runs.train.rows; row++) {
    const run = at(row);
    for (const [p, { points, domains }] of plans.entries()) {
      const off = itemAt(places, p).map((place) => offBy(run, place));
      const least = Math.min(...off);
      if (least > within) continue;
      const known = points.flatMap(({ mixtures }, point) =>
        off[point] === least ? mixtures.map((mixture) => ({ point, mixture })) : [],
      );
      const found = nearest(known, ({ mixture }) => distance(run, domains, mixture));
      if (found === undefined || found.far > APART) continue;
      matches.push({ plan: p, ...found.item, run: row });
    }
  }
  if (matches.length === 0) throw noneOf(plans, runs, within);
  return matches;
}

function checkColumns({ points, domains }: Plan, { source, train, domains: known }: Runs): void {
  const names = new Set(points.flatMap((point) => sought(point).map(([name]) => name)));
  for (const name of names)
    if (!Object.hasOwn(train.inputs, name))
      throw new InputError(
        `${source} has no column of ${name}, by which registered runs are found: name it with ${option(optionOf(name))}`,
        { file: source },
      );
  if (known.length > 0) return;
  throw new InputError(
    `${source} has no shares of ${listed(domains)}, by which registered mixtures are found: call them h_<domain>, or name them with ${option("weights")}`,
    { file: source },
  );
}

/** The option that names the column of an input. */
function optionOf(name: string): string {
  if (phaseOfFraction(name) !== undefined) return "phases";
  return name === "params" || name === "tokens" ? name : `inputs.${name}`;
}

/** A run that is no registered one, and what it comes nearest to. */
interface Near {
  readonly row: number;
  readonly point: Sought;
  readonly off: number;
  readonly mixture: { readonly item: RegisteredMixture; readonly far: number };
  /** The larger of both distances, in those that are taken for the same. */
  readonly cost: number;
}

/** The run that comes nearest, of all plans; undefined without runs. */
function nearestRun(plans: readonly Plan[], runs: Runs, within: number): Near | undefined {
  const at = runReader(runs);
  let best: Near | undefined;
  for (const { points, domains } of plans)
    for (const registered of points) {
      const point = sought(registered);
      for (let row = 0; row < runs.train.rows; row++) {
        const run = at(row);
        const off = offBy(run, point);
        const least = off <= within ? 0 : off / within;
        if (best !== undefined && least >= best.cost) continue;
        const mixture = nearest(registered.mixtures, (each) => distance(run, domains, each));
        if (mixture === undefined) continue;
        const cost = Math.max(least, mixture.far / APART);
        if (best === undefined || cost < best.cost) best = { row, point, off, mixture, cost };
      }
    }
  return best;
}

/** What is said of a table without a registered run: which comes nearest, and what keeps it. */
function noneOf(plans: readonly Plan[], runs: Runs, within: number): InputError {
  const file = runs.source;
  const best = nearestRun(plans, runs, within);
  if (best === undefined) return new InputError(`${file} has no runs`, { file });
  const { inputs } = runReader(runs)(best.row);
  const number = itemAt(runs.train.rowNumbers, best.row);
  const where = best.point.map(
    ([name, value]) => `${name} ${compact(inputs(name) ?? NaN)} (registered: ${compact(value)})`,
  );
  const why =
    best.off > within
      ? `has ${listed(where)}, and at most ${percent(within)} apart is taken for the same (${option("within")})`
      : `has ${percent(best.mixture.far, 2)} of the data in other domains than "${best.mixture.item.name}", and at most ${percent(APART)} is taken for the same`;
  return new InputError(
    `no run of ${file} is a registered one: the nearest, row ${number}, ${why}`,
    { file, row: number },
  );
}
