/** Which fits an optimum is by. */
import { ownOf } from "../../base/known.ts";
import { AVERAGE } from "../../fit/backtest/average-laws.ts";
import type { Optimum } from "./optimum.ts";

type Predicted = Pick<Optimum, "laws" | "average">;

/** The laws that predict a target of an optimum, with their parts: one alone, or an average's. */
export function partsOf(
  { laws, average }: Predicted,
  target: string,
): Readonly<Record<string, number>> {
  const law = ownOf(laws, target);
  if (law === undefined) return {};
  return law === AVERAGE && average !== undefined ? average : { [law]: 1 };
}

/** Whether an optimum's predictions are of a fit, alone or as a part of an average. */
export const isPredictedBy = (
  optimum: Predicted,
  { law, target }: { readonly law: string; readonly target: string },
): boolean => Object.hasOwn(partsOf(optimum, target), law);
