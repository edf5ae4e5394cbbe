/**
 * A convex piece of the region of allowed mixtures, as far as its constraints are linear: the
 * nearest mixture in it, the multipliers there, and which constraints conflict when it is empty.
 */
import type { Row } from "../../convex/active-rows.ts";
import type { Face } from "../../convex/face.ts";
import type { FeasibleSet } from "../../convex/minimize.ts";
import { projectBox } from "../../convex/project-box.ts";
import { fromCenter, nearestWithin } from "../../convex/project-l1-ball.ts";
import { nearest, type Nearest } from "../../convex/project-polyhedron.ts";
import { addScaled, dot } from "../../convex/vectors.ts";
import { uniformMixture } from "../../random/dirichlet.ts";
import {
  ballExcess,
  type Constraint,
  type L1Ball,
  type Limit,
  shareOfDomain,
  sharePrice,
} from "../constraints/kinds/kind.ts";
import type { LinearRegion } from "../constraints/region.ts";

export interface Projection {
  readonly h: Float64Array;
  /**
   * By constraint: λ in y − h = Σ λ·coefficients + …, ≥ 0 at an upper limit, ≤ 0 at a lower one;
   * those at 0 are left out.
   */
  readonly multipliers: ReadonlyMap<Constraint, number>;
}

/** Sums of decimals round by this. */
const ROUNDING = 1e-12;

/**
 * The loosest first. Whoever leaves out one after the other then names few tight limits, and not
 * many that add up to as much.
 */
export function loosestFirst(limits: readonly Limit[]): Limit[] {
  const tightness = ({ min, max }: Limit): number => Math.max(min, 1 - max);
  return limits.toSorted((a, b) => tightness(a) - tightness(b));
}

/** A limit of one share as bounds of it: min ≤ factor·hᵢ ≤ max. */
interface Bound {
  readonly limit: Limit;
  readonly domain: number;
  readonly factor: number;
  readonly min: number;
  readonly max: number;
}

/** What is known of limits: each is a limit of very many polytopes that differ in others. */
const knownBounds = new WeakMap<Limit, Bound | "several">();

/** A limit as a bound of the one domain that it is about. */
function boundOf(limit: Limit): Bound | "several" {
  const known = knownBounds.get(limit);
  if (known !== undefined) return known;
  const { coefficients, min, max } = limit;
  const first = coefficients.findIndex((x) => x !== 0);
  const last = coefficients.findLastIndex((x) => x !== 0);
  const factor = coefficients[first];
  const bound =
    first >= 0 && first === last
      ? { limit, domain: first, factor, min: min / factor, max: max / factor }
      : "several";
  knownBounds.set(limit, bound);
  return bound;
}

/**
 * What stays as it is on the face of a ball that h lies on: the distance, and where h and x are at
 * its center along an axis, that.
 */
function ballRows(ball: L1Ball, h: Float64Array, x: Float64Array): Float64Array[] {
  const signs = fromCenter(ball, h).map(Math.sign);
  if (ball.axes === undefined) return [signs];
  const { along } = ball.axes;
  const there = fromCenter(ball, x);
  const distance = new Float64Array(h.length);
  for (const [j, axis] of along.entries())
    for (const i of distance.keys()) distance[i] += signs[j] * axis[i];
  return [distance, ...along.filter((_, j) => signs[j] === 0 && there[j] === 0)];
}

/** hᵢ ≥ 0, Σ h = 1, limits, and an L1 ball. */
export class Polytope implements FeasibleSet {
  readonly region: LinearRegion;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Limits of several domains, without the sum of all. */
  readonly rows: readonly Limit[];
  /** Limits of one domain. */
  readonly #bounds: readonly Bound[];
  /** The sum of all shares. */
  readonly #sum: Row;

  constructor(region: LinearRegion) {
    const k = region.domains.length;
    this.region = region;
    this.#sum = { coefficients: new Float64Array(k).fill(1), min: 1, max: 1 };
    this.lower = new Float64Array(k);
    this.upper = new Float64Array(k).fill(1);
    const limits = region.limits.map((limit) => ({ limit, bound: boundOf(limit) }));
    this.#bounds = limits.flatMap(({ bound }) => (bound === "several" ? [] : [bound]));
    this.rows = limits.flatMap(({ limit, bound }) => (bound === "several" ? [limit] : []));
    for (const { domain, min, max } of this.#bounds) {
      this.lower[domain] = Math.max(this.lower[domain], min);
      this.upper[domain] = Math.min(this.upper[domain], max);
    }
  }

  /**
   * Whether bounds of single shares are all there is: projections are then several times faster.
   */
  get isBox(): boolean {
    return this.rows.length === 0 && this.region.l1 === undefined;
  }

  /** The nearest feasible point. Throws when there is none: ask `conflict` first. */
  project(y: Float64Array): Projection {
    const { x, multipliers } = this.#nearestOrAny(y);
    const byConstraint = new Map<Constraint, number>();
    const put = (constraint: Constraint, lambda: number): void => {
      if (lambda !== 0) byConstraint.set(constraint, (byConstraint.get(constraint) ?? 0) + lambda);
    };
    // What of y − x the sum and the rows do not explain.
    const rest = x.map((v, i) => y[i] - v - multipliers[0]);
    for (const [j, row] of this.rows.entries()) {
      put(row, multipliers[j + 1]);
      for (let i = 0; i < rest.length; i++) rest[i] -= multipliers[j + 1] * row.coefficients[i];
    }
    const { l1 } = this.region;
    if (l1 !== undefined) {
      const lambda = multipliers[1 + this.rows.length];
      put(l1, lambda);
      // At its center the ball takes as much of the rest as its subdifferential, −1 to 1, allows;
      // only what is left is a bound's.
      for (const [j, distance] of fromCenter(l1, x).entries()) {
        const axis = l1.axes?.along[j];
        const here = axis === undefined ? rest[j] : dot(axis, rest);
        const side = Math.sign(distance);
        const taken = side === 0 ? Math.min(Math.max(here, -lambda), lambda) : side * lambda;
        if (axis === undefined) rest[j] -= taken;
        else for (let i = 0; i < rest.length; i++) rest[i] -= taken * axis[i];
      }
    }
    for (const { limit, domain, factor, min, max } of this.#bounds) {
      const at = x[domain];
      // What the bound of a share adds; the tightest of several limits of one domain has it.
      if ((at === max && rest[domain] > 0) || (at === min && rest[domain] < 0)) {
        put(limit, rest[domain] / factor);
        rest[domain] = 0;
      }
    }
    return { h: x, multipliers: byConstraint };
  }

