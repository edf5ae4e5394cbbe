/**
 * Starts that the data give: a start is the best of some draws. Of a draw the nonlinear coordinates
 * are of the data's sizes (`SizeFinder`), and the linear ones are solved for. Plain data in,
 * points out, so that threads can do it: there are hundreds of starts a target, and thousands of
 * solutions.
 */
import { type Stream, stream } from "../../random/rng.ts";
import { type LinearLaw, type LinearRows, LinearSolve } from "./linear-solve.ts";
import type { NaturalSizes } from "./natural-sizes.ts";
import { PURPOSE, type Ranges, uniformIn } from "./starts.ts";

/** Draws of which the best is a start; of hops. */
const DRAWS = { random: 16, hop: 4 } as const;
/** Random numbers that a coordinate takes of a draw. */
const LANES = 8;
/** Draws in places where there are some; and how far beyond the data's ends. */
const PLACES = { share: 0.5, beyond: 0.1 } as const;
/** Standard deviations of ln₁₀ of sizes: of most, and of some that go far. */
const DECADES = { most: 0.7, far: 3, farShare: 0.15 } as const;
/**
 * Frequencies begin at 10 to this times the size at which the argument changes by about 1; the
 * highest is this share of the rows times it: n rows over 3.5 standard deviations, half a turn
 * each.
 */
const SLOWEST = -0.5;
const TURN_SHARE = Math.PI / 3.5;
/** Shares of a coordinate by which hops move it. */
const HOP_SPREADS = [0.05, 0.2, 0.6] as const;

/** What starts of a law's targets are drawn from. Plain data. */
export interface LawDraws {
  readonly linear: LinearLaw;
  /** Coordinates that are drawn: the law is not linear in them. */
  readonly drawn: readonly number[];
  /** By coordinate: whether the data, and no range, say where it starts. */
  readonly sized: readonly boolean[];
  /** How many runs there are. */
  readonly runs: number;
}

/** What those of one target are drawn from. Plain data. */
export interface TargetDraws {
  readonly rows: LinearRows;
  /** By coordinate. */
  readonly sizes: readonly NaturalSizes[];
  readonly ranges: Ranges;
}

/** Which starts are to be drawn: numbers `first` … `first` + `count` − 1. */
export interface Numbers {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** Hops are drawn, from each of these points in turn; undefined for random starts. */
  readonly from?: readonly Float64Array[];
  /** The number of the first of these hops among those of its round; 0 without it. */
  readonly place?: number;
}

/** What random starts and hops of a search are drawn by. */
export interface StartSource {
  /** Random starts `first` … `first` + `count` − 1 of a target. */
  random(target: number, seed: number, count: number, first?: number): Float64Array[];
  /**
   * Basin hopping from the best points so far: hops `first` … `first` + `count` − 1 of a target.
   */
  hops(
    target: number,
    seed: number,
    first: number,
    points: readonly Float64Array[],
    count: number,
  ): Float64Array[];
  /** What draws a target's starts, where they take long; threads can do it. */
  drawer?(target: number): Drawer;
}

/** Draws starts of one target. */
export class Drawer {
  /** Made when it is to draw: there may be threads that do. */
  #made: LinearSolve | undefined;
  /** The draw that is judged. */
  readonly #point: Float64Array;

  constructor(
    readonly law: LawDraws,
    readonly target: TargetDraws,
  ) {
    this.#point = new Float64Array(law.sized.length);
  }

  get #solver(): LinearSolve {
    return (this.#made ??= new LinearSolve(this.law.linear, this.target.rows));
  }

