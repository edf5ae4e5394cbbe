/** Fitted parameters as tables. */
import { entryOf, firstOf } from "../../../base/known.ts";
import { isLeastSquares } from "../../../expr/loss.ts";
import { spanWords } from "../../../fit/result/coverage.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import { labelOf } from "../../../laws/parameters/parameters.ts";
import type { Interval } from "../../../stats/interval.ts";
import { wrap } from "../../text/layout.ts";
import { left, right, table } from "../../text/table.ts";
import { fitsByLaw } from "../../../words/fits-by-law.ts";
import type { Medium, SummaryOptions } from "../../io/output.ts";
import { fixed, NONE, number, percent } from "../../../base/format-number.ts";

/**
 * A law with no more than this many parameters, none of them by domain, has them printed unasked.
 */
const FEW = 6;

type Scalar = number | null;
/** Stands beside a number that the runs do not determine. */
const UNDETERMINED = "?";

/** A parameter of a fit as a cell, marked where the runs do not determine it. */
const cell = ({ certificate }: Fit, name: string, value: Scalar): string =>
  `${number(value, 5)}${certificate.notIdentified.includes(name) ? UNDETERMINED : ""}`;

/** What the marks in the tables of some fits mean. */
function legend(fits: readonly Fit[]): string[] {
  const isMarked = fits.some(({ certificate }) => certificate.notIdentified.length > 0);
  const withErrors = fits.filter(({ standardErrors }) => standardErrors !== null);
  const blocks = withErrors.flatMap(({ errors }) => errors?.blocks ?? []);
  const together = blocks.includes("group")
    ? ", rows of one group sharing their error"
    : blocks.includes("configuration")
      ? ", rows of equal parameters and mixture sharing their error"
      : "";
  const parts = [
    ...(withErrors.length > 0 ? [`${ERROR}: standard error${together}`] : []),
    ...(isMarked
      ? [`${UNDETERMINED}: not determined by these runs, other values fit as well`]
      : []),
  ];
  return parts.length === 0 ? [] : [`${parts.join(". ")}.`];
}

/** How standard errors are marked. */
const ERROR = "±";

const isScalar = (value: Fit["parameters"][string]): value is Scalar =>
  value === null || typeof value === "number";

/** Whether a fit has so few parameters that they are printed unasked. */
export const isSmall = ({ parameters }: Fit): boolean =>
  Object.keys(parameters).length <= FEW && Object.values(parameters).every(isScalar);

/**
 * For each law: a table with a line a target for what is one number a fit, then a table for each
 * target with a line a domain.
 */
export function parameterTables(
  { fits, data, settings }: FitFile,
  { parameters: all, ...medium }: SummaryOptions,
): string[] {
  const { style, width } = medium;
  const laws = fitsByLaw(fits);
  return [...laws].flatMap(([law, ofLaw]) => {
    const one = firstOf(ofLaw);
    const small = isSmall(one);
    if (!all && !small) return [];
    const title = `${style.bold(`parameters, ${law}`)}${small || laws.size === 1 ? "" : `  ${one.formula}`}${units(one)}`;
    const lines = [title, ...(all ? covered(data) : [])];
    const head = lines.map((line) => wrap(line, width)).join("\n");
    const marks = legend(ofLaw).map((text) =>
      wrap(text, width).split("\n").map(style.dim).join("\n"),
    );
    if (ofLaw.some((fit) => fit.bootstrap !== null))
      return [head, ...ofLaw.map((fit) => withIntervals(fit, medium)), ...marks];
    return [
      `${head}\n\n${scalars(ofLaw, isLeastSquares(settings.loss), width)}`,
      ...ofLaw.flatMap((fit) => byDomain(fit, data.domains, medium)),
      ...marks,
    ];
  });
}

/**
 * "5 sizes (N from 20M to 700M) · 20 token counts (D from …) · 5 to 20 tokens per parameter ·
 * correlation of ln N and ln D 0.924".
 */
function covered({ range, coverage }: FitFile["data"]): string[] {
  const { sizes, tokenCounts, tokensPerParam: ratio, correlation } = coverage;
  const parts = [
    ...(range.params === null || sizes === null ? [] : [spanWords("N", range.params, sizes)]),
    ...(range.tokens === null || tokenCounts === null
      ? []
      : [spanWords("D", range.tokens, tokenCounts)]),
    ...(ratio === null
      ? []
      : [`${number(ratio.min, 3)} to ${number(ratio.max, 3)} tokens per parameter`]),
    ...(correlation === null ? [] : [`correlation of ln N and ln D ${fixed(correlation, 3)}`]),
  ];
  return parts.length === 0 ? [] : [parts.join(" · ")];
}

