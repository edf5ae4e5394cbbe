/** What may be said of plans beside their runs. */
import { compact, gain, loss, percent, rounded, significant } from "../base/format-number.ts";
import { firstOf, itemAt } from "../base/known.ts";
import { finding, type Finding, type Verdict } from "../base/verdict.ts";
import { count, listed, plural, shorten } from "../base/wording.ts";
import { isAbove } from "./measured-losses.ts";
import type { CheckStatus, MeasuredLoss, PlanCheck } from "./plan-check.ts";
import type { Plan } from "./plan.ts";

/** What was found. */
export interface Checked extends Pick<
  PlanCheck,
  "losses" | "points" | "laws" | "calibration" | "untrained"
> {
  readonly plans: readonly Plan[];
  readonly runs: Pick<PlanCheck["runs"], "others">;
}

/** Mixtures that are named in one sentence. */
const NAMED = 6;

/** The status, and the sentences: what bears on it first. */
export function checkVerdict(checked: Checked): Verdict<CheckStatus> {
  const own = checked.losses.filter(({ isPlans }) => isPlans);
  const told = own.filter(({ inside }) => inside !== null);
  const status =
    told.length === 0 ? "no-intervals" : told.every(({ inside }) => inside) ? "inside" : "outside";
  return {
    status,
    findings: [
      ...heldFindings(checked, own, told),
      ...regretFindings(checked),
      ...lawFindings(checked),
      ...leftFindings(checked),
    ],
  };
}

/** "95 % intervals", or "intervals" where plans differ; of one loss one. */
function intervalsOf(plans: readonly Plan[], losses: number): string {
  const levels = new Set(plans.map(({ level }) => level));
  const noun = plural(losses, "interval");
  return levels.size === 1 ? `${percent(firstOf(plans).level)} ${noun}` : noun;
}

/** "1 of 3 measured losses lies outside of its registered 95 % interval" */
function outsideOf(plans: readonly Plan[], missed: number, told: number, which: string): string {
  const losses =
    told === 1 ? `the measured loss${which}` : `${missed} of ${told} measured losses${which}`;
  const lie = missed === 1 ? "lies outside of its" : "lie outside of their";
  return `${losses} ${lie} registered ${intervalsOf(plans, missed)}`;
}

/** A number of losses, with two digits where it is below 1. */
const expectedOf = (losses: number): string =>
  losses < 1 ? significant(losses, 2) : rounded(losses, 1);

function heldFindings(
  { plans }: Checked,
  own: readonly MeasuredLoss[],
  told: readonly MeasuredLoss[],
): Finding[] {
  const open = own.length - told.length;
  const without = finding(
    "registered-without-interval",
    `${open} of ${own.length} measured losses ${open === 1 ? "has" : "have"} no registered interval: nothing was promised of ${open === 1 ? "it" : "them"} but a number`,
  );
  const missed = told.filter(({ inside }) => inside === false);
  const rest = open === 0 ? [] : [without];
  const which = open === 0 ? "" : " with an interval";
  if (told.length === 0) return rest;
  if (missed.length === 0)
    return [
      finding(
        "losses-inside",
        told.length === 1
          ? `the measured loss${which} lies inside of its registered interval`
          : `all ${told.length} measured losses${which} lie inside of their registered ${intervalsOf(plans, told.length)}`,
      ),
      ...rest,
    ];
  const worst = missed.reduce((a, b) => (farOut(b) > farOut(a) ? b : a));
  const above = missed.filter(isAbove).length;
  const sides =
    above === missed.length
      ? "all of them above"
      : above === 0
        ? "all of them below"
        : `${above} above and ${missed.length - above} below`;
  const expected = told.reduce((sum, { plan }) => sum + 1 - itemAt(plans, plan).level, 0);
  return [
    finding(
      "losses-outside",
      `${outsideOf(plans, missed.length, told.length, which)}, ${missed.length === 1 ? sides.replace("all of them ", "") : sides}, where about ${expectedOf(expected)} would by chance; the farthest is ${worst.target} of ${worst.mixture} (row ${worst.row}): ${loss(worst.measured)}, registered ${loss(worst.predicted)} (${rangeOf(worst)})`,
      [...new Set(missed.map(({ target }) => target))],
    ),
    ...rest,
  ];
}

