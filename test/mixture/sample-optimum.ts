/** An optimum and a fit file to write down and to walk along, without a fit. */
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";

const even = {
  weights: { web: 0.5, code: 0.5 },
  objective: 2.5,
  predicted: { loss_web: 2.6, loss_code: 2.4 },
};

export const optimum = (over: Partial<Optimum> = {}): Optimum => ({
  schema: "mixlaw/optimum@1",
  version: "0.1.0",
  weights: { web: 0.75, code: 0.25 },
  objective: 2.25,
  predicted: { loss_web: 2.5, loss_code: 2 },
  undetermined: {},
  at: { params: 7e9, tokens: 140e9 },
  laws: { loss_web: "joint", loss_code: "joint" },
  goal: { loss_web: 1, loss_code: 1 },
  request: { params: 7e9, tokens: 140e9 },
  active: [],
  trainedLimit: null,
  otherLaws: [],
  reference: even,
  uniform: even,
  robust: null,
  prediction: null,
  interval: null,
  certificate: {
    stationarity: 1e-11,
    feasibility: 0,
    complementarity: 0,
    curvature: null,
    certified: true,
  },
  search: { proof: "convex", lowerBound: null, reasons: [], descents: 8, found: 1, optima: [] },
  sharpness: {
    epsilon: 0.001,
    ranges: { web: [0.7, 0.8], code: [0.2, 0.3] },
    trade: "web against code",
  },
  reach: { insideHull: true, hullDistance: 0, nearestDistance: 0.1 },
  monteCarlo: { samples: 65536, feasible: 65536, best: 2.26 },
  allocation: {
    web: { tokens: 105e9, epochs: 5, passes: 4 },
    code: { tokens: 35e9, epochs: null, passes: null },
  },
  lattice: null,
  verdict: { status: "global", findings: [] },
  warnings: [],
  ...over,
});

export const fitFile = (): FitFile =>
  ({
    data: {
      domains: ["web", "code"],
      range: { params: { min: 1e7, max: 1e9 }, tokens: { min: 1e9, max: 1e11 } },
    },
  }) as unknown as FitFile;