  /** The nearest feasible point alone. */
  point(y: Float64Array): Float64Array {
    return this.isBox ? projectBox(y, this.lower, this.upper) : this.project(y).h;
  }

  /** The same; undefined where rounding hides it: of points far away, or of sets without inside. */
  pointNear(y: Float64Array): Float64Array | undefined {
    return this.isBox ? projectBox(y, this.lower, this.upper) : this.#nearest(y)?.x;
  }

  /** The mixtures of it with hᵢ = x; undefined when there are none. */
  pinned(i: number, x: number): Polytope | undefined {
    const { domains, limits } = this.region;
    const coefficients = shareOfDomain(i, domains);
    const pin = { name: `${domains[i]} = ${x}`, coefficients, min: x, max: x, price: sharePrice };
    const polytope = new Polytope({ ...this.region, limits: [...limits, pin] });
    return polytope.#isPossible() ? polytope : undefined;
  }

  /**
   * The constraints that are active at h and that h − ∇L pushes against: what Newton's method keeps
   * to.
   */
  face(h: Float64Array, gradient: Float64Array): Face {
    const y = addScaled(h, -1, gradient);
    const { l1 } = this.region;
    const freeOf = (x: Float64Array, ball: L1Ball | undefined): number[] => {
      const center = ball?.axes === undefined ? ball?.center : undefined;
      const held = (i: number): boolean =>
        x[i] === h[i] && (x[i] === this.lower[i] || x[i] === this.upper[i] || x[i] === center?.[i]);
      return [...h.keys()].filter((i) => !held(i));
    };
    const ones = this.#sum.coefficients;
    if (this.isBox)
      return { free: freeOf(projectBox(y, this.lower, this.upper), undefined), rows: [ones] };
    const projection = this.#nearest(y);
    if (projection === undefined) return { free: [], rows: [] };
    const { x, multipliers } = projection;
    const ball = l1 !== undefined && multipliers[1 + this.rows.length] > 0 ? l1 : undefined;
    const rows = this.rows.filter(({ min, max }, j) => multipliers[j + 1] !== 0 || min === max);
    return {
      free: freeOf(x, ball),
      rows: [
        ones,
        ...rows.map(({ coefficients }) => coefficients),
        ...(ball === undefined ? [] : ballRows(ball, h, x)),
      ],
    };
  }

  /**
   * The nearest point. A set that is a point but for rounding may hide it: then what is nearest to
   * the uniform mixture, by which the set is known not to be empty, stands for it.
   */
  #nearestOrAny(y: Float64Array): Nearest {
    const found = this.#nearest(y) ?? this.#nearest(uniformMixture(y.length));
    if (found === undefined) throw new Error("projection onto an empty set of mixtures");
    return found;
  }

  #nearest(y: Float64Array): Nearest | undefined {
    const { l1 } = this.region;
    const rows = [this.#sum, ...this.rows];
    return l1 === undefined
      ? nearest(y, this.lower, this.upper, rows)
      : nearestWithin(y, this.lower, this.upper, rows, l1);
  }

  /** Largest violation, the simplex included. */
  violation(h: Float64Array): number {
    const { l1, limits } = this.region;
    let most = Math.abs(h.reduce((a, b) => a + b, 0) - 1);
    for (const x of h) most = Math.max(most, -x);
    for (const limit of limits) {
      const { coefficients, min, max } = limit;
      const bound = boundOf(limit);
      const value = bound === "several" ? dot(coefficients, h) : bound.factor * h[bound.domain];
      most = Math.max(most, min - value, value - max);
    }
    if (l1 === undefined) return most;
    return Math.max(most, ballExcess(l1, h));
  }

  /**
   * Undefined when there are feasible mixtures; otherwise a smallest set of constraints that cannot
   * hold together: without any one of them the others can.
   */
  conflict(): readonly string[] | undefined {
    if (this.#isPossible()) return undefined;
    let { limits, l1 } = this.region;
    const isEmpty = (fewer: Partial<LinearRegion>): boolean =>
      !new Polytope({ ...this.region, limits, l1, ...fewer }).#isPossible();
    if (l1 !== undefined && isEmpty({ l1: undefined })) l1 = undefined;
    for (const limit of loosestFirst(limits)) {
      const others = limits.filter((other) => other !== limit);
      if (isEmpty({ limits: others })) limits = others;
    }
    return [...limits, ...(l1 === undefined ? [] : [l1])].map(({ name }) => name);
  }

  #isPossible(): boolean {
    if (this.lower.some((low, i) => low > this.upper[i])) return false;
    if (!this.isBox) return this.#nearest(uniformMixture(this.lower.length)) !== undefined;
    const sum = (bounds: Float64Array): number => bounds.reduce((a, b) => a + b, 0);
    return sum(this.lower) <= 1 + ROUNDING && sum(this.upper) >= 1 - ROUNDING;
  }
}
