/** Drawn fits with replicates, and an optimum of them, without a fit. */
import { encode64 } from "../../../src/base/base64.ts";
import type { Bootstrap, Fit, FitFile } from "../../../src/fit/result/fit-file.ts";
import type { Material } from "../../../src/report/facts/material.ts";
import { stream } from "../../../src/random/rng.ts";
import { drawLosses, fileOf } from "../../mixture/fixture.ts";
import { optimum } from "../../mixture/sample-optimum.ts";

/** Replicates of each fit. */
const REPLICATES = 300;

function withReplicates(fit: Fit, n: number): Fit {
  const draws = stream(11, n);
  const theta = Object.values(fit.coordinates);
  const coordinates = Float64Array.from({ length: REPLICATES * theta.length }, (_, i) => {
    const at = i % theta.length;
    return theta[at] + 0.02 * draws.normal(Math.floor(i / theta.length), at);
  });
  const bootstrap: Bootstrap = {
    replicates: REPLICATES,
    unconverged: 0,
    otherBasin: 0,
    group: null,
    blocks: 50,
    resampling: "multinomial",
    level: 0.9,
    interval: "bca",
    tolerance: 1e-5,
    parameters: {},
    standardErrors: {},
    coordinates: encode64(coordinates),
    jackknife: encode64(coordinates.subarray(0, 20 * theta.length)),
  };
  return { ...fit, residualSd: 0.01, bootstrap };
}

/** Two laws of three domains and two targets; the optimum is by the first law. */
export function drawnMaterial(): Material {
  const trained = [
    [0.6, 0.3, 0.1],
    [0.2, 0.5, 0.3],
    [0.3, 0.3, 0.4],
    [0.25, 0.6, 0.15],
  ];
  const [first, second] = ["additive", "joint"].map((law, n) => fileOf(drawLosses(law, 3, 2, 5 + n), trained)); // prettier-ignore
  const fits = [...first.fits, ...second.fits].map(withReplicates);
  const file: FitFile = { ...first, fits };
  const even = { d0: 1 / 3, d1: 1 / 3, d2: 1 / 3 };
  const best = optimum({
    weights: { d0: 0.5, d1: 0.2, d2: 0.3 },
    at: { params: 5e8, tokens: 1e10 },
    laws: { loss_0: "additive", loss_1: "additive" },
    goal: { loss_0: 3, loss_1: 1 },
    predicted: { loss_0: 2.5, loss_1: 2 },
    reference: {
      weights: { d0: 0.4, d1: 0.4, d2: 0.2 },
      objective: 1,
      predicted: { loss_0: 2.6, loss_1: 2.1 },
    },
    uniform: { weights: even, objective: 1, predicted: { loss_0: 2.7, loss_1: 2.2 } },
  });
  return { file, failed: [], rows: undefined, optima: [{ name: "best.json", optimum: best }] };
}
