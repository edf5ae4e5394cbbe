/**
 * Which law of a file is used where none is asked for: the one whose back-tests erred least. Where
 * they cannot tell it from others, the one of those with the fewest parameters.
 *
 * Laws are compared by ln of the error √(e² + s²) of the back-tests that they have in common (the
 * same target, refit and level), each counting k − 1, as in the error model. A law cannot be told
 * from the best where the mean difference over targets (over back-tests, of fewer than three
 * targets) is less than two standard errors, or there are fewer than three to compare.
 */
import { percent } from "../../base/format-number.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import { listed } from "../../base/wording.ts";
import type { Backtest, Backtests, ChosenLaw } from "../result/backtests.ts";
import { hasFailed } from "../result/failed-fits.ts";
import type { Fit, FitFile } from "../result/fit-file.ts";

/** Standard errors from which a difference is none of chance. */
const CLEAR = 2;
/** Fewer differences than this have no standard error to speak of. */
const LEAST = 3;

/** What a back-test is of: the refit, the level, the axis and the target. */
export const backtestKey = (
  { levels, predicted }: Backtest,
  { axis }: Pick<Backtests, "axis">,
  target: string,
): string => [levels, predicted, axis, target].join("|");

/** The laws that have back-tests of every target, with their fits. */
export function testedLaws(
  fits: readonly Fit[],
): readonly { readonly law: string; readonly own: readonly Fit[] }[] {
  const targets = new Set(fits.map(({ target }) => target)).size;
  return [...new Set(fits.map(({ law }) => law))].flatMap((law) => {
    const own = fits.filter((fit) => fit.law === law && fit.backtests !== undefined && !hasFailed(fit)); // prettier-ignore
    return own.length === targets ? [{ law, own }] : [];
  });
}

/** A law's errors, by what they are errors of. */
interface TestedLaw {
  readonly law: string;
  readonly parameters: number;
  readonly errors: ReadonlyMap<string, { readonly target: string; readonly size: number }>;
}

/** How much back-tests count: see the error model. */
const weightOf = (key: string): number => Number(key.split("|")[0]) - 1;

function testedLaw(law: string, fits: readonly Fit[]): TestedLaw {
  const errorsOf = ({ target, backtests }: Fit): [string, { target: string; size: number }][] =>
    backtests === undefined
      ? []
      : backtests.list.map((test) => [
          backtestKey(test, backtests, target),
          { target, size: Math.hypot(test.error, test.scatter) / backtests.scale },
        ]);
  return {
    law,
    parameters: Math.max(...fits.map(({ coordinates }) => Object.keys(coordinates).length)),
    errors: new Map(fits.flatMap(errorsOf)),
  };
}

/** Undefined of a file with one law, and where no law has back-tests of every target. */
export function chooseLaw(fits: readonly Fit[]): ChosenLaw | undefined {
  if (new Set(fits.map(({ law }) => law)).size < 2) return undefined;
  const tested = testedLaws(fits).map(({ law, own }) => testedLaw(law, own));
  const common = [...(tested[0]?.errors.keys() ?? [])].filter((key) =>
    tested.every(({ errors }) => errors.has(key)),
  );
  if (common.length === 0) return undefined;
  const mean = ({ errors }: TestedLaw): number => weighted(common, (key) => Math.log(sizeAt(errors, key))); // prettier-ignore
  const best = tested.reduce((a, b) => (mean(b) < mean(a) ? b : a));
  const alike = tested.filter((law) => law === best || !isWorse(law, best, common));
  const chosen = alike.reduce((a, b) => (b.parameters < a.parameters ? b : a));
  return {
    law: chosen.law,
    by: "back-tests",
    alike: alike.map(({ law }) => law),
    errors: Object.fromEntries(
      tested.map(({ law, errors }) => [
        law,
        Math.sqrt(weighted(common, (key) => sizeAt(errors, key) ** 2)),
      ]),
    ),
  };
}

const sizeAt = (errors: TestedLaw["errors"], key: string): number =>
  Math.max(errors.get(key)?.size ?? NaN, Number.MIN_VALUE);

/** The mean over back-tests, each as much as it counts. */
function weighted(keys: readonly string[], value: (key: string) => number): number {
  const total = keys.reduce((sum, key) => sum + weightOf(key), 0);
  return keys.reduce((sum, key) => sum + weightOf(key) * value(key), 0) / total;
}

/** Whether a law's errors are clearly larger than the best law's. */
function isWorse(law: TestedLaw, best: TestedLaw, common: readonly string[]): boolean {
  const difference = (key: string): number =>
    Math.log(sizeAt(law.errors, key)) - Math.log(sizeAt(best.errors, key));
  const byTarget = new Map<string, string[]>();
  for (const key of common) {
    const target = law.errors.get(key)?.target ?? "";
    byTarget.set(target, [...(byTarget.get(target) ?? []), key]);
  }
  const groups = byTarget.size < LEAST ? common.map((key) => [key]) : [...byTarget.values()];
  if (groups.length < LEAST) return false;
  const each = groups.map((keys) => weighted(keys, difference));
  const mean = each.reduce((a, b) => a + b, 0) / each.length;
  const variance = each.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (each.length - 1);
  return mean > CLEAR * Math.sqrt(variance / each.length);
}

/** What is said of the choice where it is used. */
export function chosenFindings({ chosen }: FitFile): Finding[] {
  if (chosen === undefined) return [];
  const { law, by, alike, errors } = chosen;
  const erring = (names: readonly string[]): string =>
    listed(names.map((name) => (errors[name] === undefined ? name : `${name} ${percent(errors[name], 2)}`))); // prettier-ignore
  const others = Object.keys(errors).filter((name) => name !== law);
  return alike.length > 1
    ? [
        finding(
          "laws-alike",
          `of the file's laws ${law} is the one to use: ${by} cannot tell ${listed(alike)} apart (errors ${erring(alike)}), and of these it has the fewest parameters`,
          alike,
        ),
      ]
    : [
        finding(
          "law-chosen",
          `of the file's laws ${law} is the one to use: it erred least in ${by} (${erring([law, ...others])})`,
          [law],
        ),
      ];
}
