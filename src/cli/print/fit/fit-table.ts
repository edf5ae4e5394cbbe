/** The table of fits: a line a target, laws side by side. */
import type { Fit, Score } from "../../../fit/result/fit-file.ts";
import { type Heading, table, tableWidth, wrap } from "../../text/layout.ts";
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

const train: Metric = { title: "train %", of: (fit) => mre(fit.train) };
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
 * How many starts ended at the best objective. Marks stand beyond the digits, so that these stay
 * aligned.
 */
const agreed = (marked: boolean): Metric => ({
  title: marked ? "agreed " : "agreed",
  of: ({ search }) =>
    `${search.reachedBest}/${search.starts}${marked ? MARK[search.status].padEnd(1) : ""}`,
});

/** One table, or several where one would be too wide. */
export function results(fits: readonly Fit[], { width, style }: SummaryOptions): string[] {
  const laws = [...new Set(fits.map((fit) => fit.law))];
  const targets = [...new Set(fits.map((fit) => fit.target))];
  const tested = fits.some((fit) => fit.test !== null);
  const errors = tested ? [train, test] : [train];
  const search = [objective, agreed(fits.some((fit) => fit.search.status !== "converged"))];
  const best = tested && laws.length > 1 ? bestByTest(fits) : new Set<Fit>();

  const draw = (names: readonly string[], metrics: readonly Metric[]): string => {
    const headings: Heading[] = [
      { title: "target", align: "left" },
      ...names.flatMap((law) =>
        metrics.map(({ title }): Heading => ({
          title,
          align: "right",
          group: laws.length === 1 ? "" : law,
        })),
      ),
    ];
    const cell = (law: string, target: string, metric: Metric): string => {
      const fit = fits.find((other) => other.law === law && other.target === target);
      if (fit === undefined) return NONE;
      return metric === test && best.has(fit) ? style.bold(metric.of(fit)) : metric.of(fit);
    };
    return table(
      headings,
      targets.map((target) => [
        target,
        ...names.flatMap((law) => metrics.map((metric) => cell(law, target, metric))),
      ]),
    );
  };
  const fitting = (tables: readonly string[]): boolean =>
    tables.every((text) => tableWidth(text) <= width);
  /** As few tables as the width allows. */
  const sideBySide = (metrics: readonly Metric[]): string[] => {
    for (let each = laws.length; each > 1; each--) {
      const tables = chunks(laws, each).map((names) => draw(names, metrics));
      if (fitting(tables)) return tables;
    }
    return laws.map((law) => draw([law], metrics));
  };

  const [only] = laws.length === 1 ? fits : [];
  if (only !== undefined) {
    const title = wrap(`${style.bold(only.law)}  ${only.formula}`, width);
    const full = draw(laws, [...errors, r2, ...search, condition]);
    return [title, fitting([full]) ? full : draw(laws, [...errors, ...search])];
  }
  const whole = draw(laws, [...errors, ...search]);
  return fitting([whole]) ? [whole] : [...sideBySide(errors), ...sideBySide(search)];
}

function bestByTest(fits: readonly Fit[]): Set<Fit> {
  const best = new Map<string, Fit>();
  for (const fit of fits) {
    const sofar = best.get(fit.target)?.test ?? null;
    if (
      fit.test !== null &&
      (sofar === null || (fit.test.mrePercent ?? Infinity) < (sofar.mrePercent ?? Infinity))
    )
      best.set(fit.target, fit);
  }
  return new Set(best.values());
}

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
