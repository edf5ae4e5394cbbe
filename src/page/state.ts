/** What the page shows. */
import type { CheckedView, Choice, FitChoice, FitView, Machine, OptimumChoice, OptimumView, Problem, TableView } from "./protocol/workshop.ts"; // prettier-ignore
import type { ReportBody } from "../report/app/show-report.ts";
import type { Run } from "./steps/fit-progress.tsx";

export interface PageState {
  readonly machine?: Machine | undefined;
  /** The worker has failed: nothing works any more. */
  readonly fault?: string | undefined;

  readonly isReading: boolean;
  readonly fileProblem?: Problem | undefined;
  readonly table?: TableView | undefined;
  readonly choice?: Choice | undefined;
  readonly checked?: CheckedView | undefined;

  readonly how?: FitChoice | undefined;
  /** Targets that are not fitted. */
  readonly leftOut: ReadonlySet<string>;
  readonly run?: Run | undefined;
  readonly fitProblem?: Problem | undefined;

  readonly fit?: FitView | undefined;
  /** Counts the fits, so that each one's results appear anew. */
  readonly fits: number;
  readonly report?: ReportBody | undefined;

  readonly optimumChoice?: OptimumChoice | undefined;
  readonly optimum?: OptimumView | undefined;
  readonly isSolving: boolean;
  readonly optimumProblem?: Problem | undefined;
}

export const EMPTY: PageState = {
  isReading: false,
  leftOut: new Set(),
  fits: 0,
  isSolving: false,
};

/** What is asked of an optimum first: the largest trained sizes, all targets alike, no limits. */
export const firstOptimum = (fit: FitView): OptimumChoice => ({
  law: fit.usualLaw,
  params: fit.largest.params,
  tokens: fit.largest.tokens,
  weights: fit.targets.map(() => 1),
  floors: fit.domains.map(() => 0),
  caps: fit.domains.map(() => 1),
  isBeyond: false,
});

/** The roles that the table's columns seem to have. */
export function guessedChoice({ columns }: TableView): Choice {
  const split = columns.find(({ guess }) => guess === "split");
  return {
    roles: columns.map(({ guess }) => guess),
    units: { params: 1, tokens: 1 },
    where: split?.where ?? "",
    test: split?.test ?? "",
  };
}

/** A choice after the visitor changed it: a column that becomes a split says which rows. */
export function withSplit({ columns }: TableView, before: Choice, after: Choice): Choice {
  const place = after.roles.findIndex((role, c) => role === "split" && before.roles[c] !== role);
  const column = columns[place];
  return column === undefined || column.where === ""
    ? after
    : { ...after, where: column.where, test: column.test };
}

/** The choice with the targets that are left out ignored. */
export const withoutTargets = (
  { columns }: TableView,
  choice: Choice,
  leftOut: ReadonlySet<string>,
): Choice => ({
  ...choice,
  roles: choice.roles.map((role, c) =>
    role === "target" && leftOut.has(columns[c]?.name ?? "") ? "ignored" : role,
  ),
});
