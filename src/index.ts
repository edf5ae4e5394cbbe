/** What Node and browser have in common of the public API; the only re-exporting file. */
export { formatOf } from "./data/table/formats.ts";
export { parseTable } from "./data/table/parse-table.ts";
export { toRuns } from "./data/runs/runs.ts";
export type { Runs, RunSet, RunsOptions } from "./data/runs/run-set.ts";
export * from "./base/errors.ts";
export { formatOptimum } from "./mixture/optimum-formats.ts";
export { optimize } from "./mixture/optimize.ts";
export { optimizeSizes, type Sizes, type SizesOptions } from "./mixture/choose-sizes.ts";
export { optimizeCompute, optimizeLimit, optimizePath } from "./mixture/path.ts";
export { parseConstraints } from "./mixture/constraints/read-constraints.ts";
export { type DesignedRun, initialDesign, type InitialOptions } from "./design/initial-runs.ts";
export { nextRuns } from "./design/next-runs.ts";
export type { NextOptions, NextRun, NextRuns } from "./design/next-options.ts";
export type { ConstraintRequest } from "./mixture/constraints/constraint-kinds.ts";
export type { OptimizeOptions, Optimum } from "./mixture/request/optimum.ts";
export type { Engine, FitResult } from "./api.ts";
export type { Backend, EngineReport } from "./fit/engine.ts";
export { lawIn, predict, type Prediction } from "./fit/predict.ts";
export type {
  Certificate,
  Coverage,
  Fit,
  FitFile,
  LostDirection,
  Profile,
  Score,
  Search,
} from "./fit/result/fit-file.ts";
export { CATALOG, laws } from "./laws/catalog/catalog.ts";
export type { Law, LawDefinition, ParameterDefinition } from "./laws/law.ts";
export { type FormulaOptions, lawFromFormula } from "./laws/formula/formula.ts";
export { parseLawFile } from "./laws/formula/law-file.ts";
export type { FitOptions, FitSettings, Progress } from "./base/fit-options.ts";
export type { By } from "./validate/folds.ts";
export type { HeldScore, LawScore, Validation } from "./validate/validation.ts";
export type { ValidateOptions } from "./validate/validate.ts";
export { VERSION } from "./base/version.ts";
