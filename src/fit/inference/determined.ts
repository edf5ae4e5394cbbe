/**
 * When a parameter counts as determined: a question of its 95 % interval alone, the estimate ± t
 * standard errors. It is free of units and does not ask where starts were drawn.
 *
 * - A positive coefficient, fitted by its logarithm (A, B, Cᵢ): the interval is a factor of at most
 *   10 either way, at the data's center. (A of A/N^α stands for N = 1, far below any run: its error
 *   there is that of α times ln N, and is printed. The term is known where the runs are.)
 * - Any other parameter: the interval leaves 0 out, so that its sign is known. Where the sign is
 *   known anyway (E ≥ 0, exponents ≥ 0), half the interval is half of the value at most. Or the
 *   interval is so narrow that the parameter is known to be small: of one that the law is linear in
 *   (E, a slope, an intercept), what half the interval changes the predictions
 *   by is a tenth of the range of the losses; of an exponent, half the interval is ¼.
 */
import { itemAt } from "../../base/known.ts";
import { gradient } from "../../expr/derivatives.ts";
import { type Node, topological } from "../../expr/graph.ts";
import { Interner } from "../../expr/simplify.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { reportedOf } from "../../laws/parameters/parameters.ts";
import { axis, type Fitted, variable } from "./fitted.ts";
import type { Information } from "./information.ts";

/** Half an interval of a logarithm: a factor of 10. */
const LOG_LIMIT = Math.LN10;
/** Half an interval of an exponent that is known to be small. */
const EXPONENT_LIMIT = 0.25;
/** What half an interval may change predictions by, as a share of the range of the losses. */
const LINEAR_LIMIT = 0.1;

/** What a coordinate is in its law. */
type Part = "linear" | "exponent" | "other";

const PARTS = new WeakMap<BoundLaw, readonly Part[]>();

/** What each coordinate of a law is in it. */
function partsOf(law: BoundLaw): readonly Part[] {
  const known = PARTS.get(law);
  if (known !== undefined) return known;
  const interner = new Interner();
  const root = interner.canonical(law.loss);
  const leaves = topological([root]).filter((node) => node.kind === "param");
  const slopes = gradient(root, leaves, interner);
  const parts = law.coordinates.map((_, i): Part => {
    const leaf = leaves.findIndex(({ index }) => index === i);
    if (leaf >= 0 && !reads(itemAt(slopes, leaf), i)) return "linear";
    // Published laws have no other parameters; of a formula its place says so.
    return law.law.definition === undefined || isExponent(law.loss, i) ? "exponent" : "other";
  });
  PARTS.set(law, parts);
  return parts;
}

const reads = (node: Node, index: number): boolean =>
  topological([node]).some((leaf) => leaf.kind === "param" && leaf.index === index);

/** Whether a coordinate stands in a factor of a logarithm: α of N^α = e^(α·ln N). */
const isExponent = (loss: Node, index: number): boolean =>
  topological([loss]).some(
    (node) =>
      node.kind === "op" &&
      node.op === "mul" &&
      node.args.some((arg, n) => {
        const other = itemAt(node.args, 1 - n);
        return (
          reads(arg, index) && other.kind === "op" && (other.op === "log" || other.op === "logz")
        );
      }),
  );

/** How a reported parameter follows from its coordinate. */
interface Reporting {
  /** Whether it is e to the power of the coordinate, times what does not depend on it. */
  readonly isPositive: boolean;
  /** How fast it changes with the coordinate. */
  readonly rate: number;
}

/** By the point of a fit, and by coordinate: each question of the point asks for all of them. */
const REPORTINGS = new WeakMap<Float64Array, (Reporting | undefined)[]>();

/** How the parameter of coordinate `i` follows from it. */
function reportingOf(fitted: Fitted, i: number): Reporting {
  const known = REPORTINGS.get(fitted.theta) ?? [];
  REPORTINGS.set(fitted.theta, known);
  return (known[i] ??= reportingAt(fitted, i));
}

