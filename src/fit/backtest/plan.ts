/** Whether a law is back-tested, and on what. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { searchIterations } from "../search/search.ts";
import { type Ladder, ladderOf } from "./ladder.ts";
import { backtestIterations } from "./refit-prefixes.ts";

/** What of some runs says how they are back-tested. */
interface TestedRuns {
  readonly train: Pick<RunSet, "inputs">;
  readonly targets: readonly string[];
}

/**
 * The ladder that a law is tested on; undefined where it is not. By default a test must not cost
 * more than a fit that does all its starts. Both are counted in iterations on the same rows, never
 * in seconds: what a file has must not depend on the machine.
 */
export function plannedLadder(
  { law }: BoundLaw,
  { train, targets }: TestedRuns,
  settings: FitSettings,
): Ladder | undefined {
  const { backtest } = settings;
  // Back-tests refit single targets.
  const ladder = backtest === false ? undefined : ladderOf(law.uses, train);
  if (ladder === undefined || backtest === true) return ladder;
  const cost = backtestIterations(ladder, targets.length, settings);
  return cost <= searchIterations(targets.length, settings) ? ladder : undefined;
}
