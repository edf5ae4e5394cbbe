/** Which fits an optimum is by. */
import { ownOf } from "../../base/known.ts";
import { AVERAGE } from "../../fit/backtest/average-laws.ts";
import type { Optimum } from "./optimum.ts";

/** Whether an optimum's predictions are of a fit, alone or as a part of an average. */
export const isPredictedBy = (
  { laws, average = {} }: Pick<Optimum, "laws" | "average">,
  { law, target }: { readonly law: string; readonly target: string },
): boolean =>
  ownOf(laws, target) === law || (ownOf(laws, target) === AVERAGE && Object.hasOwn(average, law));
