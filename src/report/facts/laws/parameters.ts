/** What the view of the parameters shows. */
import { percent, significant } from "../../../base/format-number.ts";
import { ownOf } from "../../../base/known.ts";
import { count } from "../../../base/wording.ts";
import { restore } from "../../../fit/predict.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import { labelOf } from "../../../laws/parameters/parameters.ts";
import { studentQuantile } from "../../../stats/f-distribution.ts";
import type { OpenSpan, ParameterRow, ParametersData } from "../../../views/laws/parameters.ts";
import { type Lacking, lacking } from "../../../views/kit/view.ts";
import { type Material, usedFits } from "../material.ts";

/** A fit's value for a parameter, or for one of its domains. */
type Named<T> = Readonly<Record<string, T | Readonly<Record<string, T>>>>;

export function parametersFacts(material: Material): ParametersData | Lacking {
  const { file } = material;
  const fits = usedFits(material);
  const rows = file.fits.flatMap((fit) => rowsOfFit(file, fit));
  if (rows.length === 0) return lacking("The laws of this file have no parameters.");
  return {
    rows,
    used: fits.map(({ law, target }) => ({ law, target })),
    intervals: [...new Set(fits.map(intervalWords))],
  };
}

function rowsOfFit(file: FitFile, fit: Fit): ParameterRow[] {
  const open = new Set(fit.certificate.notIdentified);
  const bounded = labelsAtBound(file, fit);
  return Object.entries(fit.parameters).flatMap(([family, value]) => {
    const rowOf = (domain: string | null, x: number | null): ParameterRow => {
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
      ? [rowOf(null, value)]
      : Object.entries(value).map(([domain, x]) => rowOf(domain, x));
  });
}

/** The bootstrap's interval, else that of the profile, else of the standard error. */
function intervalOf(fit: Fit, family: string, domain: string | null): OpenSpan | null {
  const { bootstrap, profile, parameters } = fit;
  const made = of<OpenSpan>(bootstrap?.parameters, family, domain, Array.isArray);
  if (made !== undefined) return made;
  const walked = ownOf(profile, labelOf(family, domain ?? undefined));
  if (walked !== undefined) return walked.interval;
  const [value, error] = [of(parameters, family, domain, isNumber), errorOf(fit, family, domain)];
  if (typeof value !== "number" || error === null) return null;
  const half = quantileOf(fit) * error;
  return [value - half, value + half];
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

const LEVEL = 0.95;

/** How many standard errors an interval has on each side. */
const quantileOf = ({ errors, degreesOfFreedom }: Fit): number =>
  studentQuantile(0.5 + LEVEL / 2, Math.max(1, errors?.degreesOfFreedom ?? degreesOfFreedom));

/** How a fit's intervals were made. */
function intervalWords(fit: Fit): string {
  const { bootstrap, standardErrors, law } = fit;
  if (bootstrap !== null) {
    const kind = bootstrap.interval === "bca" ? "BCa" : "percentile";
    return `Lines of the ${law} law: ${percent(bootstrap.level)} ${kind} intervals from ${count(bootstrap.replicates, "bootstrap replicate")}.`;
  }
  if (standardErrors === null)
    return `The fits of the ${law} law have no intervals: "mixlaw fit --bootstrap 1000" makes them.`;
  return `Lines of the ${law} law: ${percent(LEVEL)} intervals, ${significant(quantileOf(fit), 3)} standard errors on each side; profile intervals where they were asked for.`;
}

/** Parameters that ended at a bound, as reports call them. */
function labelsAtBound(file: FitFile, fit: Fit): ReadonlySet<string> {
  const { atBound } = fit.certificate;
  if (atBound.length === 0) return new Set();
  const { coordinates } = restore(file, fit).law;
  return new Set(coordinates.flatMap(({ name, label }) => (atBound.includes(name) ? [label] : [])));
}
