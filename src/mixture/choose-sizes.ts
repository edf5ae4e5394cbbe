/**
 * Choosing sizes where there is no mixture to choose: N, D and what else a law leaves open, at a
 * training compute.
 */
import * as v from "valibot";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { intervalsOf } from "../fit/inference/bands.ts";
import { replicatesOf } from "../fit/result/stored-replicates.ts";
import { checkGuards, checkInputs, checkValues } from "../fit/result/check-data.ts";
import { restore } from "../fit/predict.ts";
import { predictRows } from "../fit/result/predictor.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import type { LawInput } from "../laws/law.ts";
import { suggest } from "../base/wording.ts";
import { interval } from "../stats/interval.ts";
import { VERSION } from "../base/version.ts";
import type { OptimizeOptions } from "./request/optimum.ts";
import { OPTIMIZE_ENTRIES, someFlops } from "./request/check-options.ts";
import { anObject, type EntriesOf, readOptions } from "../options/option-schema.ts";
import { outside } from "./at-scale.ts";
import type { Fitted } from "./goal/surface.ts";

/** What is asked of `optimizeSizes`. */
export interface SizesOptions extends Pick<
  OptimizeOptions,
  "objective" | "law" | "inputs" | "intervals" | "level" | "interval"
> {
  /** Training compute, 6 × active parameters × tokens. */
  readonly flops: number;
}

const SIZES = anObject({
  flops: someFlops,
  ...v.pick(v.object(OPTIMIZE_ENTRIES), [
    "objective",
    "law",
    "inputs",
    "intervals",
    "level",
    "interval",
  ]).entries,
} satisfies EntriesOf<SizesOptions>);

/** The best N and D at a compute, `mixlaw/sizes@1`. */
export interface Sizes {
  /** Name and version of the format. */
  readonly schema: "mixlaw/sizes@1";
  /** The version of mixlaw that wrote it. */
  readonly version: string;
  /** The training compute. */
  readonly flops: number;
  /** N, D and the law's other inputs, as chosen or as given. */
  readonly at: Readonly<Record<string, number>>;
  /** Names of what was chosen, of those in `at`. */
  readonly chosen: readonly string[];
  /** The law that predicts each target. */
  readonly laws: Readonly<Record<string, string>>;
  /** The least objective. */
  readonly objective: number;
  /** Predicted loss by target. */
  readonly predicted: Readonly<Record<string, number>>;
  /** Sizes whose best loss is within `epsilon` of the best. */
  readonly nearOptimal: {
    /** In units of the objective. */
    readonly epsilon: number;
    /** Smallest and largest N. */
    readonly params: readonly [number, number];
  };
  /** Intervals of what was chosen, over the replicates of the fits' bootstrap; null without one. */
  readonly interval: Readonly<Record<string, readonly [number, number]>> | null;
  /** Passes over the unique tokens, where the law knows them. */
  readonly epochs: number | null;
  /** Sentences a user should read. */
  readonly warnings: readonly string[];
}

/** Tokens a parameter between which N is looked for: far wider than any run. */
const RATIOS = { least: 1e-2, most: 1e5 } as const;
/**
 * Points a side of the first and of later grids; a grid covers one and a half steps of the one
 * before on either side.
 */
const GRID = { one: 129, two: 41 } as const;
const ROUNDS = { best: 14, replicate: 6 } as const;
const EPSILON = 5e-4;

type Box = readonly (readonly [number, number])[];

/**
 * Refines a grid around its best point: one basin is expected, and the first grid is fine enough to
 * be in it.
 */
