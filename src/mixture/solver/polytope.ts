/**
 * The linear part of a feasible set: projection, multipliers, and who is to blame when it is empty.
 */
import { nearestInBall } from "../../convex/project-l1-ball.ts";
import { type Constraint, type Limit, sharePrice } from "../constraints/kinds/kind.ts";
import type { LinearRegion } from "../constraints/region.ts";
import type { Row } from "../../convex/active-rows.ts";
import { nearest, type Nearest } from "../../convex/project-polyhedron.ts";
import type { Face } from "../../convex/face-newton.ts";
import { projectBox } from "../../convex/project-box.ts";

export interface Projection {
  readonly h: Float64Array;
  /**
   * By constraint: λ in y − h = Σ λ·coefficients + …, ≥ 0 at an upper limit, ≤ 0 at a lower one;
   * those at 0 are left out.
   */
  readonly multipliers: ReadonlyMap<Constraint, number>;
}

/** hᵢ ≥ 0, Σ h = 1, and limits. */
export class Polytope {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Limits over several domains, without the sum. */
  readonly rows: readonly Limit[];
  readonly #bounds: readonly { readonly limit: Limit; readonly domain: number }[];
  readonly region: LinearRegion;
  readonly #sum: Row;

  constructor(region: LinearRegion) {
    const k = region.domains.length;
    this.region = region;
    this.#sum = { coefficients: new Float64Array(k).fill(1), min: 1, max: 1 };
    this.lower = new Float64Array(k);
    this.upper = new Float64Array(k).fill(1);
    const single = (limit: Limit): number => {
      const used = [...limit.coefficients.keys()].filter((i) => limit.coefficients[i] !== 0);
      return used.length === 1 ? used[0] : -1;
    };
    this.#bounds = region.limits.flatMap((limit) =>
      single(limit) < 0 ? [] : [{ limit, domain: single(limit) }],
    );
    this.rows = region.limits.filter((limit) => single(limit) < 0);
    for (const { limit, domain } of this.#bounds) {
      this.lower[domain] = Math.max(this.lower[domain], limit.min);
      this.upper[domain] = Math.min(this.upper[domain], limit.max);
    }
  }

  /** The nearest feasible point. Throws when there is none: ask `conflict` first. */
  project(y: Float64Array): Projection {
    const found = this.#nearest(y);
    if (found === undefined) throw new Error("projection onto an empty set of mixtures");
    const { x, multipliers } = found;
    const named = new Map<Constraint, number>();
    const put = (of: Constraint, lambda: number): void => {
      if (lambda !== 0) named.set(of, (named.get(of) ?? 0) + lambda);
    };
    for (const [j, row] of this.rows.entries()) put(row, multipliers[j + 1]);
    const rest = x.map((v, i) => y[i] - v - multipliers[0]);
    for (const [j, { coefficients }] of this.rows.entries())
      for (let i = 0; i < rest.length; i++) rest[i] -= multipliers[j + 1] * coefficients[i];
    const { l1 } = this.region;
    if (l1 !== undefined) {
      const lambda = multipliers[1 + this.rows.length];
      put(l1, lambda);
      // Where hᵢ = rᵢ the ball takes as much of the rest as its subdifferential, −1 to 1, allows;
      // only what is left is a bound's.
      for (let i = 0; i < rest.length; i++) {
        const side = Math.sign(x[i] - l1.center[i]);
        rest[i] -= side === 0 ? Math.min(Math.max(rest[i], -lambda), lambda) : side * lambda;
      }
    }
    for (const { limit, domain } of this.#bounds) {
      const at = x[domain];
      // What the bound of a share adds; the tightest of several limits of one domain has it.
      if ((at === limit.max && rest[domain] > 0) || (at === limit.min && rest[domain] < 0)) {
        put(limit, rest[domain]);
        rest[domain] = 0;
      }
    }
    return { h: x, multipliers: named };
  }

  /** The nearest feasible point alone: with bounds only, several times faster. */
  point(y: Float64Array): Float64Array {
    return this.rows.length === 0 && this.region.l1 === undefined
      ? projectBox(y, this.lower, this.upper)
      : this.project(y).h;
  }

  /** The mixtures of it with hᵢ = x; undefined when there are none. */
  pinned(i: number, x: number): Polytope | undefined {
    const coefficients = new Float64Array(this.lower.length);
    coefficients[i] = 1;
    const polytope = new Polytope({
      ...this.region,
      limits: [
        ...this.region.limits,
        { name: "pinned", coefficients, min: x, max: x, price: sharePrice },
      ],
    });
    return polytope.#possible() ? polytope : undefined;
  }

  /**
   * The constraints that are active at h and that h − ∇L pushes against: what Newton's method keeps
   * to.
   */
  face(h: Float64Array, gradient: Float64Array): Face {
    const k = h.length;
    const y = h.map((x, i) => x - gradient[i]);
    const { l1 } = this.region;
    const ones = this.#sum.coefficients;
    if (this.rows.length === 0 && l1 === undefined) {
      const x = projectBox(y, this.lower, this.upper);
      const held = (i: number): boolean =>
        x[i] === h[i] && (x[i] === this.lower[i] || x[i] === this.upper[i]);
      return { free: [...h.keys()].filter((i) => !held(i)), rows: [ones] };
    }
    const found = this.#nearest(y);
    if (found === undefined) return { free: [], rows: [] };
    const { x, multipliers } = found;
    const rows = [
      ones,
      ...this.rows
        .filter(({ min, max }, j) => multipliers[j + 1] !== 0 || min === max)
        .map((row) => row.coefficients),
    ];
    const ball = l1 === undefined ? 0 : multipliers[1 + this.rows.length];
    const held = (i: number): boolean =>
      x[i] === h[i] &&
      (x[i] === this.lower[i] || x[i] === this.upper[i] || (ball > 0 && x[i] === l1?.center[i]));
    if (l1 !== undefined && ball > 0)
      rows.push(Float64Array.from({ length: k }, (_, i) => Math.sign(h[i] - l1.center[i])));
    return { free: [...h.keys()].filter((i) => !held(i)), rows };
  }

  #nearest(y: Float64Array): Nearest | undefined {
    const { l1 } = this.region;
    const rows = [this.#sum, ...this.rows];
    return l1 === undefined
      ? nearest(y, this.lower, this.upper, rows)
      : nearestInBall(y, this.lower, this.upper, rows, l1.center, l1.radius);
  }

  /** Largest violation, the simplex included. */
  violation(h: Float64Array): number {
    const { l1, limits } = this.region;
    const value = (c: Float64Array): number => c.reduce((sum, x, i) => sum + x * h[i], 0);
    let most = Math.abs(h.reduce((a, b) => a + b, 0) - 1);
    for (const x of h) most = Math.max(most, -x);
    for (const { coefficients, min, max } of limits)
      most = Math.max(most, min - value(coefficients), value(coefficients) - max);
    if (l1 !== undefined)
      most = Math.max(
        most,
        h.reduce((sum, x, i) => sum + Math.abs(x - l1.center[i]), 0) - l1.radius,
      );
    return most;
  }

  /**
   * Undefined when there are feasible mixtures; otherwise a smallest set of constraints that cannot
   * hold together: without any one of them the others can.
   */
  conflict(): readonly string[] | undefined {
    if (this.#possible()) return undefined;
    let { limits, l1 } = this.region;
    const empty = (some: readonly Limit[], ball: LinearRegion["l1"]): boolean =>
      !new Polytope({ ...this.region, limits: some, l1: ball }).#possible();
    if (l1 !== undefined && empty(limits, undefined)) l1 = undefined;
    // The loosest go first, so that few tight ones are left to name rather than many that add up to
    // as much.
    const tightness = ({ min, max }: Limit): number => Math.max(min, 1 - max);
    for (const limit of limits.toSorted((a, b) => tightness(a) - tightness(b))) {
      const others = limits.filter((other) => other !== limit);
      if (empty(others, l1)) limits = others;
    }
    return [...limits.map((limit) => limit.name), ...(l1 === undefined ? [] : [l1.name])];
  }

  #possible(): boolean {
    if (this.lower.some((low, i) => low > this.upper[i])) return false;
    if (this.rows.length === 0 && this.region.l1 === undefined) {
      // Sums of decimals round.
      const [least, most] = [this.lower, this.upper].map((bounds) =>
        bounds.reduce((a, b) => a + b, 0),
      );
      return least <= 1 + 1e-12 && most >= 1 - 1e-12;
    }
    const center = new Float64Array(this.lower.length).fill(1 / this.lower.length);
    return this.#nearest(center) !== undefined;
  }
}
