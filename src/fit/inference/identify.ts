/**
 * Which parameters the runs determine, and why others are not.
 *
 * A fit always returns numbers; whether the runs determine one is a question of its interval. From
 * the noise of the residuals and JᵀJ at the optimum follows a standard error of each reported
 * parameter (the delta method through the law's own report). It is called not determined when the
 * 95 % interval tells less than was known before any run was seen: - a parameter that is fitted as
 * it stands (E, exponents): the interval is wider than the range its random starts are drawn from,
 * and its
 *    half-width more than half the value itself (so that a γ of 10 ± 1 is known);
 * - a positive coefficient, fitted by its logarithm (A, B, Cᵢ): a standard error above 100 %, which
 * is a 95 % interval of a factor 7 either way. Null directions of JᵀJ, along which no prediction
 * changes, are the limit: their standard error is infinite whatever the noise.
 */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import { flatten } from "../../laws/parameters/parameters.ts";
import type { Node } from "../../expr/graph.ts";
import { exponentsOf, type Summand } from "../../laws/summands.ts";
import {
  crossProduct,
  type Direction,
  informationAt,
  informationFrom,
  type Information,
} from "./information.ts";
import type { Problem } from "../search/problem.ts";
import { domainsOf, reasons, vanished } from "./reasons.ts";
import type { Coverage, LostDirection } from "../result/fit-file.ts";
import { compact, significant } from "../../base/format-number.ts";

const Z95 = 1.96;
/** Standard error of a logarithm from which a coefficient is not determined. */
const LOG_LIMIT = 1;
/** A coordinate or term belongs to a direction when it makes up this share of it. */
const SHARE = 0.02;

export interface Identified {
  readonly information: Information;
  /** Reported parameters ("A", "C[web]") that the runs do not determine. */
  readonly notIdentified: readonly string[];
  /** Directions that make them so, the worst first. */
  readonly directions: readonly LostDirection[];
}

/** Standard errors of the reported parameters; Infinity where they move along a null direction. */
export function standardErrors(
  law: BoundLaw,
  theta: Float64Array,
  { standardError, free, runaway }: Pick<Information, "standardError" | "free" | "runaway">,
): Map<string, number> {
  const at = (moved: Float64Array): Map<string, number> => flatten(law.reportAt(moved));
  const values = at(theta);
  const gradients = new Map([...values.keys()].map((name) => [name, new Float64Array(law.size)]));
  for (const i of [...free, ...runaway]) {
    const h = 1e-6 * Math.max(1, Math.abs(theta[i]));
    const [up, down] = [at(theta.with(i, theta[i] + h)), at(theta.with(i, theta[i] - h))];
    for (const [name, gradient] of gradients)
      gradient[i] = ((up.get(name) ?? NaN) - (down.get(name) ?? NaN)) / (2 * h) || 0;
  }
  return new Map([...gradients].map(([name, gradient]) => [name, standardError(gradient)]));
}

/** One target's fit, with what its findings are told from. */
export interface Fitted {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly target: number;
  readonly theta: Float64Array;
  readonly scale: LossScale;
  readonly runs: RunSet;
  readonly coverage: Coverage;
  readonly parts: readonly Summand[];
}

/** The range of a coordinate's random starts: what was known before any run. */
const before = ({ law, scale }: Fitted, i: number): readonly [number, number] =>
  law.coordinates[i].spec.start(scale, law.domains.length);
const width = (fitted: Fitted, i: number): number => before(fitted, i)[1] - before(fitted, i)[0];

/** The middle of that range. */
export const middle = (fitted: Fitted, i: number): number =>
  (before(fitted, i)[0] + before(fitted, i)[1]) / 2;

/** Whether a coordinate with this standard error is one the runs determine. */
export const isDetermined = (fitted: Fitted, i: number, error: number): boolean =>
  error * 2 * Z95 <= width(fitted, i) || error * Z95 <= Math.abs(fitted.theta[i]) / 2;

