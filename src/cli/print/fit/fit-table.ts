/** The table of fits: a line a target, laws side by side. */
import { firstOf } from "../../../base/known.ts";
import type { FailedFit, Fit, FitFile, Score } from "../../../fit/result/fit-file.ts";
import { wrapFormula } from "../../text/layout.ts";
import { fits as hasRoom, type Heading, left, right, table } from "../../text/table.ts";
import { MARK } from "./remarks.ts";
import type { SummaryOptions } from "../../io/output.ts";
import { errorPercent, exponential, fixed, NONE, number } from "../../../base/format-number.ts";

/** What one column says of a fit. */
interface Metric {
  readonly title: string;
  readonly of: (fit: Fit) => string;
}

const mre = ({ mrePercent }: Score): string =>
  mrePercent === null ? NONE : errorPercent(mrePercent);

/** What stands for the error of a fit that is none. */
const FAILED = "failed";

const train: Metric = {
  title: "train %",
  of: (fit) => mre(fit.train),
};
const test: Metric = { title: "test %", of: (fit) => (fit.test === null ? NONE : mre(fit.test)) };
const r2: Metric = {
  title: "R²",
  of: (fit) => (fit.train.r2 === null ? NONE : fixed(fit.train.r2, 4)),
};
const objective: Metric = { title: "objective", of: (fit) => exponential(fit.objective, 3) };
const condition: Metric = {
  title: "condition",
  of: ({ certificate: { conditionNumber: c } }) => (c === null ? "∞" : number(c, 2)),
};

/**
 * How many of the starts that were followed to their end came to the best objective. Marks stand
 * beyond the digits, so that these stay aligned.
 */
const agreed = (marked: boolean): Metric => ({
  title: marked ? "agreed " : "agreed",
  of: ({ search }) =>
    `${search.reachedBest}/${search.followed ?? search.starts}${marked ? MARK[search.status].padEnd(1) : ""}`,
});

/** One table, or several where one would be too wide. */
export function results(
  { fits, failed = [] }: Pick<FitFile, "fits" | "failed">,
  { width, style }: SummaryOptions,
): string[] {
  const laws = [...new Set([...fits, ...failed].map(({ law }) => law))];
  const tested = fits.some((fit) => fit.test !== null);
  const errors = tested ? [train, test] : [train];
  const search = [objective, agreed(fits.some((fit) => fit.search.status !== "converged"))];
  const best = tested && laws.length > 1 ? bestByTest(fits) : new Set<Fit>();
  const show = (metric: Metric, fit: Fit | FailedFit): string => {
    const isFailed = !("verdict" in fit) || fit.verdict.status === "failed";
    if (isFailed && metric === train) return style.bad(FAILED);
    if (!("verdict" in fit)) return NONE;
    return metric === test && best.has(fit) ? style.bold(metric.of(fit)) : metric.of(fit);
  };
  const cells = (metrics: readonly Metric[]): Cells =>
    cellsOf([...fits, ...failed], laws, metrics, show);
  const draw = (metrics: readonly Metric[]): string => table(...cells(metrics), { width });
  const isFitting = (metrics: readonly Metric[]): boolean => hasRoom(...cells(metrics), width);
  if (laws.length === 1) {
    const title = wrapFormula(fits[0]?.formula ?? "", width, `${style.bold(firstOf(laws))}  `);
    const full = [...errors, r2, ...search, condition];
    return [title, draw(isFitting(full) ? full : [...errors, ...search])];
  }
  const whole = [...errors, ...search];
  return isFitting(whole) ? [draw(whole)] : [draw(errors), draw(search)];
}

type Cells = readonly [readonly Heading[], readonly (readonly string[])[]];

/** A line a target, and the metrics of each law side by side. */
function cellsOf(
  fits: readonly (Fit | FailedFit)[],
  laws: readonly string[],
  metrics: readonly Metric[],
  show: (metric: Metric, fit: Fit | FailedFit) => string,
): Cells {
  const targets = [...new Set(fits.map((fit) => fit.target))];
  const cell = (law: string, target: string, metric: Metric): string => {
    const fit = fits.find((other) => other.law === law && other.target === target);
    return fit === undefined ? NONE : show(metric, fit);
  };
  const group = (law: string): string => (laws.length > 1 ? law : "");
  return [
    [
      left("target"),
      ...laws.flatMap((law) => metrics.map(({ title }) => right(title, group(law)))),
    ],
    targets.map((target) => [
      target,
      ...laws.flatMap((law) => metrics.map((metric) => cell(law, target, metric))),
    ]),
  ];
}

const errorOf = ({ mrePercent }: Score): number => mrePercent ?? Infinity;

/** The fits with the least error on held-out rows, one a target. */
function bestByTest(fits: readonly Fit[]): Set<Fit> {
  const best = new Map<string, Fit>();
  for (const fit of fits) {
    const { test: score, target, verdict } = fit;
    const least = best.get(target)?.test;
    if (score === null || verdict.status === "failed") continue;
    if (least === undefined || least === null || errorOf(score) < errorOf(least))
      best.set(target, fit);
  }
  return new Set(best.values());
}
