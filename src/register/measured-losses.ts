/** Measured losses beside what was registered of them, and how often intervals held them. */
import { itemAt, ownOf } from "../base/known.ts";
import type { Runs } from "../data/runs/run-set.ts";
import type { Interval } from "../stats/interval.ts";
import type { Match } from "./match-runs.ts";
import type { CalibrationRow, MeasuredLoss } from "./plan-check.ts";
import type { Plan } from "./plan.ts";

/** A run of a plan, with its measured losses by target. */
export interface CheckedRun extends Match {
  readonly row: number;
  readonly measured: ReadonlyMap<string, number>;
}

/** A run that is a registered one, with its losses of the plan's targets. */
export function checkedRun(match: Match, { laws }: Plan, { train, targets }: Runs): CheckedRun {
  const measured = new Map<string, number>();
  for (const target of Object.keys(laws)) {
    const loss = train.losses[targets.indexOf(target)]?.[match.run] ?? NaN;
    if (Number.isFinite(loss)) measured.set(target, loss);
  }
  return { ...match, row: itemAt(train.rowNumbers, match.run), measured };
}

/** Undefined without an interval of two ends. */
const isInside = ([low, high]: Interval, loss: number): boolean | undefined =>
  low === null || high === null ? undefined : low <= loss && loss <= high;

/** Whether a loss that lies outside of its interval lies above it. */
export const isAbove = ({ measured, interval: [, high] }: MeasuredLoss): boolean =>
  high !== null && measured > high;

/** Every law's prediction of every measured loss of a run. */
export function measuredLosses(plan: Plan, run: CheckedRun): MeasuredLoss[] {
  const place = plan.levels.indexOf(plan.level);
  return run.mixture.predictions.flatMap(({ law, target, value, intervals }): MeasuredLoss[] => {
    const measured = run.measured.get(target);
    if (measured === undefined) return [];
    const interval = itemAt(intervals, place);
    return [
      {
        plan: run.plan,
        point: run.point,
        mixture: run.mixture.name,
        row: run.row,
        law,
        isPlans: ownOf(plan.laws, target) === law,
        target,
        measured,
        predicted: value,
        interval,
        inside: isInside(interval, measured) ?? null,
      },
    ];
  });
}

/** How often the intervals of each level held, by law and target. */
export function calibrationOf(
  plans: readonly Plan[],
  runs: readonly CheckedRun[],
): CalibrationRow[] {
  const rows = new Map<string, CalibrationRow>();
  for (const { plan, mixture, measured } of runs) {
    const { levels } = itemAt(plans, plan);
    for (const { law, target, intervals } of mixture.predictions) {
      const loss = measured.get(target);
      if (loss === undefined) continue;
      for (const [n, interval] of intervals.entries()) {
        const isHeld = isInside(interval, loss);
        if (isHeld === undefined) continue;
        const level = itemAt(levels, n);
        const key = JSON.stringify([law, target, level]);
        const before = rows.get(key) ?? { law, target, level, inside: 0, losses: 0 };
        const inside = before.inside + (isHeld ? 1 : 0);
        rows.set(key, { ...before, inside, losses: before.losses + 1 });
      }
    }
  }
  const laws = [...new Set([...rows.values()].map(({ law }) => law))];
  return [...rows.values()].toSorted((a, b) => laws.indexOf(a.law) - laws.indexOf(b.law) || a.level - b.level); // prettier-ignore
}
