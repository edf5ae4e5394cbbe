/** What the summary of an optimum shows. */
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { standsAsOptimum } from "../../../mixture/request/optimum-verdict.ts";
import type { SummaryData } from "../../../views/words/summary.ts";
import { optimumSummary } from "../../../words/optimum-summary.ts";

export const summaryFacts = (optimum: Optimum): SummaryData => ({
  stands: standsAsOptimum(optimum.verdict),
  ...optimumSummary(optimum),
});
