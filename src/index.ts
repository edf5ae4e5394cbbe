/** What Node and browser have in common of the public API; the only re-exporting file. */
export * from "./base/errors.ts";
export { type LossKind, LOSSES } from "./expr/loss.ts";
export type { Claim } from "./base/claims.ts";
export type { Finding, Verdict } from "./base/verdict.ts";
export { VERSION } from "./base/version.ts";
export {
  type FitOptions,
  type FitSettings,
  type Progress,
  type ResidualKind,
  RESIDUALS,
  type Restrictions,
  type Scheme,
  SCHEMES,
  type Signs,
  SIGNS,
} from "./options/fit-options.ts";
export type { RidgeOption, RidgeStrength } from "./options/ridge-option.ts";
export { type IntervalKind, INTERVALS } from "./stats/interval.ts";

// A timeline of what an engine does
export type {
  ChromeTrace,
  CompleteEvent,
  MetadataArguments,
  MetadataEvent,
} from "./trace/chrome-trace.ts";
export type { SpanDetails, SpanKind } from "./trace/span.ts";
export { Trace } from "./trace/trace.ts";

// Records
export type { Job, Json } from "./records/job.ts";
export type { RecordStore, WorkRecord } from "./records/record-store.ts";
export type { Shard } from "./records/shard.ts";

// Laws
export { CATALOG, laws } from "./laws/catalog/catalog.ts";
export type { Units } from "./laws/bind.ts";
export {
  type ChartKind,
  CHARTS,
  type InputDefinition,
  type Law,
  type FormVariables,
  type LawDefinition,
  type LawForm,
  type LawInput,
  type LawOptions,
  type ParameterDefinition,
} from "./laws/law.ts";
export type { FittedForm } from "./laws/fitted-form.ts";
export type { Frame } from "./laws/parameters/frame.ts";
export type { Reported } from "./laws/parameters/parameters.ts";
export { lawFromFormula } from "./laws/formula/formula.ts";
export type { FormulaOptions } from "./laws/formula/formula-options.ts";
export { parseLawFile } from "./laws/formula/law-file.ts";

// Tables and runs
export type { Cell, Column, Table, TableShape } from "./data/table/cells.ts";
export { formatOf, type Format as TableFormat } from "./data/table/formats.ts";
export { parseTable } from "./data/table/parse-table.ts";
export type { DroppedRows, Runs, RunSet } from "./data/runs/run-set.ts";
export type { CountUnits } from "./options/count-units.ts";
export type { RunsOptions, TableReading } from "./data/runs/runs-options.ts";
export type { ShapeOptions } from "./data/combine/shape.ts";
export type { SourceColumns } from "./data/filter/leave-out.ts";
export { type Row, tableOf } from "./data/table/rows.ts";
export { type RunsOrRows, toRuns } from "./data/runs/runs.ts";

export type { Phases } from "./options/phases.ts";

// Fits and predictions
export type { RidgeOfFit } from "./fit/result/ridge-of-fit.ts";
export type { Engine, FitResult } from "./api.ts";
export { type Backend, BACKENDS, type EngineReport } from "./fit/backends.ts";
export type { AdapterReport } from "./gpu/adapter.ts";
export type { Interval } from "./stats/interval.ts";
export type {
  BackendUsed,
  Bootstrap,
  Certificate,
  Coverage,
  Extent,
  FailedFit,
  Fit,
  FitFile,
  LostDirection,
  Profile,
  Score,
  Plateau,
  Search,
  TrainedMixture,
} from "./fit/result/fit-file.ts";
export type { KeptRows, KeptSet } from "./fit/result/kept-rows.ts";
export { rowsOf } from "./fit/result/rows-of-file.ts";
export type { FitStatus } from "./fit/result/fit-verdict.ts";
export type { Basin } from "./fit/search/basins.ts";
export type { Deviations, Noise } from "./fit/result/deviations.ts";
export type { BlockKind } from "./data/runs/shared-errors.ts";
export type { Backtest, Backtests, ChosenLaw, LadderAxis } from "./fit/result/backtests.ts";
export {
  type Band,
  type BandOptions,
  INTERVAL_OF,
  type IntervalOf,
} from "./fit/inference/bands.ts";
export { lawIn } from "./fit/file/law-of-fit.ts";
export type { Prediction } from "./fit/predict.ts";
export {
  type Averaged,
  averagePredictions,
  lawWeights,
  type LawWeights,
} from "./fit/backtest/average-laws.ts";
export { predict, predictionFindings } from "./predict.ts";

