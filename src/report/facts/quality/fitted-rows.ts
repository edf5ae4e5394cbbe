/** What the used fits predict at the rows that a fit file keeps. */
import { itemAt } from "../../../base/known.ts";
import type { Runs, RunSet } from "../../../data/runs/run-set.ts";
import { pointsFor, restore } from "../../../fit/predict.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import { canKeep } from "../../../fit/result/kept-rows.ts";
import { predictRows } from "../../../fit/result/predictor.ts";
import type { BoundLaw } from "../../../laws/bind.ts";
import { type Lacking, lacking } from "../../../views/kit/view.ts";
import { type Material, usedFits } from "../material.ts";

/** Rows of a set beside the predictions there. */
export interface PredictedSet {
  readonly set: RunSet;
  /** NaN where the loss is missing. */
  readonly observed: Float64Array;
  readonly predicted: Float64Array;
}

/** A used fit at the rows. */
export interface FittedRows {
  readonly fit: Fit;
  readonly law: BoundLaw;
  readonly train: PredictedSet;
  /** Undefined where no rows were held out. */
  readonly test: PredictedSet | undefined;
}

/** In place of a view that needs the rows. */
export const withoutRows = ({ data }: FitFile): Lacking =>
  lacking(
    canKeep(data)
      ? "This fit file does not have the rows that were fitted: it was written with --no-rows, or by an earlier version. Fit again without --no-rows."
      : `This fit file does not have the rows that were fitted: ${data.rows + data.testRows} are too many to be kept in it. Fit fewer of them with --where to see them here.`,
  );

/** What has been predicted: several views of a report show it. */
const predicted = new WeakMap<Material, readonly FittedRows[]>();

/** The fits that views of a single law are about, one a target, at the rows of the file. */
export function fittedRows(material: Material, rows: Runs): readonly FittedRows[] {
  const known = predicted.get(material) ?? predictedAt(material, rows);
  predicted.set(material, known);
  return known;
}

function predictedAt(material: Material, runs: Runs): FittedRows[] {
  return usedFits(material).map((fit) => {
    const { law, theta } = restore(material.file, fit);
    const target = runs.targets.indexOf(fit.target);
    const at = (set: RunSet): PredictedSet => ({
      set,
      observed: itemAt(set.losses, target),
      predicted: predictRows(law, theta, pointsFor(law, { ...runs, train: set })),
    });
    const { train, test } = runs;
    return { fit, law, train: at(train), test: test && at(test) };
  });
}

/**
 * At most so many fits, in the order of the file: of more, those with the largest errors, since
 * that is where a reader has to look.
 */
export function fewFits(fits: readonly Fit[], most: number): Fit[] {
  const errorOf = ({ train }: Fit): number => train.mrePercent ?? train.mae;
  const worst = fits.toSorted((a, b) => errorOf(b) - errorOf(a)).slice(0, most);
  return fits.filter((fit) => worst.includes(fit));
}
