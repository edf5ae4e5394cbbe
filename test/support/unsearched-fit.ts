import { fitVerdict } from "../../src/fit/result/fit-verdict.ts";

/** What a fit file says of a fit that nobody searched for. */
export const UNSEARCHED = {
  train: { rows: 1, mrePercent: 0, r2: null, mae: 0, spearman: null },
  test: null,
  degreesOfFreedom: 1,
  residualSd: null,
  standardErrors: null,
  noise: null,
  search: {
    starts: 1,
    reachedBest: 1,
    hops: { starts: 0, reachedBest: 0 },
    status: "converged",
    ended: { converged: 1, stalled: 0, limit: 0, dropped: 0, nonfinite: 0 },
    origin: "random",
  },
  certificate: {
    gradientNorm: 0,
    conditionNumber: 1,
    spectrum: [],
    notIdentified: [],
    directions: [],
    atBound: [],
  },
  bootstrap: null,
  verdict: fitVerdict([]),
  warnings: [],
} as const;