function zoom(
  f: (points: readonly number[][]) => Float64Array,
  box: Box,
  rounds: number,
): { readonly point: number[]; readonly value: number } {
  const n = box.length === 1 ? GRID.one : GRID.two;
  let now: Box = box;
  let found = { point: box.map(([low]) => low), value: Infinity };
  for (let round = 0; round < rounds; round++) {
    const axes = now.map(([low, high]) =>
      Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1)),
    );
    const points = axes.reduce<number[][]>(
      (all, axis) => all.flatMap((p) => axis.map((x) => [...p, x])),
      [[]],
    );
    for (const [i, value] of f(points).entries())
      if (value < found.value) found = { point: points[i], value };
    now = now.map(([low, high], d) => {
      const reach = (1.5 * (high - low)) / (n - 1);
      return [
        Math.max(box[d][0], found.point[d] - reach),
        Math.min(box[d][1], found.point[d] + reach),
      ] as const;
    });
  }
  return found;
}

interface Job {
  readonly fitted: readonly Fitted[];
  readonly weights: readonly number[];
  readonly open: LawInput | undefined;
  readonly given: Readonly<Record<string, number>>;
  readonly flops: number;
}

/**
 * The place of a point (ln of tokens a parameter, and the open input). 6·N·active·D = C with D = rN
 * gives N = √(C/(6·r·active)).
 */
function placeOf(
  { open, given, flops }: Job,
  [lnRatio, value]: readonly number[],
): Record<string, number> {
  const active = open?.active?.(value) ?? 1;
  const ratio = Math.exp(lnRatio);
  const params = Math.sqrt(flops / (6 * ratio * active));
  return {
    params,
    tokens: ratio * params,
    ...given,
    ...(open === undefined ? {} : { [open.name]: value }),
  };
}

/** Weighted losses at points, by target and in all; infinite where a law has no value. */
function lossesAt(
  job: Job,
  thetas: readonly ArrayLike<number>[],
  points: readonly number[][],
): { total: Float64Array; each: Float64Array[] } {
  const places = points.map((point) => placeOf(job, point));
  const inputs = Object.fromEntries(
    Object.keys(places[0]).map((name) => [name, Float64Array.from(places, (place) => place[name])]),
  );
  const runs = { rows: points.length, inputs, weights: new Float64Array() };
  const each = job.fitted.map(({ law }, t) => predictRows(law, Float64Array.from(thetas[t]), runs));
  const total = Float64Array.from(points, (_, i) => {
    const loss = each.reduce((sum, values, t) => sum + job.weights[t] * values[i], 0);
    return Number.isFinite(loss) ? loss : Infinity;
  });
  return { total, each };
}

/**
 * The best N and D at a training compute by laws without a mixture, and the best value of an input
 * that decides how many parameters are active (the sparsity of a mixture of experts), within the
 * values that were trained. Inputs that are not chosen are given by `inputs` (unique tokens).
 *
 * @throws InputError for laws that lack N or D, for inputs that are missing, and for what cannot be
 *   asked.
 * @example optimizeSizes(file, { flops: 1e21 }).at.params
 */
