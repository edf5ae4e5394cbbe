/** The parameters of a fit, a number each, with its error, its interval and what is known of it. */
import { ownOf } from "../../base/known.ts";
import { labelOf } from "../../laws/parameters/parameters.ts";
import { studentQuantile } from "../../stats/f-distribution.ts";
import type { IntervalKind } from "../../stats/interval.ts";
import { restore } from "../predict.ts";
import type { Fit, FitFile } from "../result/fit-file.ts";

/** One number of a fit. */
export interface FittedNumber {
  readonly law: string;
  readonly target: string;
  /** What it is called, without its domain: "C". */
  readonly family: string;
  /** Whose it is; null for a parameter of the law as a whole. */
  readonly domain: string | null;
  /** Null where it has none, as an exponent that went to infinity. */
  readonly value: number | null;
  readonly standardError: number | null;
  /** Null where none was made. */
  readonly interval: MadeInterval | null;
  readonly state: "determined" | "not determined" | "fixed" | "tied";
  /** Whether it ended at a bound of its range. */
  readonly atBound: boolean;
}

/** An interval of a parameter, and how it was made. */
export interface MadeInterval {
  /** An end that is null is infinite, or open. */
  readonly ends: readonly [low: number | null, high: number | null];
  readonly level: number;
  /** By the bootstrap, by a profile, or as so many standard errors on each side. */
  readonly by: IntervalKind | "profile" | "standard-error";
}

/** A fit's value for a parameter, or for one of its domains. */
type Named<T> = Readonly<Record<string, T | Readonly<Record<string, T>>>>;

/** The numbers of a fit, in the order of its parameters and domains. */
export function fittedNumbers(file: FitFile, fit: Fit): FittedNumber[] {
  const open = new Set(fit.certificate.notIdentified);
  const bounded = labelsAtBound(file, fit);
  return Object.entries(fit.parameters).flatMap(([family, value]) => {
    const numberOf = (domain: string | null, x: number | null): FittedNumber => {
      const label = labelOf(family, domain ?? undefined);
      const has = (held: Readonly<Record<string, unknown>>): boolean =>
        Object.hasOwn(held, label) || Object.hasOwn(held, family);
      const free = open.has(label) ? ("not determined" as const) : ("determined" as const);
      return {
        law: fit.law,
        target: fit.target,
        family,
        domain,
        value: x,
        interval: intervalOf(fit, family, domain),
        standardError: errorOf(fit, family, domain),
        state: has(fit.fixed) ? "fixed" : has(fit.tied) ? "tied" : free,
        atBound: bounded.has(label),
      };
    };
    return typeof value === "number" || value === null
      ? [numberOf(null, value)]
      : Object.entries(value).map(([domain, x]) => numberOf(domain, x));
  });
}

/** The bootstrap's interval, else that of the profile, else of the standard error. */
function intervalOf(fit: Fit, family: string, domain: string | null): MadeInterval | null {
  const { bootstrap, profile, parameters } = fit;
  const made = of<MadeInterval["ends"]>(bootstrap?.parameters, family, domain, Array.isArray);
  if (made !== undefined && bootstrap !== null)
    return { ends: made, level: bootstrap.level, by: bootstrap.interval };
  const walked = ownOf(profile, labelOf(family, domain ?? undefined));
  if (walked !== undefined) return { ends: walked.interval, level: walked.level, by: "profile" };
  const [value, error] = [of(parameters, family, domain, isNumber), errorOf(fit, family, domain)];
  if (typeof value !== "number" || error === null) return null;
  const half = errorQuantile(fit) * error;
  return { ends: [value - half, value + half], level: ERROR_LEVEL, by: "standard-error" };
}

const isNumber = (value: unknown): boolean => typeof value === "number" || value === null;

/** An entry of a family, or of one of its domains. */
function of<T>(
  named: Named<T> | undefined,
  family: string,
  domain: string | null,
  isEntry: (value: unknown) => boolean,
): T | undefined {
  const entry = ownOf(named, family);
  if (entry === undefined || isEntry(entry)) return entry as T | undefined;
  return domain === null ? undefined : ownOf(entry as Readonly<Record<string, T>>, domain);
}

function errorOf(fit: Fit, family: string, domain: string | null): number | null {
  const errors = fit.bootstrap?.standardErrors ?? fit.standardErrors ?? undefined;
  return of<number | null>(errors, family, domain, isNumber) ?? null;
}

/** The level of intervals that are made of standard errors. */
export const ERROR_LEVEL = 0.95;

/** How many standard errors an interval has on each side. */
export const errorQuantile = ({ errors, degreesOfFreedom }: Fit): number =>
  studentQuantile(0.5 + ERROR_LEVEL / 2, Math.max(1, errors?.degreesOfFreedom ?? degreesOfFreedom));

/** Parameters that ended at a bound, as reports call them. */
function labelsAtBound(file: FitFile, fit: Fit): ReadonlySet<string> {
  const { atBound } = fit.certificate;
  if (atBound.length === 0) return new Set();
  const { coordinates } = restore(file, fit).law;
  return new Set(coordinates.flatMap(({ name, label }) => (atBound.includes(name) ? [label] : [])));
}
