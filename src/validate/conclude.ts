/** From the laws' predictions to scores, ranks and comparisons. */
import type { RunSet, Runs } from "../data/runset.ts";
import { isStationary } from "../fit/assemble.ts";
import type { Searched } from "../fit/searchall.ts";
import { corner } from "../laws/objective.ts";
import type { FitSettings } from "../options.ts";
import { quantile } from "../stats/interval.ts";
import { VERSION } from "../version.ts";
import { type By, type Clusters, clustersOf, type Curve, type Folds } from "./folds.ts";
import { criteria } from "./information.ts";
import type { Judged } from "./judge.ts";
import { nestedGains } from "./nested.ts";
import type { CurvePoint, HeldScore, LawScore, Validation } from "./result.ts";
import { compare, heldScore, meanScore } from "./scores.ts";

export interface Concluding {
  readonly by: By;
  readonly folds: Folds;
  readonly curve: Curve | undefined;
  readonly failed: Validation["failed"];
  readonly settings: FitSettings;
  readonly timing: Validation["timing"];
  /** All the laws that were searched, by name. */
  readonly known: ReadonlyMap<string, Searched>;
}

/** @param judged one law or more */
export function conclude(judged: readonly Judged[], runs: Runs, about: Concluding): Validation {
  const { by, folds, curve, failed, settings, timing, known } = about;
  const set = by === "test" && runs.test !== undefined ? runs.test : runs.train;
  const { level, seed } = settings;
  const scored = judged.map(({ searched, predicted, unconverged }) => {
    const targets = runs.targets.map((_, t) => heldScore(predicted[t], set.losses[t], set, runs.domains.length, folds.held));
    return { searched, predicted, unconverged, targets, mean: meanScore(targets.filter((s) => s !== undefined)) };
  });
  const ranked = scored.toSorted((a, b) => (a.mean.mrePercent ?? a.mean.rmse) - (b.mean.mrePercent ?? b.mean.rmse));
  const laws = ranked.map(({ searched, predicted, unconverged, targets, mean: over }, place): LawScore => {
    const { difference, interval } = compare(predicted, ranked[0].predicted, set.losses, folds, level, seed);
    return {
      law: searched.law.law.name,
      parameters: searched.law.size,
      mean: over,
      behind: place === 0 ? null : { difference, interval },
      ...informationOf(searched, settings),
      targets: Object.fromEntries(
        runs.targets.flatMap((name, t): [string, HeldScore][] => (targets[t] === undefined ? [] : [[name, targets[t]]])),
      ),
      unconverged,
      unfinished: runs.targets.filter((_, t) => !finished(searched, runs.train, t, settings)),
    };
  });
  const clusters: Clusters = set === runs.train ? folds.clusters : clustersOf(runs);
  return {
    schema: "mixlaw/validation@1",
    version: VERSION,
    data: { source: runs.source, sha256: runs.sha256, rows: runs.train.rows, targets: runs.targets },
    by,
    column: by === "group" || by === "largest" ? (runs.group ?? null) : null,
    held: folds.title,
    folds: folds.held.length,
    clusters: new Set(folds.held.flatMap((rows) => [...rows].map((row) => folds.clusters.of[row]))).size,
    seed,
    level,
    laws,
    failed,
    nested: nestedGains(scored, { known, set, folds, clusters, level, seed }),
    curve: curve === undefined ? null : curvePoints(judged, curve),
    backend: { kind: judged[0].searched.searcher.kind, adapter: judged[0].searched.searcher.name },
    timing,
  };
}

/** Information criteria summed over the targets. */
function informationOf({ law, problem, best }: Searched, settings: FitSettings): { aicc: number | null; bic: number } {
  const each = best.flatMap((b, t) => {
    if (b === undefined) return [];
    const rows = problem.packed.weights[t].filter((w) => w > 0).length;
    return [criteria(b.objective, corner(settings), rows, law.size)];
  });
  return {
    aicc: each.reduce<number | null>((sum, { aicc }) => (sum === null || aicc === null ? null : sum + aicc), 0),
    bic: each.reduce((sum, { bic }) => sum + bic, 0),
  };
}

/** Whether the fit to all the runs is as good as stationary. */
function finished({ best }: Searched, { losses }: RunSet, target: number, { residual }: FitSettings): boolean {
  const found = best[target];
  return found !== undefined && isStationary(found.norm, losses[target], residual, Math.sqrt(2 * found.objective));
}

const curvePoints = (judged: readonly Judged[], { sizes }: Curve): CurvePoint[] =>
  sizes.map((mixtures, s) => ({
    mixtures,
    laws: Object.fromEntries(
      judged.map(({ searched, curve }) => {
        const errors = curve?.[s] ?? null;
        const sorted = Float64Array.from(errors ?? []).sort();
        const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => quantile(sorted, p));
        return [searched.law.law.name, errors === null ? null : { mrePercent: middle, quartiles: [low, high] as const }];
      }),
    ),
  }));
