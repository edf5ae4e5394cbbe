/** What back-tests say against a fit. */
import { lastOf } from "../../base/known.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import type { Backtest, Backtests } from "../result/backtests.ts";

/** Standard errors from which an error is no chance. */
const CLEAR = 2;

/** Whether an error is more than what the refit left open and the noise of the mean. */
const isClear = ({ error, standardError, scatter, rows }: Backtest): boolean =>
  Math.abs(error) > CLEAR * Math.hypot(standardError, scatter / Math.sqrt(rows));

/**
 * A bias that back-tests agree on: two refits or more missed the larger runs to the same side at
 * every level, and the last one, which saw the most, clearly. It is shown and not taken off: how it
 * goes on is not known.
 */
export function backtestFindings(backtests: Backtests | undefined): Finding[] {
  if (backtests === undefined) return [];
  const { list } = backtests;
  const last = lastOf(list);
  const refits = new Set(list.map(({ levels }) => levels)).size;
  const isOneSided = list.every(({ error }) => error > 0 === last.error > 0);
  if (refits < 2 || !isOneSided || !isClear(last)) return [];
  return [
    finding(
      "backtest-bias",
      `fitted to the smaller runs, the law predicted the larger ones too ${last.error > 0 ? "high" : "low"} in all ${list.length} back-tests: it may do so beyond the runs too. Intervals allow for it, predictions are not corrected`,
    ),
  ];
}
