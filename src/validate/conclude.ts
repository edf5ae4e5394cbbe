/** From the laws' predictions to scores, ranks and comparisons. */
import { backendUsed } from "../fit/backends.ts";
import { VERSION } from "../base/version.ts";
import type { SearchedLaw } from "../fit/search-laws.ts";
import { noteFault } from "../gpu/faults.ts";
import { quantile } from "../stats/interval.ts";
import { expectedErrors, type TargetScale } from "./backtests.ts";
import { type By, clustersOf, type Curve, type Folds, needsColumn } from "./folds.ts";
import { scoredSet } from "./held-out.ts";
import type { Judged } from "./judge.ts";
import { isSharingErrors } from "./information-criteria.ts";
import { nestedGains } from "./nested-laws.ts";
import { type Ranking, rank } from "./ranking.ts";
import { recommend } from "./recommend.ts";
import { heldRows } from "./scores.ts";
import type { Conclusion, CurvePoint, Validation } from "./validation.ts";

/** What a validation has come to. */
export interface Concluding extends Ranking {
  readonly by: By;
  readonly at: TargetScale | undefined;
  readonly curve: Curve | undefined;
  readonly failed: Validation["failed"];
  /** All the laws that were searched, by name. */
  readonly known: ReadonlyMap<string, SearchedLaw>;
  readonly timing: Validation["timing"];
}

/** The validation. */
export function conclude(validated: Concluding): Validation {
  const { runs, by, folds, curve, judged, failed, settings, known, timing } = validated;
  const set = scoredSet(runs, folds);
  const { level, seed } = settings;
  const rows = heldRows(set, folds, settings.residual);
  const { laws, baselines } = rank(validated);
  const [{ searcher }] = judged[0].searches;
  const backtests = judged.flatMap(({ law, backtests: tested }) =>
    tested.flatMap((each, t) =>
      each === undefined ? [] : [{ law: law.name, target: runs.targets[t], backtests: each }],
    ),
  );
  const clusters = set === runs.train ? folds.clusters : clustersOf(runs);
  return {
    schema: "mixlaw/validation@1",
    version: VERSION,
    data: {
      source: runs.source,
      sha256: runs.sha256,
      rows: runs.train.rows,
      targets: runs.targets,
    },
    by,
    column: needsColumn(by) ? (runs.group ?? null) : null,
    held: folds.title,
    folds: folds.held.length,
    clusters: heldClusters(folds),
    seed,
    level,
    laws,
    baselines,
    conclusion: withFaults(recommend(laws, baselines, level, isSharingErrors(runs)), judged),
    failed,
    // A law's score test takes each target's fit as the best by itself.
    nested: settings.common.length > 0 ? [] : nestedGains(judged, { known, rows, clusters, level, seed }), // prettier-ignore
    backtests,
    expected:
      expectedErrors(
        judged.map(({ law }) => law),
        backtests,
        runs,
        validated.at,
        level,
      ) ?? null,
    curve: curve === undefined ? null : curvePoints(judged, curve),
    backend: backendUsed(searcher),
    timing,
  };
}

/** A conclusion, with what went wrong on the GPU on the way to it. */
function withFaults(conclusion: Conclusion, judged: readonly Judged[]): Conclusion {
  const findings = [...conclusion.findings];
  for (const { searcher } of judged.flatMap(({ searches }) => searches))
    for (const fault of searcher.faults ?? []) noteFault(findings, fault);
  return { ...conclusion, findings };
}

/** How many clusters have a row that is held out. */
const heldClusters = ({ held, clusters }: Folds): number =>
  new Set(held.flatMap((rows) => [...rows].map((row) => clusters.blockOf[row]))).size;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const curvePoints = (judged: readonly Judged[], { sizes }: Curve): CurvePoint[] =>
  sizes.map((mixtures, s) => ({
    mixtures,
    laws: Object.fromEntries(
      judged.map(({ law, curve }) => {
        const errors = curve?.[s] ?? null;
        const sorted = Float64Array.from(errors ?? []).sort();
        const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => finite(quantile(sorted, p)));
        return [
          law.name,
          errors === null ? null : { mrePercent: middle, quartiles: [low, high] as const },
        ];
      }),
    ),
  }));