/** How far a loss lies from its prediction, in half widths of the interval. */
function farOut(each: MeasuredLoss): number {
  const { measured, predicted, interval } = each;
  const [low, high] = interval;
  const end = isAbove(each) ? high : low;
  return Math.abs(measured - predicted) / Math.abs((end ?? Infinity) - predicted);
}

const rangeOf = ({ interval: [low, high] }: MeasuredLoss): string =>
  `${loss(low ?? -Infinity)} … ${loss(high ?? Infinity)}`;

/** What the plans' own law would have chosen, of what was trained. */
function regretFindings({ points, plans }: Checked): Finding[] {
  const judged = points.flatMap(({ plan, at, trained, regrets }) => {
    const laws = new Set(Object.values(itemAt(plans, plan).laws));
    const own = laws.size === 1 ? regrets.find(({ law }) => laws.has(law)) : undefined;
    return own === undefined ? [] : [{ at, trained, own }];
  });
  if (judged.length === 0) return [];
  const laws = listed([...new Set(judged.map(({ own }) => own.law))]);
  if (judged.length === 1) {
    const { at, trained, own } = firstOf(judged);
    const best = firstOf(trained).name;
    const among = `of the ${trained.length} mixtures trained${placeOf(at)}, ${laws} predicted ${own.choice} to be the best`;
    return [
      finding(
        "choice-regret",
        own.regret === 0 ? `${among}, and it was` : `${among}; ${best} was, by ${gain(own.regret)}`,
      ),
    ];
  }
  const right = judged.filter(({ own }) => own.regret === 0).length;
  const worst = Math.max(...judged.map(({ own }) => own.regret));
  const average = judged.reduce((sum, { own }) => sum + own.regret, 0) / judged.length;
  return [
    finding(
      "choice-regret",
      `at ${right} of ${judged.length} points the mixture that ${laws} predicted to be the best of those trained was; choosing by it costs ${worst === 0 ? "nothing" : `${gain(average)} on average, at most ${gain(worst)}`}`,
    ),
  ];
}

function placeOf({ params, tokens }: PlanCheck["points"][number]["at"]): string {
  const parts = [
    ...(params === null ? [] : [`N = ${compact(params)}`]),
    ...(tokens === null ? [] : [`D = ${compact(tokens)}`]),
  ];
  return parts.length === 0 ? "" : ` at ${listed(parts)}`;
}

/** Which law would have been right, of those that predicted every measured loss. */
function lawFindings({ laws: all }: Checked): Finding[] {
  const most = Math.max(...all.map(({ losses }) => losses));
  const laws = all.filter(({ losses }) => losses === most);
  if (laws.length < 2) return [];
  const known = laws.flatMap(({ law, regret }) => (regret === null ? [] : [{ law, regret }]));
  const least = Math.min(...known.map(({ regret }) => regret));
  const chose = known.filter(({ regret }) => regret === least).map(({ law }) => law);
  const closest = laws.reduce((a, b) => (b.mrePercent < a.mrePercent ? b : a));
  const errors = laws.map(({ law, mrePercent }) => `${law} ${rounded(mrePercent, 2)} %`);
  const choice =
    known.length < 2
      ? ""
      : chose.length === known.length
        ? "; all of them would have chosen equally well"
        : `; ${listed(chose)} would have chosen best (mean regret ${gain(least)})`;
  return [
    finding(
      "law-that-was-right",
      `of the registered laws ${closest.law} predicted closest (mean errors ${listed(errors)})${choice}`,
      [closest.law],
    ),
  ];
}

/** Mixtures without a run, and runs that are none of the plans'. */
function leftFindings({ untrained, runs, plans }: Checked): Finding[] {
  const total = plans.reduce(
    (sum, { points }) => sum + points.reduce((all, { mixtures }) => all + mixtures.length, 0),
    0,
  );
  const names = [...new Set(untrained.map(({ mixture }) => mixture))];
  return [
    ...(untrained.length === 0
      ? []
      : [
          finding(
            "not-trained",
            `${untrained.length} of ${total} registered ${plural(total, "run")} ${untrained.length === 1 ? "is" : "are"} not in the table: ${shorten(names, NAMED)}`,
            names,
          ),
        ]),
    ...(runs.others === 0
      ? []
      : [
          finding(
            "runs-not-registered",
            `${count(runs.others, "row")} of the table ${runs.others === 1 ? "is" : "are"} no registered run, by N, D and the mixture, and ${runs.others === 1 ? "does" : "do"} not count`,
          ),
        ]),
  ];
}
