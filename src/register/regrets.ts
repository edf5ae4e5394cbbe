/** What choosing by each law would have cost, among the mixtures that were trained. */
import { ownOf, itemAt } from "../base/known.ts";
import { mean } from "../stats/moments.ts";
import type { CheckedRun } from "./measured-losses.ts";
import type {
  CheckedLaw,
  CheckedPoint,
  LawRegret,
  MeasuredLoss,
  MeasuredMixture,
  RegisteredGoal,
} from "./plan-check.ts";
import type { Plan, RegisteredMixture, RegisteredPoint } from "./plan.ts";

/** The goal of a point by losses; undefined where one is missing. */
function goalOf(
  { goal, laws }: Plan,
  { reference }: RegisteredPoint,
  lossOf: (target: string) => number | undefined,
): number | undefined {
  const targets = goal === "worst" ? Object.keys(laws) : Object.keys(goal);
  const losses = targets.map((target) => lossOf(target) ?? NaN);
  const parts = losses.map((loss, t) => {
    const target = itemAt(targets, t);
    return goal === "worst" ? loss / (ownOf(reference, target) ?? NaN) : loss * (ownOf(goal, target) ?? NaN); // prettier-ignore
  });
  if (!parts.every(Number.isFinite)) return undefined;
  return goal === "worst" ? Math.max(...parts) : parts.reduce((sum, part) => sum + part, 0);
}

/** The points where registered mixtures were trained, in the order of the plans. */
export function checkedPoints(plans: readonly Plan[], runs: readonly CheckedRun[]): CheckedPoint[] {
  return plans.flatMap((plan, p) =>
    plan.points.flatMap((point, n): CheckedPoint[] => {
      const here = runs.filter((run) => run.plan === p && run.point === n);
      if (here.length === 0) return [];
      const trained = point.mixtures
        .flatMap((mixture) => trainedAs(plan, point, mixture, here) ?? [])
        .toSorted((a, b) => a.objective - b.objective);
      return [{ plan: p, point: n, at: point.at, trained, regrets: regretsAt(trained) }];
    }),
  );
}

/** A mixture by its runs; undefined where it has none, or they lack a loss of the goal. */
function trainedAs(
  plan: Plan,
  point: RegisteredPoint,
  mixture: RegisteredMixture,
  runs: readonly CheckedRun[],
): MeasuredMixture | undefined {
  const own = runs.filter((run) => run.mixture === mixture);
  const objective = goalOf(plan, point, (target) => {
    const values = own.flatMap(({ measured }) => measured.get(target) ?? []);
    return values.length === 0 ? undefined : mean(values);
  });
  if (objective === undefined) return undefined;
  const registered = registeredGoals(plan, point, mixture);
  return { name: mixture.name, runs: own.length, objective, registered };
}

/** The goal by each law that predicted all of it, those that the plan goes by first. */
function registeredGoals(
  plan: Plan,
  point: RegisteredPoint,
  { predictions }: RegisteredMixture,
): RegisteredGoal[] {
  const names = [...new Set(predictions.map(({ law }) => law))];
  const own = new Set(Object.values(plan.laws));
  const inOrder = [...names.filter((law) => own.has(law)), ...names.filter((law) => !own.has(law))];
  return inOrder.flatMap((law): RegisteredGoal[] => {
    const objective = goalOf(
      plan,
      point,
      (target) => predictions.find((one) => one.law === law && one.target === target)?.value,
    );
    return objective === undefined ? [] : [{ law, objective }];
  });
}

/** By law, where two mixtures or more were trained; of laws that predicted the goal of all. */
function regretsAt(trained: readonly MeasuredMixture[]): LawRegret[] {
  const [best] = trained;
  if (best === undefined || trained.length < 2) return [];
  return best.registered.flatMap(({ law }): LawRegret[] => {
    const judged = trained.flatMap((each) =>
      each.registered.flatMap((one) => (one.law === law ? [{ each, value: one.objective }] : [])),
    );
    if (judged.length < trained.length) return [];
    const { each } = judged.reduce((a, b) => (b.value < a.value ? b : a));
    return [{ law, choice: each.name, regret: each.objective - best.objective }];
  });
}

/** How each law did; that with the least regret, or else error, first. */
export function checkedLaws(
  losses: readonly MeasuredLoss[],
  points: readonly CheckedPoint[],
): CheckedLaw[] {
  const names = [...new Set(losses.map(({ law }) => law))];
  const laws = names.map((law): CheckedLaw => {
    const own = losses.filter((loss) => loss.law === law);
    const errors = own.map(({ measured, predicted }) => (100 * (predicted - measured)) / Math.abs(measured)); // prettier-ignore
    const regrets = points.flatMap((point) => point.regrets.filter((each) => each.law === law));
    return {
      law,
      isPlans: own.some(({ isPlans }) => isPlans),
      losses: own.length,
      mrePercent: mean(errors.map(Math.abs)),
      biasPercent: mean(errors),
      regret: regrets.length === 0 ? null : mean(regrets.map(({ regret }) => regret)),
      right: regrets.filter(({ regret }) => regret === 0).length,
      points: regrets.length,
    };
  });
  const rank = ({ regret }: CheckedLaw): number => regret ?? Infinity;
  return laws.toSorted((a, b) => (rank(a) === rank(b) ? a.mrePercent - b.mrePercent : rank(a) - rank(b))); // prettier-ignore
}
