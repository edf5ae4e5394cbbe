/** Fits of NIST's reference problems, and how many digits of the certified results they have. */
import { entryOf, firstOf, itemAt } from "../base/known.ts";
import type { Reference } from "./nist-file.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { formulaProblem } from "./formula-problem.ts";
import type { Fit, FitFile } from "../fit/result/fit-file.ts";
import type { Law } from "../laws/law.ts";
import type { FitOptions } from "../options/fit-options.ts";

/** A problem made ready to fit. */
export interface ReferenceProblem {
  readonly reference: Reference;
  readonly formula: string;
  readonly law: Law;
  readonly runs: Runs;
}

/**
 * The law and runs of a problem.
 *
 * @throws InputError where formula and file do not fit together.
 */
export function referenceProblem(reference: Reference, formula: string): ReferenceProblem {
  const { table, name } = reference;
  const [response] = table.columns.keys();
  const { law, runs } = formulaProblem(
    table,
    formula.includes("=") ? formula : `${response} = ${formula}`,
    { name },
  );
  const certified = reference.parameters.map((parameter) => parameter.name);
  const inFormula = Object.keys(law.parameters({ signs: "positive" }));
  const strange = inFormula.find((parameter) => !certified.includes(parameter));
  const unused = certified.find((parameter) => !inFormula.includes(parameter));
  if (strange === undefined && unused === undefined) return { reference, formula, law, runs };
  const problem =
    strange === undefined
      ? `it lacks the parameter ${unused} of ${table.source}`
      : `"${strange}" is neither a column of ${table.source} (${[...table.columns.keys()].join(", ")}) nor one of its parameters (${certified.join(", ")})`;
  throw new InputError(`${option("formula")}: ${problem}`, {
    option: "formula",
    file: table.source,
  });
}

/**
 * Where a fit of a problem begins: Start 1, Start 2, …; at random in ranges of a factor 10 around
 * the certified values; or where the data say, with no ranges given.
 */
export type From = number | "random" | "data";

/** The options of the fit: squared loss of raw residuals, as NIST has it. */
export function referenceOptions({ parameters }: Reference, from: From): FitOptions {
  const squared = { loss: "squared", residual: "raw" } as const;
  if (from === "data") return squared;
  if (from !== "random")
    return {
      ...squared,
      starts: [
        Object.fromEntries(parameters.map(({ name, starts }) => [name, itemAt(starts, from - 1)])),
      ],
    };
  const around = (x: number): readonly [number, number] =>
    x === 0 ? [-1, 1] : x > 0 ? [x / 10, x * 10] : [x * 10, x / 10];
  return {
    ...squared,
    ranges: Object.fromEntries(parameters.map(({ name, value }) => [name, around(value)])),
  };
}

/** How a fit compares with what is certified. */
export interface Comparison {
  readonly from: From;
  readonly parameters: readonly {
    readonly name: string;
    readonly value: number;
    readonly certified: number;
    readonly digits: number;
    readonly standardError: number | null;
    readonly certifiedDeviation: number;
    readonly deviationDigits: number;
  }[];
  /** The fewest of the parameters, and of their standard deviations. */
  readonly digits: number;
  readonly deviationDigits: number;
  readonly residualSd: number | null;
  readonly residualSdDigits: number;
  /**
   * Whether the fit found the optimum with terms of the same form in each other's place, and was
   * put in the certified order.
   */
  readonly exchanged: boolean;
  readonly fit: Fit;
}

/** Digits that are certified. */
const CERTIFIED = 11;

/**
 * Correct significant digits: −log₁₀ of the relative error (of the error itself where 0 is
 * certified), from 0 to 11.
 */
export function correctDigits(value: number | null, certified: number): number {
  if (value === null || !Number.isFinite(value)) return 0;
  const error = Math.abs(value - certified) / (Math.abs(certified) || 1);
  return Math.max(0, Math.min(CERTIFIED, -Math.log10(error)));
}

/** Fits a problem from one of its starts and compares. */
export async function fitReference(
  { reference, law, runs }: ReferenceProblem,
  from: From,
  fit: (law: Law, runs: Runs, options: FitOptions) => Promise<FitFile>,
  options: FitOptions = {},
): Promise<Comparison> {
  const fromStart = { ...options, ...referenceOptions(reference, from) };
  const first = firstOf((await fit(law, runs, fromStart)).fits);
  const comparison = compare(reference, from, first);
  if (comparison.digits >= SAME) return comparison;
  // Terms of the same form can change places, and a width its sign: another optimum that is as
  // good, with the same predictions. Put in the certified order it must be an optimum too.
  const start = inCertifiedOrder(reference, comparison);
  const { ranges: _, restarts: __, ...rest } = fromStart;
  const second = firstOf((await fit(law, runs, { ...rest, starts: [start] })).fits);
  const reordered = compare(reference, from, second);
  const stayed = reordered.parameters.every(({ name, value }) => {
    const begun = entryOf(start, name);
    return Math.abs(value - begun) <= MOVED * Math.abs(begun);
  });
  return stayed && reordered.digits >= SAME
    ? { ...reordered, fit: { ...second, search: first.search }, exchanged: true }
    : comparison;
}

/** Digits from which a fit is at the certified optimum. */
const SAME = 4;
/** How far, relative, the polish may move a point that is an optimum already. */
const MOVED = 1e-6;

/**
 * The fitted values, each in the place of the certified value that it is nearest to in size, with
 * that one's sign.
 */
function inCertifiedOrder(
  { parameters: certified }: Reference,
  { parameters: fitted }: Comparison,
): Record<string, number> {
  const pairs = certified.flatMap(({ name, value }) =>
    fitted.map((other, j) => ({
      name,
      sign: Math.sign(value) || 1,
      j,
      distance: Math.abs(Math.log(Math.abs(other.value / value))),
    })),
  );
  const start: Record<string, number> = {};
  const taken = new Set<number>();
  for (const { name, sign, j } of pairs.sort((a, b) => a.distance - b.distance)) {
    if (Object.hasOwn(start, name) || taken.has(j)) continue;
    start[name] = sign * Math.abs(itemAt(fitted, j).value);
    taken.add(j);
  }
  return start;
}

function compare(reference: Reference, from: From, fit: Fit): Comparison {
  const scalar = (values: Fit["parameters"] | null, name: string): number | null => {
    const value = values?.[name];
    return typeof value === "number" ? value : null;
  };
  const parameters = reference.parameters.map(({ name, value: certified, standardDeviation }) => {
    const value = scalar(fit.parameters, name) ?? NaN;
    const standardError = scalar(fit.standardErrors, name);
    return {
      name,
      value,
      certified,
      digits: correctDigits(value, certified),
      standardError,
      certifiedDeviation: standardDeviation,
      deviationDigits: correctDigits(standardError, standardDeviation),
    };
  });
  return {
    from,
    parameters,
    digits: Math.min(...parameters.map(({ digits }) => digits)),
    deviationDigits: Math.min(...parameters.map(({ deviationDigits }) => deviationDigits)),
    residualSd: fit.residualSd,
    residualSdDigits: correctDigits(fit.residualSd, reference.residualSd),
    exchanged: false,
    fit,
  };
}
