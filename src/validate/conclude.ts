/** From the laws' predictions to scores, ranks and comparisons. */
import type { Runs } from "../data/runs/run-set.ts";
import type { SearchedLaw } from "../fit/search-laws.ts";
import type { FitSettings } from "../base/fit-options.ts";
import { quantile } from "../stats/interval.ts";
import { VERSION } from "../base/version.ts";
import { type By, type Clusters, clustersOf, type Curve, type Folds } from "./folds.ts";
import { type Judged, scoredSet } from "./judge.ts";
import { nestedGains } from "./nested-laws.ts";
import type { CurvePoint, HeldScore, LawScore, Validation } from "./validation.ts";
import { compare, heldScore, meanScore } from "./scores.ts";

export interface Concluding {
  readonly by: By;
  readonly folds: Folds;
  readonly curve: Curve | undefined;
  readonly failed: Validation["failed"];
  readonly settings: FitSettings;
  readonly timing: Validation["timing"];
  /** All the laws that were searched, by name. */
  readonly known: ReadonlyMap<string, SearchedLaw>;
}

/** @param judged one law or more */
export function conclude(judged: readonly Judged[], runs: Runs, about: Concluding): Validation {
  const { by, folds, curve, failed, settings, timing, known } = about;
  const set = scoredSet(runs, folds);
  const { level, seed } = settings;
  const scored = judged.map((one) => {
    const targets = runs.targets.map((_, t) =>
      heldScore(one.predicted[t], set.losses[t], set, runs.domains.length, folds.held),
    );
    return { ...one, targets, mean: meanScore(targets.filter((s) => s !== undefined)) };
  });
  const ranked = scored.toSorted(
    (a, b) => (a.mean.mrePercent ?? a.mean.rmse) - (b.mean.mrePercent ?? b.mean.rmse),
  );
  const laws = ranked.map(
    (
      { law, parameters, predicted, aicc, bic, unconverged, unfinished, targets, mean: over },
      place,
    ): LawScore => {
      const { difference, interval } = compare(
        predicted,
        ranked[0].predicted,
        set.losses,
        folds,
        level,
        seed,
      );
      return {
        law: law.name,
        parameters,
        mean: over,
        behind: place === 0 ? null : { difference, interval },
        aicc,
        bic,
        targets: Object.fromEntries(
          runs.targets.flatMap((name, t): [string, HeldScore][] =>
            targets[t] === undefined ? [] : [[name, targets[t]]],
          ),
        ),
        unconverged,
        unfinished,
      };
    },
  );
  const [{ searcher }] = judged[0].searches;
  const clusters: Clusters = set === runs.train ? folds.clusters : clustersOf(runs);
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
    column: by === "group" || by === "largest" ? (runs.group ?? null) : null,
    held: folds.title,
    folds: folds.held.length,
    clusters: new Set(folds.held.flatMap((rows) => [...rows].map((row) => folds.clusters.of[row])))
      .size,
    seed,
    level,
    laws,
    failed,
    nested: nestedGains(judged, { known, set, folds, clusters, level, seed }),
    curve: curve === undefined ? null : curvePoints(judged, curve),
    backend: { kind: searcher.kind, adapter: searcher.name },
    timing,
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
