/** Registered plans beside their runs, as a person reads it. */
import { compact, errorPercent, gain, loss, NONE, percent } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { count } from "../../base/wording.ts";
import type {
  CalibrationRow,
  CheckedLaw,
  CheckedPoint,
  MeasuredLoss,
  PlanCheck,
} from "../../register/plan-check.ts";
import { isAbove } from "../../register/measured-losses.ts";
import type { Medium } from "../io/output.ts";
import { wrap } from "../text/layout.ts";
import { left, right, table } from "../text/table.ts";
import { findingBlocks } from "./optimum/told.ts";

/** Lines of a table; the JSON has more. */
const MOST_LINES = 100;

/** What `mixlaw check` prints, without the last line end. */
export function checkTable(answer: PlanCheck, source: string, { width, style }: Medium): string {
  const { runs, plans, verdict, points, losses, laws, calibration } = answer;
  const how = [
    count(plans.length, "plan"),
    `${runs.registered} of ${count(runs.registered + runs.others, "run")} registered`,
    `SHA-256 ${itemAt(plans, 0)}`,
  ].join(" · ");
  const own = losses.filter(({ isPlans }) => isPlans);
  const title = (text: string): string => style.bold(text);
  return [
    `${title(source)}\n${style.dim(wrap(how, width))}`,
    `${title("Losses")}\n${lossTable(own, width)}`,
    ...(own.length > MOST_LINES ? [`${own.length - MOST_LINES} lines more: --json has all`] : []),
    ...points.some(({ regrets }) => regrets.length > 0) ? [`${title("Trained mixtures, by the goal")}\n${mixtureTable(points, width)}`] : [], // prettier-ignore
    `${title("Laws")}\n${lawTable(laws, width)}`,
    ...(calibration.length === 0 ? [] : [`${title("Calibration: losses inside of the intervals of each level")}\n${calibrationTable(calibration, laws, width)}`]), // prettier-ignore
    ...findingBlocks(verdict.findings, { width, style }),
  ].join("\n\n");
}

/** The losses by the laws that the plans go by. */
const lossTable = (losses: readonly MeasuredLoss[], width: number): string =>
  table(
    [left("mixture"), right("row"), left("target"), right("registered"), right("low"), right("high"), right("measured"), left("")], // prettier-ignore
    losses
      .slice(0, MOST_LINES)
      .map((each) => [
        each.mixture,
        `${each.row}`,
        each.target,
        loss(each.predicted),
        ...each.interval.map((end) => (end === null ? NONE : loss(end))),
        loss(each.measured),
        each.inside === null
          ? "no interval"
          : each.inside
            ? "inside"
            : isAbove(each)
              ? "above"
              : "below",
      ]),
    { width, keys: 3 },
  );

/**
 * The goal at the points with two mixtures or more: a row a mixture, the best first, with what was
 * registered of it by each law.
 */
function mixtureTable(points: readonly CheckedPoint[], width: number): string {
  const judged = points.filter(({ regrets }) => regrets.length > 0);
  const laws = [...new Set(judged.flatMap(({ regrets }) => regrets.map(({ law }) => law)))];
  const size = (x: number | null): string => (x === null ? NONE : compact(x));
  const rows = judged.flatMap(({ at, trained }) =>
    trained.map(({ name, runs, objective, registered }) => [
      size(at.params),
      size(at.tokens),
      name,
      `${runs}`,
      loss(objective),
      gain(objective - itemAt(trained, 0).objective),
      ...laws.map((law) => {
        const told = registered.find((each) => each.law === law);
        return told === undefined ? NONE : loss(told.objective);
      }),
    ]),
  );
  return table(
    [right("N"), right("D"), left("mixture"), right("runs"), right("measured"), right("above best"), ...laws.map((law) => right(law, "registered"))], // prettier-ignore
    rows.slice(0, MOST_LINES),
    { width, keys: 3 },
  );
}

const lawTable = (laws: readonly CheckedLaw[], width: number): string =>
  table(
    [left("law"), left("plan's"), right("losses"), right("error %"), right("bias %"), right("best chosen"), right("mean regret")], // prettier-ignore
    laws.map((each) => [
      each.law,
      each.isPlans ? "yes" : "",
      `${each.losses}`,
      errorPercent(each.mrePercent),
      `${each.biasPercent < 0 ? "-" : "+"}${errorPercent(Math.abs(each.biasPercent))}`,
      each.points === 0 ? NONE : `${each.right} of ${each.points}`,
      each.regret === null ? NONE : gain(each.regret),
    ]),
    { width },
  );

/** A row a law, of the plans' laws one a target before it; a column a level. */
function calibrationTable(
  rows: readonly CalibrationRow[],
  laws: readonly CheckedLaw[],
  width: number,
): string {
  const levels = [...new Set(rows.map(({ level }) => level))].toSorted((a, b) => a - b);
  const cell = (some: readonly CalibrationRow[], level: number): string => {
    const own = some.filter((row) => row.level === level);
    const losses = own.reduce((sum, row) => sum + row.losses, 0);
    return losses === 0 ? NONE : `${own.reduce((sum, row) => sum + row.inside, 0)} of ${losses}`;
  };
  const lines = laws.flatMap(({ law, isPlans }) => {
    const own = rows.filter((row) => row.law === law);
    const targets = isPlans ? [...new Set(own.map(({ target }) => target))] : [];
    return [...targets, undefined].map((target) => [
      law,
      target ?? "all",
      ...levels.map((level) => cell(own.filter((row) => target === undefined || row.target === target), level)), // prettier-ignore
    ]);
  });
  return table(
    [left("law"), left("target"), ...levels.map((level) => right(percent(level)))],
    lines.slice(0, MOST_LINES),
    { width, keys: 2 },
  );
}
