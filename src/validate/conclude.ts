/** From the laws' predictions to scores, ranks and comparisons. */
import type { FitSettings } from "../options/fit-options.ts";
import { VERSION } from "../base/version.ts";
import type { RunSet, Runs } from "../data/runs/run-set.ts";
import type { SearchedLaw } from "../fit/search-laws.ts";
import { quantile } from "../stats/interval.ts";
import { type By, clustersOf, type Curve, type Folds, needsColumn } from "./folds.ts";
import { scoredSet } from "./held-out.ts";
import type { Judged } from "./judge.ts";
import { nestedGains } from "./nested-laws.ts";
import { compare, heldRows, type HeldRows, heldScore, meanScore } from "./scores.ts";
import type { CurvePoint, HeldScore, LawScore, Validation } from "./validation.ts";

/** What a validation has come to. */
export interface Concluding {
  readonly runs: Runs;
  readonly by: By;
  readonly folds: Folds;
  readonly curve: Curve | undefined;
  readonly settings: FitSettings;
  /** One law or more. */
  readonly judged: readonly Judged[];
  readonly failed: Validation["failed"];
  /** All the laws that were searched, by name. */
  readonly known: ReadonlyMap<string, SearchedLaw>;
  readonly timing: Validation["timing"];
}

/** A law with its scores. */
interface Scored {
  readonly judged: Judged;
  /** Undefined for a target of which no row was held out. */
  readonly targets: readonly (HeldScore | undefined)[];
  readonly mean: HeldScore;
}

/** The validation. */
export function conclude(validated: Concluding): Validation {
  const { runs, by, folds, curve, judged, failed, settings, known, timing } = validated;
  const set = scoredSet(runs, folds);
  const { level, seed } = settings;
  const rows = heldRows(set, folds, settings.residual);
  const ranked = rankedScores(validated, set, rows);
  const [{ searcher }] = judged[0].searches;
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
    laws: ranked.map((law, place) => lawScore(law, place, ranked[0], rows, validated)),
    failed,
    nested: nestedGains(judged, { known, rows, clusters, level, seed }),
    curve: curve === undefined ? null : curvePoints(judged, curve),
    backend: { kind: searcher.kind, adapter: searcher.name },
    timing,
  };
}

/** How many clusters have a row that is held out. */
const heldClusters = ({ held, clusters }: Folds): number =>
  new Set(held.flatMap((rows) => [...rows].map((row) => clusters.blockOf[row]))).size;

/** The laws' scores, best first: by the mean relative error, or the squared where losses are 0. */
function rankedScores({ runs, judged }: Concluding, set: RunSet, rows: HeldRows): Scored[] {
  const scored = judged.map((law): Scored => {
    const targets = runs.targets.map((_, t) =>
      heldScore(
        {
          predicted: law.predicted[t],
          observed: rows.observed[t],
          weights: rows.weights[t],
          held: rows.held,
        },
        set,
        runs.domains.length,
      ),
    );
    return { judged: law, targets, mean: meanScore(targets.filter((s) => s !== undefined)) };
  });
  const error = ({ mean }: Scored): number => mean.mrePercent ?? mean.rmse;
  return scored.toSorted((a, b) => error(a) - error(b));
}

function lawScore(
  { judged, targets, mean }: Scored,
  place: number,
  best: Scored,
  rows: HeldRows,
  { runs, settings: { level, seed } }: Concluding,
): LawScore {
  const { law, parameters, predicted, aicc, bic, unconverged, unfinished } = judged;
  const { difference, interval } = compare(predicted, best.judged.predicted, rows, level, seed);
  return {
    law: law.name,
    parameters,
    mean,
    behind: place === 0 ? null : { difference, interval },
    aicc,
    bic,
    targets: Object.fromEntries(
      runs.targets.flatMap((name, t): [string, HeldScore][] => {
        const score = targets[t];
        return score === undefined ? [] : [[name, score]];
      }),
    ),
    unconverged,
    unfinished,
  };
}

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
