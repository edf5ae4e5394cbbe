/**
 * The form in which a law was fitted, as text from which anybody can compute its predictions. A
 * law's equation is its source's. What is computed can differ: units are part of some families, an
 * exponent that went to infinity leaves the published family, and a term that cancels has a form
 * that keeps its digits.
 */
import type { BoundLaw, Units } from "./bind.ts";
import type { Law, LawForm } from "./law.ts";
import type { Reported } from "./parameters/parameters.ts";

/** The form of a fit, with what its names mean. */
export interface FittedForm {
  /** Assignments in the syntax of formulas; the first gives L, the others what it uses. */
  readonly equations: readonly string[];
  /** What the names that are no parameters mean. */
  readonly where: readonly string[];
}

/** The form of a law without one of its own: its formula. */
const ownFormula = (equation: string): LawForm => ({
  equations: [/^\s*\w+\s*=/.test(equation) ? equation : `L = ${equation}`],
});

/** The law's form at the parameters that it reports. */
export function formOf({ law, domains }: BoundLaw, reported: Reported, units: Units): LawForm {
  return law.form?.({ reported, units, domains }) ?? ownFormula(law.equation);
}

/** The form with the meaning of its names. */
export function fittedForm(bound: BoundLaw, { equations }: LawForm): FittedForm {
  return { equations, where: meaningsOf(bound, equations.join("\n")) };
}

/** What functions mean whose name does not say it. */
const FUNCTIONS: readonly (readonly [RegExp, string])[] = [
  [/\blog\(/, "log is the natural logarithm"],
  [/\blog10\(/, "log10 is the logarithm to base 10"],
  [/\bexpm1\(/, "expm1(z) is exp(z) - 1 and log1p(z) is log(1 + z), both with all their digits"],
  [/\bphi1\(/, "phi1(z) is (exp(z) - 1)/z, and 1 at z = 0"],
];

/** A power of what may be 0: a share, or an input that may be. */
const zeroPower = ({ uses: { supply, inputs = [] } }: Law): RegExp =>
  new RegExp(
    [
      // Epochs, and what they are worth, stand in brackets.
      ...(supply === true ? ["[^)]*\\)"] : []),
      "h\\[[^\\]]*\\]",
      ...inputs.flatMap(({ name, values }) => (values === "nonnegative" ? [name] : [])),
    ]
      .map((base) => `\\b${base}\\^`)
      .join("|"),
  );

function meaningsOf({ law }: BoundLaw, text: string): string[] {
  const { params, tokens, weights, supply, inputs = [] } = law.uses;
  const isFormula = law.definition !== undefined;
  return [
    "L is the predicted value of the target",
    ...(params ? [`params${isFormula ? " or N" : ""} is the number of parameters`] : []),
    ...(tokens ? [`tokens${isFormula ? " or D" : ""} is the number of training tokens`] : []),
    ...inputs.map(({ name, meaning }) => `${name} is the ${meaning}`),
    ...(weights ? ["h[i] is the share of domain i, and all shares sum to 1"] : []),
    ...(supply === true ? ["u[i] is the number of unique tokens that there are of domain i"] : []),
    ...(/\b(?:sum|dot)\(/.test(text) ? ["sums go over the domains i"] : []),
    ...(zeroPower(law).test(text) ? ["a power of 0 is 0, whatever the exponent"] : []),
    ...FUNCTIONS.flatMap(([name, meaning]) => (name.test(text) ? [meaning] : [])),
  ];
}
