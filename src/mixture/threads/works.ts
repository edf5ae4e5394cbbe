/** What worker threads do beside fits and draws, by name. */
import { scoringRefits } from "../../fit/backtest/score-refits.ts";
import { examining } from "../../fit/examine/examining.ts";
import type { AnySharedWork } from "../../fit/search/shared-work.ts";
import { solving } from "./solving.ts";

export const WORKS: ReadonlyMap<string, AnySharedWork> = new Map(
  [examining, scoringRefits, solving].map((work: AnySharedWork) => [work.name, work]),
);
