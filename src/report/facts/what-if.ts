/** What the sliders of a report work on, from its fit file and optima. */
import { firstOf, ownOf } from "../../base/known.ts";
import { percent } from "../../base/format-number.ts";
import { count } from "../../base/wording.ts";
import { bearingFindings, sizeFindings } from "../../fit/bearing-findings.ts";
import { levelOf } from "../../fit/backtest/fit-bands.ts";
import { lawIn } from "../../fit/file/law-of-fit.ts";
import type { Extent, Fit, FitFile } from "../../fit/result/fit-file.ts";
import { shareGaps } from "../../fit/result/known-shares.ts";
import type { LawInput } from "../../laws/law.ts";
import type { Optimum } from "../../mixture/request/optimum.ts";
import { goalWords, hasOwnReference } from "../../words/phrases.ts";
import type { Goal, InputRange, LawChoice, NamedMixture, Point, WhatIf } from "../what-if/data.ts";
import { exactShares } from "../what-if/shares.ts";
import { inputsOf } from "../../laws/inputs.ts";
import { domainOfSupply } from "../../options/supply.ts";
import { inputsAt } from "./check-optimum.ts";
import { type Material, sharesIn, usedFits } from "./material.ts";
import { slimFile } from "./slim-file.ts";

/** Sliders go so far beyond the runs, as a ratio. */
const BEYOND = 100;
/** And so far beyond the optimum. */
const BEYOND_OPTIMUM = 10;
/** An input whose trained values differ by more than this, as a ratio, moves in ratios. */
const WIDE = 20;

export function whatIfFacts(material: Material): WhatIf {
  const { file } = material;
  const used = usedFits(material);
  const slim = slimFile(file, used);
  const mixtures = mixturesOf(material);
  const inputs = rangesOf(material);
  return {
    file: slim,
    choices: choicesOf(file, slim, used),
    inputs,
    start: startOf(material, inputs, mixtures),
    mixtures: mixtures.map(({ name, shares }) => ({ name, shares })),
    named: mixtures.filter(({ isTrained }) => !isTrained).length,
    compared: mixtures.filter(({ isCompared }) => isCompared).length,
    goal: goalOf(material, used),
    gaps: shareGaps(file.data),
  };
}

/** The fits of the optimum first, then each law. */
function choicesOf(file: FitFile, slim: FitFile, used: readonly Fit[]): LawChoice[] {
  const laws = [...new Set(file.fits.map(({ law }) => law))];
  const usedLaws = new Set(used.map(({ law }) => law));
  const byLaw = laws.map((law) => file.fits.filter((fit) => fit.law === law));
  const isUsed = (fits: readonly Fit[]): boolean =>
    fits.length === used.length && fits.every((fit) => used.includes(fit));
  return [used, ...byLaw.filter((fits) => !isUsed(fits))].map((fits, n) => {
    const uses = [...new Set(fits.map(({ law }) => law))].map((law) => lawIn(file, law).uses);
    const [params, tokens] = [uses.some((each) => each.params), uses.some((each) => each.tokens)];
    const others = uses.flatMap((each) =>
      inputsOf({ uses: each }, file.data.domains, file.data.phases).map(({ name }) => name),
    );
    const inputs = [...(params ? ["params"] : []), ...(tokens ? ["tokens"] : []), ...others];
    return {
      label: n === 0 && usedLaws.size > 1 ? "each target’s own" : firstOf(fits).law,
      laws: Object.fromEntries(fits.map(({ target, law }) => [target, law])),
      inputs: [...new Set(inputs)],
      usesShares: uses.some(({ weights }) => weights),
      intervals: intervalWords(file, slim, fits),
      findings: [
        ...bearingFindings(file, fits, "predictions"),
        ...sizeFindings(file, fits, { params, tokens }),
      ],
    };
  });
}

/** What the intervals of some fits are made of. */
function intervalWords(file: FitFile, slim: FitFile, fits: readonly Fit[]): string {
  const first = firstOf(fits);
  const { law, target, bootstrap, covariance } = first;
  const kept = slim.fits.find((fit) => fit.law === law && fit.target === target)?.bootstrap;
  const level = percent(levelOf(file, first));
  if (bootstrap !== null && kept !== null && kept !== undefined) {
    const from =
      kept.replicates < bootstrap.replicates
        ? `the first ${kept.replicates} of ${bootstrap.replicates} replicates`
        : `${kept.replicates} replicates`;
    return `Intervals are those of a new run’s loss at ${level}, from ${from} of the bootstrap (percentiles).`;
  }
  return covariance === undefined
    ? "There are no intervals: the fit file has neither a bootstrap nor a covariance. Fit with --bootstrap 1000."
    : `Intervals are those of a new run’s loss at ${level}, from the covariance of the fit (delta method).`;
}

interface Preset extends NamedMixture {
  readonly isCompared: boolean;
  readonly isTrained: boolean;
}