export function optimizeSizes(file: FitFile, options: SizesOptions): Sizes {
  const { flops } = readOptions("optimizeSizes", SIZES, options);
  const chosen = chooseFits(file, options);
  const needed = new Map(
    chosen.flatMap(({ fitted }) =>
      (fitted.law.law.uses.inputs ?? []).map((input) => [input.name, input] as const),
    ),
  );
  const given = options.inputs ?? {};
  const odd = Object.keys(given).find((name) => !needed.has(name));
  if (odd !== undefined) throw new InputError(`${option(`inputs.${odd}`)}: these laws have no such input; ${needed.size === 0 ? "they have none beside N and D" : suggest(odd, [...needed.keys()], "inputs")}`, { option: "inputs" }); // prettier-ignore
  const left = [...needed.values()].filter((input) => given[input.name] === undefined);
  const open = left.find((input) => input.active !== undefined);
  const missing = left.find((input) => input !== open);
  if (missing !== undefined)
    throw new InputError(
      `the laws need ${missing.name} (${missing.meaning}): give it with ${option(`inputs.${missing.name}`, "VALUE")}.`,
      { option: "inputs" },
    );
  const fixed = [...needed.values()].find((input) => input.active !== undefined && input !== open);
  const active = fixed?.active?.(given[fixed.name]) ?? 1;
  const range = open === undefined ? undefined : file.data.range.inputs?.[open.name];
  if (open !== undefined && range === undefined)
    throw new InputError(
      `the fit file does not say which ${open.name} was trained: give ${option(`inputs.${open.name}`, "VALUE")}.`,
      { option: "inputs" },
    );
  const job: Job = {
    fitted: chosen.map((one) => one.fitted),
    weights: chosen.map((one) => one.weight),
    open,
    given,
    flops: flops / active,
  };
  const box: Box = [
    [Math.log(RATIOS.least), Math.log(RATIOS.most)],
    ...(range === undefined ? [] : [[range.min, range.max] as const]),
  ];
  const own = job.fitted.map(({ theta }) => theta);
  checkPlace(job, placeOf(job, box.map(([low]) => low)), `the run to plan`); // prettier-ignore
  const best = zoom((points) => lossesAt(job, own, points).total, box, ROUNDS.best);
  const at = placeOf(job, best.point);
  const { each } = lossesAt(job, own, [best.point]);
  const epsilon = EPSILON * Math.abs(best.value);
  const names = ["params", "tokens", ...(open === undefined ? [] : [open.name])];
  return {
    schema: "mixlaw/sizes@1",
    version: VERSION,
    flops,
    at,
    chosen: names,
    laws: Object.fromEntries(chosen.map(({ target, name }) => [target, name])),
    objective: best.value,
    predicted: Object.fromEntries(chosen.map(({ target }, t) => [target, each[t][0]])),
    nearOptimal: { epsilon, params: nearOptimal(job, own, best.point, best.value + epsilon, box) },
    interval: intervalsAt(chosen, job, box, at, names, options),
    epochs: at["unique_tokens"] === undefined ? null : at["tokens"] / at["unique_tokens"],
    warnings: warningsOf(file, at, best.point, box, open),
  };
}

interface Chosen {
  readonly target: string;
  readonly name: string;
  readonly weight: number;
  readonly fitted: { readonly law: Fitted["law"]; readonly theta: Float64Array };
  readonly fit: FitFile["fits"][number];
}

/** One fit a target of the objective. */
function chooseFits(file: FitFile, { objective, law }: SizesOptions): Chosen[] {
  if (objective === "worst") throw new InputError(`${option("objective", "worst")} compares mixtures, and these laws have none: name targets and weights.`, { option: "objective" }); // prettier-ignore
  const targets = [...new Set(file.fits.map((fit) => fit.target))];
  const weights = Object.entries(
    objective ?? Object.fromEntries(targets.map((target) => [target, 1])),
  );
  const sum = weights.reduce((all, [, weight]) => all + weight, 0);
  return weights.map(([target, weight]) => {
    if (!targets.includes(target)) throw new InputError(`${option("objective")} names "${target}", which the fit file has no fit of; ${suggest(target, targets, "targets")}`, { option: "objective" }); // prettier-ignore
    const wanted = typeof law === "string" ? law : law?.[target];
    const fits = file.fits.filter(
      (fit) => fit.target === target && (wanted === undefined || fit.law === wanted),
    );
    const there = file.fits.filter((fit) => fit.target === target).map((fit) => fit.law).join(", "); // prettier-ignore
    if (fits.length === 0)
      throw new InputError(
        `${option("law")} is ${wanted}, but the fit file has only ${there} for ${target}.`,
        { option: "law" },
      );
    if (fits.length > 1)
      throw new InputError(
        `the fit file has several laws for ${target} (${there}): say which with ${option("law")}.`,
        { option: "law" },
      );
    const fitted = restore(file, fits[0]);
    const { uses, name } = fitted.law.law;
    if (!uses.params || !uses.tokens || uses.weights) {
      const lack = uses.weights
        ? "has a mixture to choose too"
        : `has no ${uses.params ? "tokens" : "parameters"}`;
      throw new InputError(`${option("flops")} chooses N and D, and the law ${name} of ${target} ${lack}: fit a law of both, or choose one with ${option("law")}.`, { option: "flops" }); // prettier-ignore
    }
    return { target, name, weight: weight / sum, fitted, fit: fits[0] };
  });
}

