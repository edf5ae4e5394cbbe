/** What the fit file says of a bootstrap, and what a reader must know of its intervals. */
import { option } from "../../base/option-text.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { errorBlocks } from "../../data/runs/shared-errors.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { Reported } from "../../laws/parameters/parameters.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { interval, standardError } from "../../stats/interval.ts";
import type { Bootstrap } from "../result/fit-file.ts";
import { storePoints } from "../result/stored-replicates.ts";
import { toleranceOf } from "../search/refit.ts";
import type { Best } from "../search/search.ts";
import type { Replicates } from "./bootstrap.ts";

/** What the fit file says of a target's replicates; null where an abort left none. */
export function bootstrapSection(
  law: BoundLaw,
  best: Best,
  { replicates, jackknife }: Replicates,
  runs: Runs,
  settings: FitSettings,
): Bootstrap | null {
  if (replicates.length < 2) return null;
  const { level, interval: kind } = settings;
  const [reports, leftOut] = [replicates, jackknife].map((refits) =>
    refits.map(({ theta }) => law.reportAt(theta)),
  );
  const estimate = law.reportAt(best.theta);
  const blocks = errorBlocks(runs);
  return {
    replicates: replicates.length,
    unconverged: [...replicates, ...jackknife].filter(({ converged }) => !converged).length,
    otherBasin: replicates.filter(({ other }) => other).length,
    group: runs.group ?? null,
    blocks: blocks.blocks,
    blockKind: blocks.kind,
    resampling: settings.resampling,
    level,
    interval: kind,
    tolerance: toleranceOf(runs.train.rows),
    parameters: mapReported(estimate, (x, pick) =>
      interval(kind, x, reports.map(pick), leftOut.map(pick), level),
    ),
    standardErrors: mapReported(estimate, (_, pick) => standardError(reports.map(pick))),
    coordinates: storePoints(
      replicates.map(({ theta }) => theta),
      law.size,
    ),
    jackknife: storePoints(
      jackknife.map(({ theta }) => theta),
      law.size,
    ),
  };
}

type Nested<T> = Readonly<Record<string, T | Readonly<Record<string, T>>>>;

/** A reported parameter that has no finite value, such as γ = 1/0, is infinite here. */
const finite = (x: number | null | undefined): number => x ?? Infinity;

const isScalar = (value: Reported[string]): value is number | null =>
  value === null || typeof value === "number";

/**
 * `f` of every reported number, with what picks the same number from another report. A γ that is
 * finite on the data and not in a replicate, or the other way round, is a number in both.
 */
function mapReported<T>(
  reported: Reported,
  f: (x: number, pick: (other: Reported) => number) => T,
): Nested<T> {
  return Object.fromEntries(
    Object.entries(reported).map(([name, value]) => {
      const pickScalar = ({ [name]: other }: Reported): number =>
        isScalar(other) ? finite(other) : Infinity;
      if (isScalar(value)) return [name, f(finite(value), pickScalar)];
      const byDomain = Object.entries(value).map(([domain, x]) => {
        const pick = ({ [name]: other }: Reported): number =>
          finite(isScalar(other) ? other : other[domain]);
        return [domain, f(finite(x), pick)] as const;
      });
      return [name, Object.fromEntries(byDomain)];
    }),
  );
}

/**
 * Unfinished refits, or another basin, in more than this share of the replicates are worth a
 * sentence.
 */
const MANY = 0.05;

/** Findings of the fit: what a reader must know of its intervals. */
export function bootstrapFindings(
  section: Bootstrap | null,
  runs: Runs,
  { bootstrap: asked }: FitSettings,
): Finding[] {
  if (section === null)
    return [
      finding(
        "bootstrap-interrupted",
        "the bootstrap was interrupted before any replicate was done: there are no intervals",
      ),
    ];
  const { replicates, unconverged, otherBasin } = section;
  const findings: Finding[] = [];
  if (replicates < asked)
    findings.push(
      finding(
        "bootstrap-interrupted",
        `the bootstrap was interrupted after ${replicates} of ${asked} replicates: the intervals are rough`,
      ),
    );
  findings.push(...blockFindings(runs));
  if (unconverged > MANY * replicates)
    findings.push(
      finding(
        "refits-still-moving",
        "many refits of the bootstrap were still moving, along directions that the data hardly determine, when their iterations were used up; they count where they were",
      ),
    );
  if (otherBasin > MANY * replicates)
    findings.push(
      finding(
        "replicates-in-other-basin",
        "many replicates have their best fit in another basin: parameters can jump between basins, and the intervals span the jump",
      ),
    );
  return findings;
}

/** Fewer groups than this make intervals too narrow: see docs/bootstrap.md. */
const FEW_GROUPS = 10;

/** What was resampled, where that is not known to be what hangs together. */
function blockFindings(runs: Runs): Finding[] {
  const { blocks, kind, apart } = errorBlocks(runs);
  const { rows } = runs.train;
  const findings: Finding[] = [];
  if (apart > 0)
    findings.push(
      finding(
        "checkpoints-resampled",
        `${apart} of ${rows} rows may be checkpoints of one run (same parameters and mixture, other tokens) and were resampled one by one: if so, their errors are not independent and the intervals too narrow. Name the column of the run or the mixture with ${option("group")}`,
      ),
    );
  if (kind === "configuration")
    findings.push(
      finding(
        "blocks-assumed",
        `the rows of equal parameters and mixture were resampled as one block (${blocks} blocks of ${rows} rows), as checkpoints of one run are. Where runs share more, such as all of one mixture, the intervals are too narrow: name its column with ${option("group")}`,
      ),
    );
  if (kind !== "rows" && blocks < FEW_GROUPS)
    findings.push(
      finding(
        "few-groups",
        `there are ${blocks} ${kind === "group" ? `values of ${runs.group ?? "the group column"}` : "blocks of rows"} only: from so few the intervals come out too narrow (30 or more are of use)`,
      ),
    );
  return findings;
}