// Mixtures
export type { ConstraintRequest } from "./mixture/constraints/constraint-kinds.ts";
export type { Group } from "./mixture/constraints/kinds/group.ts";
export type { Price } from "./mixture/constraints/kinds/kind.ts";
export type { Ratio } from "./mixture/constraints/kinds/ratio.ts";
export type { Trust } from "./mixture/constraints/kinds/trust.ts";
export { parseConstraints } from "./mixture/constraints/read-constraints.ts";
export type {
  Objective,
  OptimizeOptions,
  OptimizeRequest,
} from "./mixture/request/optimize-options.ts";
export type {
  Active,
  Allocation,
  AskedMixture,
  Violation,
  Judged,
  LawOptimum,
  LocalOptimum,
  Optimum,
  OptimumPhases,
  OtherLaw,
} from "./mixture/request/optimum.ts";
export type { Candidate, Gain, OptimumInterval } from "./mixture/request/optimum-interval.ts";
export type { OptimumStatus } from "./mixture/request/optimum-verdict.ts";
export {
  formatOptimum,
  type Notation,
  type OptimumFormat,
} from "./mixture/formats/optimum-formats.ts";
export type { DataPaths } from "./mixture/formats/paths.ts";
export { optimize } from "./mixture/optimize.ts";
export type { PathRow, Point, Solve } from "./mixture/at-scale.ts";
export { type Best, optimizeCompute } from "./mixture/optimize-compute.ts";
export { withExponents } from "./mixture/with-exponents.ts";
export { optimizeLimit, optimizePath, type Stop } from "./mixture/path.ts";
export { optimizeSizes } from "./mixture/sizes/choose-sizes.ts";
export type { IsoflopEstimate, ScalingExponents } from "./mixture/request/exponents.ts";
export type { Sizes, SizesOptions, SizesStatus } from "./mixture/sizes/sizes.ts";

// Designs
export { type DesignedRun, initialDesign, type InitialOptions } from "./design/initial-runs.ts";
export {
  type Goal,
  GOALS,
  type NextOptions,
  type NextRun,
  type NextRuns,
} from "./design/next-options.ts";
export type { ReplicatesOf } from "./design/ensemble.ts";
export { nextRuns } from "./design/next-runs.ts";

// Validation
export { type By, BY } from "./validate/folds.ts";
export type { ValidateOptions } from "./validate/validate.ts";
export type { ExpectedError, TargetScale, TestedTarget } from "./validate/backtests.ts";
export type {
  BaselineScore,
  Beyond,
  Conclusion,
  CurvePoint,
  Difference,
  HeldScore,
  LawScore,
  Nested,
  Validation,
} from "./validate/validation.ts";

// Fits that are repeated
export type {
  CellValue,
  ChangedCell,
  Circumstances,
  RowChanges,
  ValueDifference,
  Verification,
  VerifyStatus,
} from "./verify/verification.ts";
export { type Fitting, verify, type VerifyOptions } from "./verify/verify.ts";

// Plans that are registered before training, and checked after
export type { Plan, RegisteredLoss, RegisteredMixture, RegisteredPoint } from "./register/plan.ts";
export { parsePlan } from "./register/plan-file.ts";
export { registerPlan } from "./register/register-plan.ts";
export { check, type CheckOptions } from "./register/check.ts";
export type {
  CalibrationRow,
  CheckedLaw,
  CheckedPoint,
  CheckStatus,
  LawRegret,
  MeasuredLoss,
  PlanCheck,
  MeasuredMixture,
  RegisteredGoal,
} from "./register/plan-check.ts";
