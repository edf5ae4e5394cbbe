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
export function outcomesOf(plan: Plan, { losses, points }: PlanCheck): Outcome[] {
  const weights = Object.entries(weightsOf(plan));
  const [law = ""] = lawsOf(plan);
  const [point] = plan.points;
  return itemAt(points, 0).trained.map(({ name, registered }): Outcome => {
    const own = losses.filter((loss) => loss.mixture === name && loss.law === law);
    const goalOf = (row: number): number =>
      weights.reduce((sum, [target, w]) => {
        const loss = own.find((one) => one.row === row && one.target === target);
        return sum + w * (loss?.measured ?? NaN);
      }, 0);
    return {
      mixture: name,
      weights: point?.mixtures.find((one) => one.name === name)?.weights ?? {},
      measured: [...new Set(own.map(({ row }) => row))].map(goalOf),
      registered: new Map(registered.map((told) => [told.law, told.objective])),
    };
  });
}

/**
 * Whether a mixture has less of a target's own domain than any run that was fitted; undefined for a
 * target that is no domain's.
 * @param least the least share of each domain in these runs
 */
export function isBelowTrained(
  least: ReadonlyMap<string, number>,
  target: string,
  shareOf: (domain: string) => number | undefined,
): boolean | undefined {
  const domain = target.replace("loss_", "");
  const [from, share] = [least.get(domain), shareOf(domain)];
  return from === undefined || share === undefined ? undefined : share < from;
}