/**
 * What the runs of one target determine at its optimum. `percent` is the noise of a loss, in
 * percent of it, given the residuals' standard deviation.
 *
 * Where a coordinate ran away, JᵀJ at the optimum speaks of a law with a dead term; what the design
 * could tell of that term is then asked at `planningPoint`, and what is lost there is lost too.
 */
export function identify(fitted: Fitted, percent: (sigma: number) => number): Identified {
  const { law, problem, target, theta, parts } = fitted;
  // Only the law's own ends are runaways: a bound that a user gave is meant.
  const end = (i: number): boolean =>
    theta[i] !== 0 && law.coordinates[i].spec.bounds?.includes(theta[i]) === true;
  const information = informationAt(problem, target, theta, end);
  const here = judge(fitted, information, percent);
  const alone = rested(fitted);
  const open = {
    notIdentified: union(fitted, here, alone),
    directions: [...alone.directions, ...here.directions],
  };
  if (information.runaway.length === 0) return { information, ...open };
  const ran = information.runaway.map((i): LostDirection => {
    const [term] = parts.filter(({ coordinates }) => coordinates.has(i));
    const { label, name } = law.coordinates[i];
    const sentence = `${label} in ${term.text}: it ran to the end of its range, ${significant(theta[i], 3)}, so the term follows the noise or has vanished`;
    return { coordinates: { [name]: 1 }, eigenvalue: 0, standardError: null, sentence };
  });
  const point = planningPoint(fitted, information);
  const there = judge(
    { ...fitted, theta: point },
    informationFrom(crossProduct(problem, target, point), variable(problem), information.noise),
    percent,
  );
  return {
    information,
    notIdentified: union(fitted, open, there),
    directions: [...ran, ...alone.directions, ...there.directions, ...here.directions],
  };
}

type Findings = Omit<Identified, "information">;

/** What either has, in the order of the report. */
function union({ law, theta }: Fitted, a: Findings, b: Findings): string[] {
  const lost = new Set([...a.notIdentified, ...b.notIdentified]);
  return [...flatten(law.reportAt(theta)).keys()].filter((name) => lost.has(name));
}

/**
 * Exponents of N in runs of one size, and of D in runs of one token count. They may have an
 * interval all the same, where the law has the same exponent elsewhere (A·F^β/((1 + B·p)·N)^α):
 * that it is the same is what such runs cannot check, and scaling with N is what it is asked for.
 */
function rested({ law, theta, parts, runs, coverage }: Fitted): Findings {
  const at = (leaf: Node): number => {
    if (leaf.kind === "weight") return runs.weights[leaf.index];
    return leaf.kind === "input" ? (runs.inputs[leaf.name]?.[0] ?? 1) : NaN;
  };
  const values = flatten(law.reportAt(theta));
  const found = ([["params", coverage.sizes], ["tokens", coverage.tokenCounts]] as const).flatMap(([input, distinct]) =>
    distinct !== 1 ? [] : parts.flatMap((part) => exponentsOf(part, input, theta, at).map((i) => ({ input, part, i }))),
  ); // prettier-ignore
  const moved = (i: number): string[] => {
    const other = flatten(law.reportAt(theta.with(i, theta[i] + 0.01)));
    return [...values].flatMap(([name, value]) => (other.get(name) === value ? [] : [name]));
  };
  return {
    notIdentified: [...new Set(found.flatMap(({ i }) => moved(i)))],
    directions: found.map(({ input, part, i }) => ({
      coordinates: { [law.coordinates[i].name]: 1 },
      eigenvalue: 0,
      standardError: null,
      sentence: `${law.coordinates[i].label} in ${part.text}: your runs have one ${input === "params" ? "size" : "token count"} only (${input === "params" ? "N" : "D"} = ${compact(runs.inputs[input]?.[0] ?? NaN)})`,
    })),
  };
}

/** The gradient of coordinate i itself. */
export const axis = ({ size }: BoundLaw, i: number): number[] =>
  Array.from({ length: size }, (_, j) => (j === i ? 1 : 0));

