/** What the view of losses over D shows. */
import { itemAt } from "../../../base/known.ts";
import { compact } from "../../../base/format-number.ts";
import type { Runs, RunSet } from "../../../data/runs/run-set.ts";
import { fitBands, type FitPrediction, levelOf } from "../../../fit/backtest/fit-bands.ts";
import { restore } from "../../../fit/predict.ts";
import type { Fit } from "../../../fit/result/fit-file.ts";
import { predictRows } from "../../../fit/result/predictor.ts";
import type {
  LossCurve,
  LossesData,
  LossGroup,
  LossPanel,
  LossPoint,
} from "../../../views/quality/losses-over-tokens.ts";
import { type Lacking, lacking } from "../../../views/kit/view.ts";
import { type Material, sharesIn, usedFits } from "../material.ts";
import { fewFits, withoutRows } from "./fitted-rows.ts";

const MOST_TARGETS = 8;
/** Points of a curve. */
const POINTS = 18;
/** Sizes of a panel that can be told apart. */
const MOST_SIZES = 5;
/** Panels of trained mixtures: of few targets, several mixtures. */
const PANELS = 8;
const MOST_MIXTURES = 3;
/** Sizes this near are one, and shares. */
const ALIKE = 0.05;
const SAME_SHARE = 1e-6;

/** A mixture at a size whose curve is asked for. */
interface Asked extends Pick<LossCurve, "mixture" | "params"> {
  /** Shares in the order of the file's domains. */
  readonly shares: ArrayLike<number>;
}

/** A group before its curves are computed. */
interface Question extends Omit<LossGroup, "panels"> {
  readonly asked: readonly Asked[];
}

export function lossesFacts(material: Material): LossesData | Lacking {
  const { file, rows } = material;
  const fits = usedFits(material);
  const able = fits.filter((fit) => isDrawable(restore(file, fit).law.law.uses));
  const [first] = able;
  if (first === undefined) return lacking(whyNone(fits));
  if (rows === undefined) return withoutRows(file);
  const shown = fewFits(able, MOST_TARGETS);
  const questions = [...planned(material, rows), ...trained(material, rows, first, shown.length)];
  if (questions.length === 0)
    return lacking(
      "All runs have one number of tokens, and no run is planned: losses over D need runs that differ in it.",
    );
  return {
    groups: questions.map((question) => answered(material, rows, shown, question)),
    targets: shown.length,
    allTargets: fits.length,
    level: levelOf(file, first),
  };
}

type Uses = ReturnType<typeof restore>["law"]["law"]["uses"];
const isDrawable = ({ tokens, supply, inputs = [] }: Uses): boolean =>
  tokens && supply !== true && inputs.length === 0;

const whyNone = ([fit]: readonly Fit[]): string =>
  `The law ${fit?.law ?? ""} does not depend on D, or reads more than N, D and shares: there is no curve over D to draw. A law with N and D, such as additive or chinchilla, has one.`;

/** The planned size: optimum, reference and uniform mixture. */
function planned({ file, optima: [first] }: Material, rows: Runs): Question[] {
  const at = first?.optimum.at;
  const reach = file.data.range.tokens;
  if (first === undefined || at === undefined || at.tokens === null || reach === null) return [];
  const { domains } = rows;
  const { weights, reference, uniform } = first.optimum;
  const mixtures = [
    { mixture: "uniform", shares: sharesIn(domains, uniform.weights) },
    { mixture: "reference", shares: sharesIn(domains, reference.weights) },
    { mixture: "optimum", shares: sharesIn(domains, weights) },
  ] as const;
  const isReferenceUniform = distanceOf(itemAt(mixtures, 0).shares, itemAt(mixtures, 1).shares) < SAME_SHARE; // prettier-ignore
  return [
    {
      title: `The run to plan${at.params === null ? "" : `, N ${compact(at.params)}`}`,
      shares: [],
      tokens: between(Math.min(reach.min, at.tokens), Math.max(reach.max, 1.3 * at.tokens)),
      plan: at.tokens,
      asked: mixtures
        .filter(({ mixture }) => mixture !== "reference" || !isReferenceUniform)
        .map(({ mixture, shares }) => ({ mixture, shares, params: at.params })),
    },
  ];
}

const distanceOf = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + Math.abs(x - itemAt(b, i)), 0) / 2;

/** The mixtures that most runs have, at the sizes that were trained. */
function trained(
  { file, optima: [first] }: Material,
  rows: Runs,
  fit: Fit,
  targets: number,
): Question[] {
  const { uses } = restore(file, fit).law.law;
  const { mixtures, rows: all } = file.data;
  const most = Math.max(1, Math.min(MOST_MIXTURES, Math.floor(PANELS / targets)));
  const frequent = mixtures.toSorted((a, b) => b.runs - a.runs).slice(0, most);
  const chosen = uses.weights ? frequent.map(({ weights, runs }) => ({ weights, runs })) : [{ weights: mixtures[0]?.weights ?? [], runs: all }]; // prettier-ignore
  return chosen.flatMap(({ weights, runs }): Question[] => {
    const own = rowsOf(rows, uses.weights ? weights : undefined);
    const tokens = own.map((row) => row.tokens);
    const [least, largest] = [Math.min(...tokens), Math.max(...tokens)];
    if (!(largest > least)) return [];
    const plan = first?.optimum.at.tokens ?? null;
    const sizes = uses.params ? sizesOf(own.map((row) => row.params)) : [null];
    return [
      {
        title: uses.weights
          ? `A trained mixture: ${runs} of ${all} runs`
          : `The runs, ${all} in all`,
        shares: uses.weights ? largestShares(rows.domains, weights) : [],
        tokens: between(least, largest),
        plan: plan !== null && plan > least && plan < largest ? plan : null,
        asked: sizes.map((params) => ({ mixture: "trained", shares: weights, params })), // prettier-ignore
      },
    ];
  });
}