function reportingAt({ law, theta }: Fitted, i: number): Reporting {
  const coordinate = itemAt(law.coordinates, i);
  const at = (step: number): number =>
    reportedOf(law.reportAt(theta.with(i, theta[i] + step)), coordinate, law.domains) ?? NaN;
  const [low, middle, high] = [at(-0.5), at(0), at(0.5)];
  const isPositive = low > 0 && high > 0 && Math.abs((low * high) / middle ** 2 - 1) < 1e-6 && high !== low; // prettier-ignore
  return { isPositive, rate: Math.abs(at(1e-4) - at(-1e-4)) / 2e-4 };
}

/** Half an interval as a share of the value: less than all of it where only the sign is asked. */
function relative({ law }: Fitted, i: number): number {
  const [low, high] = itemAt(law.coordinates, i).bounds;
  return low >= 0 || high <= 0 ? 0.5 : 1;
}

/** Half an interval around 0 that still says that a parameter is small, in its reported unit. */
function narrow(fitted: Fitted, { effect }: Information, i: number, rate: number): number {
  const part = itemAt(partsOf(fitted.law), i);
  if (part === "exponent") return EXPONENT_LIMIT;
  if (part === "other" || effect(i) === 0) return 0;
  return (LINEAR_LIMIT * fitted.span * rate) / effect(i);
}

/**
 * How far half a 95 % interval of coordinate `i` may go for the coordinate to be determined, in the
 * coordinate's unit.
 */
export function limitOf(fitted: Fitted, information: Information, i: number): number {
  const { isPositive, rate } = reportingOf(fitted, i);
  if (isPositive) return LOG_LIMIT;
  const around = rate > 0 ? narrow(fitted, information, i, rate) / rate : 0;
  return Math.max(relative(fitted, i) * Math.abs(fitted.theta[i]), around);
}

/** Whether a coordinate with this standard error is one that the runs determine. */
export const isDetermined = (
  fitted: Fitted,
  information: Information,
  i: number,
  error: number,
): boolean => error * information.quantile <= limitOf(fitted, information, i);

/**
 * Whether a reported parameter with this value and standard error is one that the runs determine.
 */
export function isParameterDetermined(
  fitted: Fitted,
  information: Information,
  label: string,
  value: number,
  error: number,
): boolean {
  const { quantile, standardError } = information;
  const half = error * quantile;
  const i = fitted.law.coordinates.findIndex((c) => c.label === label);
  if (i < 0) return half <= LOG_LIMIT * Math.abs(value);
  const { isPositive, rate } = reportingOf(fitted, i);
  if (isPositive) return isDetermined(fitted, information, i, standardError(axis(fitted.law, i)));
  const around = narrow(fitted, information, i, rate);
  return half <= Math.max(relative(fitted, i) * Math.abs(value), around);
}

/** The range of a coordinate's random starts: what was known before any run. */
const startRange = ({ law, scale }: Fitted, i: number): readonly [number, number] =>
  law.coordinates[i].spec.start(scale, law.domains.length);

/**
 * The fitted values, but the middle of the start ranges for the law's terms that are not
 * determined: where a term has run away its JᵀJ says nothing.
 */
export function planningPoint(fitted: Fitted, information: Information): Float64Array {
  const { standardError, free } = information;
  const { law, theta, parts, problem } = fitted;
  const isLost = (i: number): boolean =>
    !free.includes(i) || !isDetermined(fitted, information, i, standardError(axis(law, i)));
  const dead = new Set(
    parts
      .filter(({ coordinates }) => [...coordinates].some(isLost))
      .flatMap(({ coordinates }) => [...coordinates]),
  );
  const open = new Set(variable(problem));
  return theta.map((x, i) => {
    if (!dead.has(i) || !open.has(i)) return x;
    const [low, high] = startRange(fitted, i);
    return (low + high) / 2;
  });
}
