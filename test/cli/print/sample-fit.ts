/** A fit and a fit file to print, without a fit. */
import { DEFAULTS } from "../../../src/options/fit-options.ts";
import type { Fit, FitFile } from "../../../src/fit/result/fit-file.ts";

export const fit = (law: string, target: string, over: Partial<Fit> = {}): Fit => ({
  law,
  target,
  formula: "L = E + …",
  objective: 8.368173e-6,
  parameters: { E: 1.5, A: 400, alpha: 0.31, gamma: null, C: { web: 1.25, code: null } },
  fixed: {},
  tied: {},
  units: { params: 1, tokens: 1 },
  coordinates: {},
  center: { params: 1e8, tokens: 1e9 },
  train: { rows: 100, mrePercent: 0.271, r2: 0.999, mae: 0.006, spearman: 0.999 },
  test: { rows: 20, mrePercent: 1.204, r2: 0.9, mae: 0.01, spearman: 0.9 },
  degreesOfFreedom: 95,
  residualSd: 0.008,
  standardErrors: null,
  noise: null,
  search: {
    starts: 512,
    reachedBest: 300,
    hops: { starts: 128, reachedBest: 100 },
    status: "converged",
    ended: { converged: 512, stalled: 0, limit: 0, dropped: 0, nonfinite: 0 },
    origin: "random",
  },
  certificate: {
    gradientNorm: 1e-9,
    conditionNumber: 1.23e4,
    spectrum: [],
    notIdentified: [],
    directions: [],
    atBound: [],
  },
  bootstrap: null,
  verdict: { status: "holds", findings: [] },
  warnings: [],
  ...over,
});

export const file = (fits: readonly Fit[]): FitFile => ({
  schema: "mixlaw/fit@2",
  version: "0.1.0",
  data: {
    source: "runs.csv",
    sha256: "",
    rows: 100,
    testRows: 20,
    domains: ["web", "code"],
    dropped: [{ reason: "where", rows: 3 }],
    notes: ["a note about the data ".repeat(8).trim()],
    range: { params: { min: 1e7, max: 1e9 }, tokens: null },
    coverage: { sizes: null, tokenCounts: null, tokensPerParam: null, correlation: null },
    mixtures: [],
  },
  settings: DEFAULTS,
  backend: { kind: "webgpu", adapter: "a card" },
  fits,
  timing: { total: 3.21 },
});
