/** All views by name. A view is a file, and a line here. */
import { candidates } from "./decision/candidates.ts";
import { interactions } from "./decision/interactions.ts";
import { mixture } from "./decision/mixture.ts";
import { optima } from "./decision/optima.ts";
import { outcome } from "./decision/outcome.ts";
import { scalePath } from "./decision/scale-path.ts";
import { slice } from "./decision/slice.ts";
import { way } from "./decision/way.ts";
import { basins } from "./laws/basins.ts";
import { lawErrors } from "./laws/law-errors.ts";
import { lawOptima } from "./laws/law-optima.ts";
import { lawPredictions } from "./laws/law-predictions.ts";
import { parameters } from "./laws/parameters.ts";
import { backtests } from "./quality/backtests.ts";
import { lossesOverTokens } from "./quality/losses-over-tokens.ts";
import { observedPredicted } from "./quality/observed-predicted.ts";
import { residuals } from "./quality/residuals.ts";
import { fitFindings, optimumFindings } from "./words/findings.ts";
import { methods } from "./words/methods.ts";
import { summary } from "./words/summary.ts";
import type { Lacking, View } from "./kit/view.ts";

/** The views, in alphabetical order; `report/chapters.ts` has the order in which they are shown. */
export const VIEWS = {
  backtests,
  basins,
  candidates,
  "fit-findings": fitFindings,
  interactions,
  "law-errors": lawErrors,
  "law-optima": lawOptima,
  "law-predictions": lawPredictions,
  "losses-over-tokens": lossesOverTokens,
  methods,
  mixture,
  "observed-predicted": observedPredicted,
  optima,
  "optimum-findings": optimumFindings,
  outcome,
  parameters,
  residuals,
  "scale-path": scalePath,
  slice,
  summary,
  way,
} as const;

/** The name of a view. */
export type ViewName = keyof typeof VIEWS;

/** What a view shows. */
export type DataOf<Name extends ViewName> =
  (typeof VIEWS)[Name] extends View<infer Data> ? Data : never;

/** A view with its data, or why there are none. */
export type Section = {
  [Name in ViewName]: { readonly view: Name; readonly data: DataOf<Name> | Lacking };
}[ViewName];

/** Sections that belong together. */
export interface Chapter {
  readonly title: string;
  readonly sections: readonly Section[];
}

/** The view of a section, as one that takes the section's data. */
export const viewOf = ({ view }: Section): View<Section["data"]> =>
  VIEWS[view] as View<Section["data"]>;