const largestShares = (
  domains: readonly string[],
  weights: readonly number[],
): LossGroup["shares"] =>
  domains
    .map((domain, d) => ({ domain, share: weights[d] ?? 0 }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);

/** A row of either set. */
interface Row {
  readonly set: RunSet;
  readonly row: number;
  readonly params: number;
  readonly tokens: number;
}

/** Rows of a mixture, of both sets; all rows where the mixture does not matter. */
function rowsOf({ train, test, domains }: Runs, mixture: ArrayLike<number> | undefined): Row[] {
  const k = domains.length;
  return [train, ...(test === undefined ? [] : [test])].flatMap((set) =>
    Array.from({ length: set.rows }, (_, row): Row => ({
      set,
      row,
      params: set.inputs["params"]?.[row] ?? NaN,
      tokens: set.inputs["tokens"]?.[row] ?? NaN,
    })).filter(
      ({ row }) =>
        mixture === undefined ||
        distanceOf(set.weights.subarray(row * k, (row + 1) * k), mixture) < SAME_SHARE,
    ),
  );
}

/** At most five sizes, those between left out evenly; sizes within 5 % are one. */
function sizesOf(params: readonly number[]): number[] {
  const distinct: number[] = [];
  for (const size of params.toSorted((a, b) => a - b))
    if (!(size <= (distinct.at(-1) ?? 0) * (1 + ALIKE))) distinct.push(size);
  if (distinct.length <= MOST_SIZES) return distinct;
  return Array.from({ length: MOST_SIZES }, (_, i) =>
    itemAt(distinct, Math.round((i * (distinct.length - 1)) / (MOST_SIZES - 1))),
  );
}

/** D in equal steps of its logarithm. */
const between = (least: number, most: number): Float64Array =>
  Float64Array.from({ length: POINTS }, (_, i) => least * (most / least) ** (i / (POINTS - 1)));

/** The curves and runs of a question, a panel a fit. */
function answered(
  material: Material,
  rows: Runs,
  shown: readonly Fit[],
  { asked, ...group }: Question,
): LossGroup {
  const { tokens } = group;
  const predictions = predictionsAt(material, shown, asked, tokens);
  const bands = fitBands(material.file, predictions, {});
  const panels = shown.map((fit): LossPanel => {
    const place = predictions.findIndex((prediction) => prediction.fit === fit);
    const { values, law } = itemAt(predictions, place);
    const band = bands[place];
    const partOf = (all: Float64Array | undefined, curve: number): Float64Array =>
      all?.slice(curve * tokens.length, (curve + 1) * tokens.length) ?? new Float64Array(tokens.length).fill(NaN); // prettier-ignore
    const curves = asked.map(({ mixture, params }, c) => ({
      mixture,
      params,
      values: partOf(values, c),
      low: partOf(band?.low, c),
      high: partOf(band?.high, c),
    }));
    const target = rows.targets.indexOf(fit.target);
    return {
      target: fit.target,
      law: fit.law,
      curves,
      points: asked.flatMap((curve, c) => pointsOf(rows, curve, c, target, law.law.uses)),
    };
  });
  return { ...group, panels };
}

/**
 * What the fits that are shown predict on the curves, and those of other laws that back-tests
 * cannot tell from them: intervals have their spread.
 */
function predictionsAt(
  { file }: Material,
  shown: readonly Fit[],
  asked: readonly Asked[],
  tokens: Float64Array,
): FitPrediction[] {
  const targets = shown.map(({ target }) => target);
  const alike = file.chosen?.alike ?? [];
  const fits = file.fits.filter(
    (fit) => shown.includes(fit) || (alike.includes(fit.law) && targets.includes(fit.target)),
  );
  const n = asked.length * tokens.length;
  const curveOf = (row: number): Asked => itemAt(asked, Math.floor(row / tokens.length));
  const k = file.data.domains.length;
  const inputs = {
    params: Float64Array.from({ length: n }, (_, row) => curveOf(row).params ?? NaN),
    tokens: Float64Array.from({ length: n }, (_, row) => itemAt(tokens, row % tokens.length)),
  };
  const weights = Float64Array.from({ length: n * k }, (_, i) =>
    itemAt(curveOf(Math.floor(i / k)).shares, i % k),
  );
  return fits.map((fit) => {
    const { law, theta } = restore(file, fit);
    const points = { rows: n, inputs, weights: law.law.uses.weights ? weights : new Float64Array() }; // prettier-ignore
    return { fit, law, theta, points, values: predictRows(law, theta, points) };
  });
}

/** The runs of a curve: its mixture, and its size within 5 %. */
function pointsOf(
  rows: Runs,
  { shares, params }: Asked,
  curve: number,
  target: number,
  uses: Uses,
): LossPoint[] {
  return rowsOf(rows, uses.weights ? shares : undefined).flatMap(({ set, row, ...at }) => {
    const observed = itemAt(itemAt(set.losses, target), row);
    const isSize = params === null || Math.abs(Math.log(at.params / params)) <= ALIKE;
    return Number.isNaN(observed) || !isSize
      ? []
      : [{ curve, tokens: at.tokens, loss: observed, isTest: set === rows.test }];
  });
}