/** The optima, the reference, the uniform mixture, those that were trained. */
function mixturesOf({ file: { data }, optima }: Material): Preset[] {
  const { domains, mixtures } = data;
  if (domains.length === 0) return [];
  const preset = (name: string, weights: readonly number[], isCompared = false): Preset => ({
    name,
    shares: exactShares(weights),
    isCompared,
    isTrained: false,
  });
  const sharesOf = (weights: Optimum["weights"]): number[] => sharesIn(domains, weights);
  const [first, ...others] = optima;
  const isOwn = first !== undefined && hasOwnReference(first.optimum);
  const uniform = preset("uniform", domains.map(() => 1), !isOwn); // prettier-ignore
  return [
    ...(first === undefined
      ? []
      : [
          preset(others.length > 0 ? first.name : "optimum", sharesOf(first.optimum.weights), true),
        ]),
    ...(isOwn
      ? [preset("reference", sharesOf(first.optimum.reference.weights), true), uniform]
      : [uniform]),
    ...others.map(({ name, optimum }) => preset(name, sharesOf(optimum.weights))),
    ...mixtures.map(({ weights, runs }, m) => ({
      ...preset(`trained mixture ${m + 1} (${count(runs, "run")})`, weights),
      isTrained: true,
    })),
  ];
}

function rangesOf({ file, optima }: Material): InputRange[] {
  const { data } = file;
  const uses = [...new Set(file.fits.map(({ law }) => law))].map((law) => lawIn(file, law).uses);
  const asked = (name: "params" | "tokens"): number[] =>
    optima.flatMap(({ optimum }) => optimum.at[name] ?? []);
  const counted = (name: "params" | "tokens", symbol: string, meaning: string): InputRange[] =>
    uses.some((each) => each[name])
      ? [{ name, symbol, meaning, trained: data.range[name], isLog: true, values: "positive", range: countRange(data.range[name], asked(name)) }] // prettier-ignore
      : [];
  const others = new Map(
    uses.flatMap((each) =>
      inputsOf({ uses: each }, data.domains, data.phases).map((input) => [input.name, input]),
    ),
  );
  return [
    ...counted("params", "N", "parameters"),
    ...counted("tokens", "D", "tokens"),
    ...[...others.values()].map((input) => otherInput(input, ownOf(data.range.inputs, input.name))),
  ];
}

/** From the smallest run to far beyond the largest, and beyond what the optima are for. */
function countRange(trained: Extent | null, asked: readonly number[]): Extent {
  const { min, max } = trained ?? { min: 1e6, max: 1e9 };
  const most = Math.max(BEYOND * max, ...asked.map((value) => BEYOND_OPTIMUM * value));
  return { min: Math.min(min, ...asked), max: most };
}

function otherInput(
  { name, symbol, meaning, values, typical }: LawInput,
  extent: Extent | undefined,
): InputRange {
  const trained = extent ?? null;
  const { min, max } = extent ?? { min: Math.min(...typical), max: Math.max(...typical) };
  const isSupply = domainOfSupply(name) !== undefined;
  if (isSupply || (values === "positive" && max / min > WIDE)) {
    const range = { min: min / BEYOND_OPTIMUM, max: max * BEYOND_OPTIMUM };
    return { name, symbol: symbol ?? name, meaning, trained, isLog: true, values, range };
  }
  // Others may have no meaning beyond what was trained, as shares have.
  const range = min < max ? { min, max } : { min: min - Math.abs(min) / 2, max: max + Math.abs(max) / 2 }; // prettier-ignore
  return { name, symbol: symbol ?? name, meaning, trained, isLog: false, values, range };
}

/** The optimum; without one the uniform mixture at the largest trained sizes. */
function startOf(
  { optima: [first] }: Material,
  inputs: readonly InputRange[],
  mixtures: readonly NamedMixture[],
): Point {
  const wanted = first === undefined ? {} : inputsAt(first.optimum);
  return {
    inputs: Object.fromEntries(
      inputs.map(({ name, trained, range }) => [
        name,
        ownOf(wanted, name) ?? (trained ?? range).max,
      ]),
    ),
    shares: mixtures[0]?.shares ?? [],
  };
}

/** The first optimum's goal; the mean of all targets without one, as `optimize` has it. */
function goalOf({ file: { data }, optima: [first] }: Material, used: readonly Fit[]): Goal {
  if (first !== undefined) {
    const { goal, predicted, reference } = first.optimum;
    return {
      objective: goal,
      words: goalWords({ goal, predicted, robust: null }),
      reference: exactShares(sharesIn(data.domains, reference.weights)),
    };
  }
  const objective = Object.fromEntries(used.map(({ target }) => [target, 1]));
  return {
    objective,
    words: goalWords({ goal: objective, predicted: objective, robust: null }),
    reference: exactShares(data.domains.map(() => 1)),
  };
}
