/** What is said of exponents: whether the law fits well enough for them to be the runs'. */
import { itemAt } from "../../base/known.ts";
import { number, probability } from "../../base/format-number.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import { errorBlocks } from "../../data/runs/shared-errors.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { predictRows } from "../../fit/result/predictor.ts";
import { rowsOf } from "../../fit/result/rows-of-file.ts";
import type { TargetLoss } from "../goal/goal.ts";
import type { ScalingExponents } from "../request/exponents.ts";
import { residualTrend, type ResidualTrend } from "./residual-trend.ts";

/** A law fits badly where N and D explain this share of what it leaves … */
const SHARE = 0.25;
/** … with a smaller chance than this. */
const CHANCE = 1e-3;

/** In the order in which they are printed. */
export function exponentFindings(
  file: FitFile,
  losses: readonly TargetLoss[],
  exponents: ScalingExponents,
): Finding[] {
  const poor = losses.flatMap((loss) => {
    const trend = trendOf(file, loss);
    return trend !== undefined && trend.share >= SHARE && trend.p < CHANCE ? [{ loss, trend }] : [];
  });
  return [
    ...poor.map(({ loss: { law, target }, trend: { share, p } }) =>
      finding(
        "exponents-of-poor-fit",
        `the ${law} fit of ${target} leaves residuals that still go with N and D (they explain ${number(100 * share, 2)} % of their variance, p ${probability(p)}): the exponents are the formula's rather than the runs'; try another law`,
        [target],
      ),
    ),
    ...disagreement(exponents),
    ...(exponents.isoflop === null
      ? [
          finding(
            "no-isoflop-groups",
            file.rows === undefined
              ? "the fit file keeps no rows, so there are no exponents by the runs alone"
              : "the runs do not form isoFLOP groups (three or more, each of about the same compute, with five sizes and the best N among them, over a factor of four in compute), so there are no exponents by the runs alone",
          ),
        ]
      : []),
  ];
}

/** The law's exponent, with its interval if it has one, lies apart from the isoFLOP interval. */
function disagreement({ params, interval, isoflop }: ScalingExponents): Finding[] {
  if (params === null || isoflop === null) return [];
  const [low, high] = interval?.params ?? [params, params];
  const [least, most] = isoflop.interval.params;
  if (low <= most && high >= least) return [];
  const which =
    interval === null
      ? `lies outside of the interval of the isoFLOP parabolas' one, ${number(isoflop.params, 3)} (${number(least, 3)} to ${number(most, 3)})`
      : `and that of the isoFLOP parabolas, ${number(isoflop.params, 3)}, have intervals with nothing in common`;
  return [
    finding(
      "exponents-disagree",
      `the law's exponent of N, ${number(params, 3)}, ${which}: the law may have the wrong form, or the best N grows otherwise at larger compute`,
      ["params", "tokens"],
    ),
  ];
}

function trendOf(file: FitFile, { target, fitted }: TargetLoss): ResidualTrend | undefined {
  const runs = rowsOf(file);
  if (runs === undefined) return undefined;
  const { params, tokens } = runs.train.inputs;
  if (params === undefined || tokens === undefined) return undefined;
  const { law, theta } = fitted;
  const weights = law.law.uses.weights ? runs.train.weights : new Float64Array();
  const predicted = predictRows(law, Float64Array.from(theta), { ...runs.train, weights });
  const observed = itemAt(runs.train.losses, runs.targets.indexOf(target));
  const used = [...observed.keys()].filter((row) => Number.isFinite(observed[row]));
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(used, (row) => itemAt(values, row));
  const { blockOf } = errorBlocks(runs);
  return residualTrend(
    pick(params),
    pick(tokens),
    Float64Array.from(used, (row) => observed[row] - predicted[row]),
    new Set(used.map((row) => blockOf[row])).size,
  );
}
