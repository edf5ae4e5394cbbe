/** What Node and browser have in common of the public API; the only re-exporting file. */
export { parseTable, formatOf } from "./data/table.ts";
export { toRuns } from "./data/runs.ts";
export type { Runs, RunSet, RunsOptions } from "./data/runset.ts";
export * from "./errors.ts";
export { formatOptimum } from "./mixture/formats.ts";
export { optimize } from "./mixture/optimize.ts";
export { optimizeCompute, optimizeLimit, optimizePath } from "./mixture/path.ts";
export { parseConstraints } from "./mixture/request.ts";
export type { ConstraintRequest, OptimizeOptions, Optimum } from "./mixture/optimum.ts";
export type { Engine, FitResult } from "./api.ts";
export type { Backend, EngineReport } from "./fit/engine.ts";
export { predict, type Prediction } from "./fit/predict.ts";
export type { Certificate, Fit, FitFile, Score, Search } from "./fit/result.ts";
export { CATALOG, laws } from "./laws/catalog.ts";
export type { Law } from "./laws/define.ts";
export type { FitOptions, FitSettings, Progress } from "./options.ts";
export { VERSION } from "./version.ts";