  /** The starts of these numbers: pure functions of them. */
  draw({ seed, first, count, from, place = 0 }: Numbers): Float64Array[] {
    const { ranges } = this.target;
    if (from === undefined) {
      const draws = stream(seed, PURPOSE.fromData);
      const ranged = stream(seed, PURPOSE.random);
      return Array.from({ length: count }, (_, i) => {
        const start = uniformIn(ranges, ranged, first + i);
        return this.#best(start, DRAWS.random, (k) =>
          this.#drawAll(draws, (first + i) * DRAWS.random + k),
        );
      });
    }
    const draws = stream(seed, PURPOSE.hopFromData);
    return Array.from({ length: count }, (_, i) => {
      const start = from[(place + i) % from.length];
      const turn = Math.floor((place + i) / from.length);
      return this.#best(start, DRAWS.hop, (k) =>
        this.#hop(draws, (first + i) * DRAWS.hop + k, turn),
      );
    });
  }

  /**
   * The best of some draws, solved; the start where none has a value. `draw` moves the point, which
   * is the start before.
   */
  #best(start: Float64Array, count: number, draw: (k: number) => void): Float64Array {
    const [solver, point] = [this.#solver, this.#point];
    const { drawn, linear } = this.law;
    const best = start.slice();
    let [least, isSolved] = [Infinity, true];
    for (let k = 0; k < count; k++) {
      point.set(start);
      draw(k);
      const cost = solver.judge(point, least);
      if (cost >= least) continue;
      least = cost;
      best.set(solver.solution);
      isSolved = linear.isSquared && drawn.every((i) => best[i] === point[i]);
    }
    if (isSolved) return best;
    solver.judgeRobustly(best);
    return solver.solution.slice();
  }

  /** Draw `n` of a random start. */
  #drawAll(draws: Stream, n: number): void {
    const { drawn, sized } = this.law;
    for (const i of drawn) if (sized[i]) this.#point[i] = this.#drawn(draws, n, i);
  }

  /** Draw `n` of a hop: every other one moves one coordinate anywhere, the others all. */
  #hop(draws: Stream, n: number, turn: number): void {
    const { drawn, sized } = this.law;
    const point = this.#point;
    const one = drawn[draws.integer(n, LANES * sized.length, Math.max(1, drawn.length))];
    if (turn % 2 === 1 && one !== undefined && sized[one]) point[one] = this.#drawn(draws, n, one);
    else
      for (const i of drawn) {
        const spread = HOP_SPREADS[Math.floor(turn / 2) % HOP_SPREADS.length];
        point[i] += spread * Math.abs(point[i] || 1) * draws.normal(n, LANES * i);
      }
    for (let i = 0; i < point.length; i++) point[i] = this.#clamped(point[i], i);
  }

  /** A coordinate's value of draw `n`. */
  #drawn(draws: Stream, n: number, i: number): number {
    const { sizes, places, periodic, even } = this.target.sizes[i];
    const lane = LANES * i;
    const pick = (list: Float64Array, at: number): number =>
      list[draws.integer(n, lane + at, list.length)];
    if (places.length > 0 && draws.uniform(n, lane) < PLACES.share) {
      const [a, b] = [pick(places, 1), pick(places, 2)];
      const t = (1 + 2 * PLACES.beyond) * draws.uniform(n, lane + 3) - PLACES.beyond;
      return this.#clamped(a + t * (b - a), i);
    }
    const value =
      periodic === 0
        ? (sizes.length === 0 ? 1 : pick(sizes, 1)) * 10 ** decades(draws, n, lane)
        : this.#frequency(this.target.sizes[i], draws.uniform(n, lane + 3));
    const isNegative = !even && periodic === 0 && draws.uniform(n, lane + 2) < 0.5;
    const signed = isNegative ? -value : value;
    const { lower, upper } = this.law.linear;
    return signed >= lower[i] && signed <= upper[i] ? signed : this.#clamped(-signed, i);
  }

  /**
   * A frequency, or a period: from a part of a turn over all the data to half a turn from row to
   * row. Higher ones look the same at rows that are evenly spaced.
   */
  #frequency({ sizes, periodic }: NaturalSizes, share: number): number {
    const slowest = periodic === 1 ? Math.min(...sizes) : Math.max(...sizes);
    const most = Math.log10(TURN_SHARE * Math.max(4, this.law.runs));
    const power = SLOWEST + (most - SLOWEST) * share;
    return slowest * 10 ** (periodic * power);
  }

  #clamped(x: number, i: number): number {
    const { lower, upper } = this.law.linear;
    return Math.min(Math.max(x, lower[i]), upper[i]);
  }
}

/** By which power of ten a size is missed. */
function decades(draws: Stream, n: number, lane: number): number {
  const isFar = draws.uniform(n, lane + 3) < DECADES.farShare;
  return (isFar ? DECADES.far : DECADES.most) * draws.normal(n, lane + 4);
}
