/** Fitted parameters as tables. */
import type { Fit, FitFile } from "../fit/result.ts";
import { type Heading, number, table } from "./layout.ts";
import type { SummaryOptions } from "./output.ts";

/** A law with no more than this many parameters, none of them by domain, has them printed unasked. */
const FEW = 6;

type Scalar = number | null;
const isScalar = (value: Fit["parameters"][string]): value is Scalar => value === null || typeof value === "number";

/** For each law: a table with a line a target for what is one number a fit, then a table for each target with a line a domain. */
export function parameterTables({ fits, data }: FitFile, { parameters: all, style }: SummaryOptions): string[] {
  const laws = [...new Set(fits.map((fit) => fit.law))];
  return laws.flatMap((law) => {
    const mine = fits.filter((fit) => fit.law === law);
    const [first] = mine;
    const names = Object.keys(first.parameters);
    const small = names.length <= FEW && names.every((name) => isScalar(first.parameters[name]));
    if (!all && !small) return [];
    const title = `${style.bold(`parameters, ${law}`)}${small || laws.length === 1 ? "" : `  ${first.formula}`}${units(first)}`;
    return [`${title}\n\n${scalars(mine)}`, ...mine.flatMap((fit) => byDomain(fit, data.domains, style))];
  });
}

const units = ({ units: { params, tokens } }: Fit): string =>
  params === 1 && tokens === 1 ? "" : `  (N in units of ${number(params)} parameters, D in units of ${number(tokens)} tokens)`;

function scalars(fits: readonly Fit[]): string {
  // A γ that one target has and another has not is null there: still a column.
  const names = Object.keys(fits[0].parameters).filter((name) => fits.every((fit) => isScalar(fit.parameters[name])));
  const headings: Heading[] = [{ title: "target", align: "left" }, ...names.map((title): Heading => ({ title, align: "right" }))];
  return table(
    headings,
    fits.map(({ target, parameters }) => [target, ...names.map((name) => number(parameters[name] as Scalar, 5))]),
  );
}

function byDomain({ parameters, target }: Fit, domains: readonly string[], style: SummaryOptions["style"]): string[] {
  const columns = Object.entries(parameters).flatMap(([name, value]) => (isScalar(value) ? [] : [{ name, value }]));
  if (columns.length === 0) return [];
  const headings: Heading[] = [
    { title: style.bold(target), align: "left" },
    ...columns.map(({ name }): Heading => ({ title: name, align: "right" })),
  ];
  return [
    table(
      headings,
      domains.map((domain) => [domain, ...columns.map(({ value }) => number(value[domain] ?? null, 5))]),
    ),
  ];
}
