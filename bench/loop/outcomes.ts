/** What came of a plan: each trained mixture beside what every law registered of it. */
import { itemAt } from "../../src/base/known.ts";
import type { PlanCheck } from "../../src/register/plan-check.ts";
import type { Plan } from "../../src/register/plan.ts";

export interface Outcome {
  /** As the plan names it: the ways that proposed it, joined by +. */
  readonly mixture: string;
  readonly weights: Readonly<Record<string, number>>;
  /** The goal of each of its runs, in the table's order. */
  readonly measured: readonly number[];
  /** The registered goal by law. */
  readonly registered: ReadonlyMap<string, number>;
}

/** A plan's goal as weights by target. */
export function weightsOf({ goal }: Plan): Readonly<Record<string, number>> {
  if (typeof goal === "string") throw new Error(`the goal "${goal}" has no weights`);
  return goal;
}

/** The laws that a plan has predictions of, that which it goes by first. */
export function lawsOf(plan: Plan): string[] {
  const [first = ""] = Object.values(plan.laws);
  const laws = plan.points.flatMap(({ mixtures }) =>
    mixtures.flatMap(({ predictions }) => predictions.map(({ law }) => law)),
  );
  return [...new Set([first, ...laws])];
}

/** The mean over its runs. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The trained mixtures of a plan of one point, the best first. */
export function outcomesOf(plan: Plan, { losses }: PlanCheck): Outcome[] {
  const weights = weightsOf(plan);
  const goalOf = (loss: (target: string) => number | undefined): number =>
    Object.entries(weights).reduce((sum, [target, w]) => sum + w * (loss(target) ?? NaN), 0);
  const laws = lawsOf(plan);
  const outcomes = itemAt(plan.points, 0).mixtures.flatMap((one): Outcome[] => {
    const own = losses.filter(({ mixture, law }) => mixture === one.name && law === laws[0]);
    if (own.length === 0) return [];
    const rows = [...new Set(own.map(({ row }) => row))];
    const measured = (row: number, name: string): number | undefined =>
      own.find((loss) => loss.row === row && loss.target === name)?.measured;
    const registered = (law: string, name: string): number | undefined =>
      one.predictions.find((loss) => loss.law === law && loss.target === name)?.value;
    return [
      {
        mixture: one.name,
        weights: one.weights,
        measured: rows.map((row) => goalOf((target) => measured(row, target))),
        registered: new Map(laws.map((law) => [law, goalOf((name) => registered(law, name))])),
      },
    ];
  });
  return outcomes.toSorted((a, b) => meanOf(a.measured) - meanOf(b.measured));
}
