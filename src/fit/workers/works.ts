/** What worker threads do beside fits and draws, by name. */
import { scoringRefits } from "../backtest/score-refits.ts";
import { examining } from "../examine/examining.ts";
import type { AnySharedWork } from "../search/shared-work.ts";

export const WORKS: ReadonlyMap<string, AnySharedWork> = new Map(
  [examining, scoringRefits].map((work: AnySharedWork) => [work.name, work]),
);