const units = ({ units: { params, tokens } }: Fit): string =>
  params === 1 && tokens === 1
    ? ""
    : `  (N in units of ${number(params)} parameters, D in units of ${number(tokens)} tokens)`;

/**
 * A line a target for parameters that are one number a fit, standard errors below. `sd`: whether
 * the residual standard deviation is what they follow from.
 */
function scalars(fits: readonly Fit[], sd: boolean, width: number): string {
  // A γ that one target has and another has not is null there: still a column.
  const names = Object.keys(firstOf(fits).parameters).filter((name) =>
    fits.every((fit) => isScalar(entryOf(fit.parameters, name))),
  );
  const withSd = sd && fits.some((fit) => fit.standardErrors !== null);
  return table(
    [
      left("target"),
      ...names.map((name) => right(name)),
      ...(withSd ? [right("residual sd"), right("df")] : []),
    ],
    fits.flatMap((fit) => {
      const { standardErrors, residualSd, degreesOfFreedom } = fit;
      const values = names.map((name) => cell(fit, name, fit.parameters[name] as Scalar));
      if (standardErrors === null) return [[fit.target, ...values]];
      return [
        [
          fit.target,
          ...values,
          ...(withSd ? [number(residualSd, 5), String(degreesOfFreedom)] : []),
        ],
        [`  ${ERROR}`, ...names.map((name) => number(standardErrors[name] as Scalar, 3))],
      ];
    }),
    { width },
  );
}

/** A line a parameter, with its standard error and interval. */
function withIntervals(fit: Fit, { style, width }: Medium): string {
  const { target, parameters, bootstrap } = fit;
  const level = bootstrap === null ? "" : `${percent(bootstrap.level)} `;
  const line = (
    name: string,
    value: Scalar,
    error: Scalar | undefined,
    interval: Interval | undefined,
  ): string[] => [
    name,
    cell(fit, name, value),
    number(error ?? null, 2),
    interval === undefined ? NONE : ends(interval),
  ];
  const rows = Object.entries(parameters).flatMap(([name, value]) => {
    const [error, interval] = [bootstrap?.standardErrors[name], bootstrap?.parameters[name]];
    if (isScalar(value))
      return [line(name, value, error as Scalar | undefined, interval as Interval | undefined)];
    const [errors, intervals] = [
      error as Readonly<Record<string, Scalar>> | undefined,
      interval as Readonly<Record<string, Interval>> | undefined,
    ];
    return Object.keys(value).map((domain) =>
      line(labelOf(name, domain), entryOf(value, domain), errors?.[domain], intervals?.[domain]),
    );
  });
  const headings = [left(style.bold(target)), right("value"), right("std. error")];
  return table([...headings, left(`${level}interval`)], rows, { width });
}

const ends = ([low, high]: Interval): string =>
  `${low === null ? "−∞" : number(low, 4)} … ${high === null ? "∞" : number(high, 4)}`;

/** A table with a line a domain; none where no parameter has a value for each domain. */
function byDomain(fit: Fit, domains: readonly string[], { style, width }: Medium): string[] {
  const { parameters, target, standardErrors } = fit;
  const columns = Object.entries(parameters).flatMap(([name, value]) =>
    isScalar(value) ? [] : [{ name, value }],
  );
  if (columns.length === 0) return [];
  const error = (name: string, domain: string): string[] => {
    if (standardErrors === null) return [];
    const errors = entryOf(standardErrors, name);
    return [number(isScalar(errors) ? null : (errors[domain] ?? null), 3)];
  };
  return [
    table(
      [
        left(style.bold(target)),
        ...columns.flatMap(({ name }) => [
          right(name),
          ...(standardErrors === null ? [] : [right(ERROR)]),
        ]),
      ],
      domains.map((domain) => [
        domain,
        ...columns.flatMap(({ name, value }) => [
          cell(fit, labelOf(name, domain), value[domain] ?? null),
          ...error(name, domain),
        ]),
      ]),
      { width },
    ),
  ];
}
