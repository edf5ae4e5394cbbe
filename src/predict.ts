/** Predictions as users of the library ask for them: at runs, or at rows as plain objects. */
import type { Finding } from "./base/verdict.ts";
import { type RunsOrRows, runsFrom } from "./data/runs/runs.ts";
import type { BandOptions } from "./fit/inference/bands.ts";
import { checkedFit } from "./fit/file/parse-fit-file.ts";
import { predict as predictRuns, type Prediction } from "./fit/predict.ts";
import { predictionFindings as findingsAtRuns } from "./fit/prediction-findings.ts";
import type { FitFile } from "./fit/result/fit-file.ts";

/** How rows are read that are points: losses that they have are not. */
const POINTS = { targets: "" } as const;

/**
 * Predicted losses of every fit in the file at every row of `points`: the `train` rows of runs, or
 * rows as plain objects. Failed fits predict nothing and are left out. Domains are matched by name.
 * Each prediction has the interval of a new run there; beyond the fitted runs its ends are infinite
 * where there are no back-tests. Throws InputError when an input or a domain is missing, or a
 * domain the fit does not know has a weight, for an option that cannot be used, and where every fit
 * has failed.
 *
 * @example predict(file, [{ n_params: 7e9, n_tokens: 1.5e11, h_web: 0.6, h_code: 0.4 }])[0].values
 */
export const predict = (
  file: FitFile,
  points: RunsOrRows,
  options: BandOptions = {},
): Prediction[] => predictRuns(checkedFit(file), runsFrom(points, POINTS), options);

/**
 * The findings of a file's fits that bear on predictions at these points. What the runs' mixtures
 * do not tell is said where a point asks for it.
 *
 * @example predictionFindings(file, await readRuns("points.csv", { targets: "" }))
 */
export const predictionFindings = (file: FitFile, points: RunsOrRows): Finding[] =>
  findingsAtRuns(checkedFit(file), runsFrom(points, POINTS));
