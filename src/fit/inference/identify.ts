/**
 * Which parameters the runs determine, and why others are not.
 *
 * A fit always returns numbers; whether the runs determine one is a question of its interval. From
 * the noise of the residuals and J at the optimum follows a standard error of each reported
 * parameter (the delta method through the law's own report); determined.ts says what follows from
 * it.
 *
 * Null directions of J, along which no prediction changes, are the limit: their standard error is
 * infinite whatever the noise.
 */
import { compact, significant } from "../../base/format-number.ts";
import type { Node } from "../../expr/graph.ts";
import { flatten } from "../../laws/parameters/parameters.ts";
import { exponentsOf } from "../../laws/summands.ts";
import type { LostDirection } from "../result/fit-file.ts";
import { designAt } from "../../solve/design-spectrum.ts";
import { isParameterDetermined, planningPoint } from "./determined.ts";
import { type Fitted, isEndOf, standardErrors, variable, withJointErrors } from "./fitted.ts";
import { informationFrom, informationInSteps, type Information } from "./information.ts";
import { lostDirections } from "./lost-directions.ts";

/** How far an exponent is moved to see which reported parameters move with it. */
const NUDGE = 0.01;

export interface Identified {
  readonly information: Information;
  /** Standard errors of the reported parameters; Infinity where a null direction moves them. */
  readonly errors: ReadonlyMap<string, number>;
  /** Reported parameters ("A", "C[web]") that the runs do not determine. */
  readonly notIdentified: readonly string[];
  /** Directions that make them so, the worst first. */
  readonly directions: readonly LostDirection[];
}

type Findings = Omit<Identified, "information" | "errors">;

/**
 * Which parameters the runs of one target determine at its optimum. `percent` turns the residuals'
 * standard deviation into the noise of a loss, in percent of the loss.
 *
 * Where a coordinate ran away to the end of its range, a term of the law is dead, and JᵀJ at the
 * optimum cannot show whether the design determines that term. JᵀJ at `planningPoint` can, and what
 * it does not determine is added to the findings.
 *
 * It yields between passes over the rows.
 */
export function* identify(
  fitted: Fitted,
  percent: (sigma: number) => number,
): Generator<undefined, Identified> {
  const { law, problem, target, theta } = fitted;
  const isEnd = (i: number): boolean => isEndOf(law, theta, i);
  const own = yield* informationInSteps(problem, target, theta, isEnd, fitted.shared);
  const information = withJointErrors(own, fitted);
  const errors = standardErrors(law, theta, information);
  const atOptimum = findingsAt(fitted, information, errors, percent);
  const unscaled = unscaledExponents(fitted);
  if (information.runaway.length === 0)
    return {
      information,
      errors,
      notIdentified: union(fitted, [atOptimum, unscaled]),
      directions: [...unscaled.directions, ...atOptimum.directions],
    };
  yield;
  const point = planningPoint(fitted, information);
  const atPoint = informationFrom(designAt(problem, target, point), variable(problem), information.noise); // prettier-ignore
  const planned = findingsAt({ ...fitted, theta: point }, atPoint, standardErrors(law, point, atPoint), percent); // prettier-ignore
  return {
    information,
    errors,
    notIdentified: union(fitted, [atOptimum, unscaled, planned]),
    directions: [
      ...information.runaway.map((i) => runawayDirection(fitted, i)),
      ...unscaled.directions,
      ...planned.directions,
      ...atOptimum.directions,
    ],
  };
}

/** The parameters that any of the findings has, in the order of the report. */
function union({ law, theta }: Fitted, findings: readonly Findings[]): string[] {
  const lost = new Set(findings.flatMap(({ notIdentified }) => notIdentified));
  return [...flatten(law.reportAt(theta)).keys()].filter((label) => lost.has(label));
}

function runawayDirection({ law, theta, parts }: Fitted, i: number): LostDirection {
  const [term] = parts.filter(({ coordinates }) => coordinates.has(i));
  const { label, name } = law.coordinates[i];
  const sentence = `${label} in ${term.text}: it ran to the end of its range, ${significant(theta[i], 3)}, so the term follows the noise or has vanished`;
  return { coordinates: { [name]: 1 }, eigenvalue: 0, standardError: null, sentence };
}

/**
 * Exponents of N in runs of one size, and of D in runs of one token count. They may have an
 * interval all the same, where the law has the same exponent elsewhere (A·F^β/((1 + B·p)·N)^α):
 * that it is the same is what such runs cannot check, and scaling with N is what it is asked for.
 */
function unscaledExponents({ law, theta, parts, runs, coverage }: Fitted): Findings {
  const firstRun = (leaf: Node): number => {
    if (leaf.kind === "weight") return runs.weights[leaf.index];
    return leaf.kind === "input" ? (runs.inputs[leaf.name]?.[0] ?? 1) : NaN;
  };
  const scales = [
    { input: "params", symbol: "N", what: "size", distinct: coverage.sizes },
    { input: "tokens", symbol: "D", what: "token count", distinct: coverage.tokenCounts },
  ] as const;
  const exponents = scales
    .filter(({ distinct }) => distinct === 1)
    .flatMap((scale) =>
      parts.flatMap((part) =>
        exponentsOf(part, scale.input, theta, firstRun).map((i) => ({ scale, part, i })),
      ),
    );
  const values = flatten(law.reportAt(theta));
  const movedWith = (i: number): string[] => {
    const moved = flatten(law.reportAt(theta.with(i, theta[i] + NUDGE)));
    return [...values].flatMap(([label, value]) => (moved.get(label) === value ? [] : [label]));
  };
  return {
    notIdentified: [...new Set(exponents.flatMap(({ i }) => movedWith(i)))],
    directions: exponents.map(({ scale: { input, symbol, what }, part, i }) => ({
      coordinates: { [law.coordinates[i].name]: 1 },
      eigenvalue: 0,
      standardError: null,
      sentence: `${law.coordinates[i].label} in ${part.text}: your runs have one ${what} only (${symbol} = ${compact(runs.inputs[input]?.[0] ?? NaN)})`,
    })),
  };
}

/** Parameters and directions that the information at a point does not determine. */
function findingsAt(
  fitted: Fitted,
  information: Information,
  errors: ReadonlyMap<string, number>,
  percent: (sigma: number) => number,
): Findings {
  const { law, theta } = fitted;
  const isKnown = (label: string, value: number): boolean =>
    isParameterDetermined(fitted, information, label, value, errors.get(label) ?? 0);
  const values = [...flatten(law.reportAt(theta))];
  return {
    notIdentified: values.flatMap(([label, value]) => (isKnown(label, value) ? [] : [label])),
    directions: lostDirections(fitted, information, percent(information.noise.sigma)),
  };
}
