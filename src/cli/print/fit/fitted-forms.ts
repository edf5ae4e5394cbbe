/** Fits as anybody can compute them: the form that was fitted, and its numbers with all digits. */
import { entryOf } from "../../../base/known.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import type { FittedForm } from "../../../laws/fitted-form.ts";
import { labelOf } from "../../../laws/parameters/parameters.ts";
import type { SummaryOptions } from "../../io/output.ts";
import { packed, wrap } from "../../text/layout.ts";
import { harmless } from "../../text/style.ts";
import { fitsByLaw } from "../../../words/fits-by-law.ts";

const INDENT = "  ";

/**
 * For each law and form: its equations, what the names in them mean, and for each target with that
 * form the numbers of the parameters that they use, as text that reads back as the same number.
 */
export function fittedForms({ fits }: FitFile, { width, style }: SummaryOptions): string[] {
  return [...fitsByLaw(fits)].flatMap(([law, ofLaw]) => {
    return byForm(ofLaw).map(({ form: { equations, where }, alike }) => {
      const lines = [
        style.bold(`${law} as it was fitted`),
        ...equations.map((equation) => INDENT + harmless(equation)),
        wrap(`${where.join("; ")}.`, width, INDENT),
        ...alike.flatMap((fit) => [
          style.bold(harmless(fit.target)),
          packed(numbersOf(fit, equations.join("\n")), width, INDENT),
        ]),
      ];
      return lines.join("\n");
    });
  });
}

/** Fits of a law with one form each; those of fit files without forms are left out. */
function byForm(fits: readonly Fit[]): { form: FittedForm; alike: Fit[] }[] {
  const groups = new Map<string, { form: FittedForm; alike: Fit[] }>();
  for (const fit of fits) {
    if (fit.form === undefined) continue;
    const key = fit.form.equations.join("\n");
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { form: fit.form, alike: [fit] });
    else known.alike.push(fit);
  }
  return [...groups.values()];
}

/** "alpha = 0.3", "C[web] = 1.2": those that the equations use. */
function numbersOf({ parameters }: Fit, equations: string): string[] {
  const names = new Set(equations.match(/[\p{L}_][\p{L}\p{N}_]*/gu));
  return Object.keys(parameters)
    .filter((name) => names.has(name))
    .flatMap((name) => {
      const value = entryOf(parameters, name);
      return value === null || typeof value === "number"
        ? [`${name} = ${value}`]
        : Object.entries(value).map(([domain, each]) => `${labelOf(name, domain)} = ${each}`);
    });
}
