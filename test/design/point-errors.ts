/** Standard errors of a fit's predictions at points, without the design's code. */
import { covarianceIn, predictionErrors } from "../../src/fit/backtest/covariance.ts";
import { pointsFor, restore } from "../../src/fit/predict.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";

export function coordinateErrors(file: FitFile, points: Runs): Float64Array {
  const [fit] = file.fits;
  const { law, theta } = restore(file, fit);
  const covariance = covarianceIn(fit.covariance ?? "", law.size);
  return predictionErrors(law, theta, covariance, pointsFor(law, points));
}