function checkPlace(
  { fitted }: Job,
  place: Readonly<Record<string, number>>,
  source: string,
): void {
  const inputs = Object.fromEntries(
    Object.entries(place).map(([name, value]) => [name, Float64Array.of(value)]),
  );
  for (const { law } of fitted) {
    const runs = { rows: 1, rowNumbers: Int32Array.of(1), inputs, weights: new Float64Array() };
    checkInputs(law, source, inputs);
    checkValues(law, source, runs);
    checkGuards(law, source, runs);
  }
}

/** Smallest and largest N within the level, the open input at its best: bisection on both sides. */
function nearOptimal(
  job: Job,
  thetas: readonly ArrayLike<number>[],
  point: readonly number[],
  level: number,
  box: Box,
): [number, number] {
  const end = (edge: number): number => {
    const inside = (x: number): boolean =>
      lossesAt(job, thetas, [[x, ...point.slice(1)]]).total[0] <= level;
    if (inside(edge)) return edge;
    let [good, bad] = [point[0], edge];
    for (let i = 0; i < 40; i++) {
      const middle = (good + bad) / 2;
      if (inside(middle)) good = middle;
      else bad = middle;
    }
    return good;
  };
  const n = (lnRatio: number): number => placeOf(job, [lnRatio, ...point.slice(1)])["params"];
  return [n(end(box[0][1])), n(end(box[0][0]))];
}

/** The choice again for every replicate. */
function intervalsAt(
  chosen: readonly Chosen[],
  job: Job,
  box: Box,
  at: Readonly<Record<string, number>>,
  names: readonly string[],
  options: SizesOptions,
): Sizes["interval"] {
  const kept = chosen.map(({ fit, fitted }) => replicatesOf(fit, fitted.law.size));
  const [{ fit }] = chosen;
  if (
    options.intervals === false ||
    fit.bootstrap === null ||
    kept.some((one) => one === undefined)
  )
    return null;
  const { level } = intervalsOf(fit.bootstrap, options);
  const count = Math.min(...kept.map((one) => one?.replicates.length ?? 0));
  const places = Array.from({ length: count }, (_, r) => {
    const thetas = kept.map((one) => one?.replicates[r] ?? []);
    return placeOf(
      job,
      zoom((points) => lossesAt(job, thetas, points).total, box, ROUNDS.replicate).point,
    );
  });
  return Object.fromEntries(
    names.map((name) => {
      const [low, high] = interval(
        "percentile",
        at[name],
        Float64Array.from(places, (place) => place[name]),
        new Float64Array(),
        level,
      );
      return [name, [low ?? -Infinity, high ?? Infinity]] as const;
    }),
  );
}

function warningsOf(
  file: FitFile,
  at: Readonly<Record<string, number>>,
  point: readonly number[],
  box: Box,
  open: LawInput | undefined,
): string[] {
  const said = outside(file, { params: at["params"], tokens: at["tokens"] }).map((name) => `the best ${name === "params" ? "N" : "D"} lies outside the range of the training runs: an extrapolation`); // prettier-ignore
  if (point[0] <= box[0][0] + 1e-6 || point[0] >= box[0][1] - 1e-6)
    said.push(
      `the best N is at the end of what was looked at (${RATIOS.least} to ${RATIOS.most} tokens a parameter): the law has no optimum`,
    );
  if (
    open !== undefined &&
    (point[1] <= box[1][0] * (1 + 1e-9) || point[1] >= box[1][1] * (1 - 1e-9))
  )
    said.push(
      `the best ${open.name} is at the end of the values that were trained (${box[1][0]} to ${box[1][1]}): it may lie beyond`,
    );
  return said;
}