/** Coordinates that are not fixed. */
export const variable = ({ box: { lower, upper } }: Problem): number[] =>
  [...lower.keys()].filter((i) => lower[i] < upper[i]);

/**
 * The fitted values, but the middle of the start ranges for the law's terms that are not
 * determined: where a term has run away its JᵀJ says nothing.
 */
export function planningPoint(fitted: Fitted, { standardError, free }: Information): Float64Array {
  const { law, theta, parts, problem } = fitted;
  const lost = (i: number): boolean =>
    !free.includes(i) || !isDetermined(fitted, i, standardError(axis(law, i)));
  const dead = new Set(
    parts
      .filter(({ coordinates }) => [...coordinates].some(lost))
      .flatMap(({ coordinates }) => [...coordinates]),
  );
  const open = new Set(variable(problem));
  return theta.map((x, i) => (dead.has(i) && open.has(i) ? middle(fitted, i) : x));
}

function judge(
  fitted: Fitted,
  information: Information,
  percent: (sigma: number) => number,
): Findings {
  const { law, theta, parts } = fitted;
  const values = flatten(law.reportAt(theta));
  const errors = standardErrors(law, theta, information);
  const notIdentified = [...values].flatMap(([name, value]) => {
    // A parameter that is optimized as it is reported; of others, the logarithm is.
    const i = law.coordinates.findIndex(
      ({ label, spec }) => label === name && spec.chart === undefined,
    );
    const known =
      i >= 0
        ? isDetermined(fitted, i, information.standardError(axis(law, i))) // in the coordinate's own unit
        : (errors.get(name) ?? 0) <= LOG_LIMIT * Math.abs(value);
    return known ? [] : [name];
  });
  const gone = (i: number): boolean => information.alone(i) * Z95 * 2 > width(fitted, i);
  const tell = (
    shares: readonly number[],
    eigenvalue: number,
    standardError: number,
  ): LostDirection => {
    const members = shares.flatMap((share, i) => (share > SHARE ? [i] : []));
    const terms = parts.filter(({ coordinates }) => members.some((i) => coordinates.has(i)));
    const why = members.every(gone)
      ? vanished(members, fitted)
      : reasons(terms, members, fitted, percent(information.noise.sigma));
    return {
      coordinates: Object.fromEntries(members.map((i) => [law.coordinates[i].name, shares[i]])),
      eigenvalue,
      standardError: Number.isFinite(standardError) ? standardError : null,
      sentence: `${between(terms, members, law, (i) => law.coordinates[i].label)}: ${why}`,
    };
  };
  // How far one standard error along a direction moves the coordinate that it moves most, in units
  // of the limit.
  const far = ({ moves }: Direction): number =>
    moves.reduce(
      (most, move, i) =>
        Math.max(most, (move * 2 * Z95) / Math.max(width(fitted, i), Math.abs(theta[i]))),
      0,
    );
  const lost = [
    ...information.directions.filter((d) => far(d) > 1).map((d) => tell(d.shares, d.value, far(d))),
    ...information.unseen.map((i) => tell(axis(law, i), 0, Infinity)), // prettier-ignore
  ];
  return { notIdentified, directions: lost.toReversed() };
}

/** "E against A/N^α", "A against alpha in A/N^α", "gamma[web] in 1/Σᵢ Cᵢhᵢ^γᵢ". */
function between(
  terms: readonly Summand[],
  members: readonly number[],
  law: BoundLaw,
  name: (i: number) => string,
): string {
  const domains = domainsOf(members, law);
  const few = domains.length > 0 && domains.length < law.domains.length && domains.length <= 3;
  if (terms.length > 1)
    return terms
      .map(({ text, weights }) => (weights && few ? `${text} (${domains.join(", ")})` : text))
      .join(" against ");
  if (members.length > 4) return few ? `${terms[0].text} (${domains.join(", ")})` : terms[0].text;
  const names = members.map(name).join(" against ");
  return terms.length === 1 && names !== terms[0].text ? `${names} in ${terms[0].text}` : names;
}
