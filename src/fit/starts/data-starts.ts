/**
 * Starts of laws whose parameters nothing is known of: typed formulas. A start is the best of some
 * draws. Of a draw the nonlinear coordinates are of the data's sizes (`naturalSizes`), and the
 * linear ones are solved for.
 */
import type { Runs } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { type Stream, stream } from "../../random/rng.ts";
import { PURPOSE, randomStarts, type StartSource } from "../search/starts.ts";
import { type LinearLaw, linearLaw, linearRows, LinearSolve } from "./linear-solve.ts";
import { type NaturalSizes, naturalSizes } from "./natural-sizes.ts";
import { sampleRows, spacedRows } from "./sample-rows.ts";
import { spreadOf } from "./spread.ts";

/** Draws of which the best is a start; of hops. */
const DRAWS = { random: 16, hop: 4 } as const;
/** Random numbers that a coordinate takes of a draw. */
const LANES = 8;
/** Rows that say how large things are. */
const SIZED_ROWS = 48;
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

/** By which power of ten a size is missed. */
function decades(draws: Stream, n: number, lane: number): number {
  const isFar = draws.uniform(n, lane + 3) < DECADES.farShare;
  return (isFar ? DECADES.far : DECADES.most) * draws.normal(n, lane + 4);
}

/** What is needed to draw starts of one target. */
interface Target {
  readonly solver: LinearSolve;
  readonly sizes: readonly NaturalSizes[];
  /** Coordinates that are drawn. */
  readonly drawn: readonly number[];
}

/** Starts of a law at these runs. */
export class DataStarts implements StartSource {
  readonly #targets = new Map<number, Target>();
  #law: LinearLaw | undefined;

  constructor(
    readonly law: BoundLaw,
    readonly runs: Runs,
    readonly scales: readonly LossScale[],
    readonly settings: FitSettings,
  ) {}

  random(target: number, seed: number, count: number, first = 0): Float64Array[] {
    const draws = stream(seed, PURPOSE.fromData);
    const ranged = randomStarts(this.law, this.scales[target], seed, count, first);
    const { sizes, drawn } = this.#target(target);
    const point = new Float64Array(this.law.size);
    return ranged.map((start, i) => {
      const draw = (n: number): Float64Array => {
        point.set(start);
        for (const j of drawn) if (this.#isSized(j)) point[j] = this.#drawn(sizes[j], draws, n, j);
        return point;
      };
      return this.#best(target, DRAWS.random, (k) => draw((first + i) * DRAWS.random + k), start);
    });
  }

  hops(
    target: number,
    seed: number,
    first: number,
    points: readonly Float64Array[],
    count: number,
  ): Float64Array[] {
    const draws = stream(seed, PURPOSE.hopFromData);
    const point = new Float64Array(this.law.size);
    const { sizes, drawn } = this.#target(target);
    return Array.from({ length: count }, (_, j) => {
      const from = points[j % points.length];
      const turn = Math.floor(j / points.length);
      const hop = (n: number): Float64Array => {
        point.set(from);
        const one = drawn[draws.integer(n, LANES * this.law.size, Math.max(1, drawn.length))];
        if (turn % 2 === 1 && one !== undefined && this.#isSized(one))
          point[one] = this.#drawn(sizes[one], draws, n, one);
        else
          for (const i of drawn) {
            const spread = HOP_SPREADS[Math.floor(turn / 2) % HOP_SPREADS.length];
            point[i] += spread * Math.abs(point[i] || 1) * draws.normal(n, LANES * i);
          }
        for (let i = 0; i < point.length; i++) point[i] = this.#clamped(point[i], i);
        return point;
      };
      return this.#best(target, DRAWS.hop, (k) => hop((first + j) * DRAWS.hop + k), from);
    });
  }

  /** The best of some draws, solved; `other` where none has a value. */
  #best(
    target: number,
    count: number,
    draw: (k: number) => Float64Array,
    other: Float64Array,
  ): Float64Array {
    const { solver } = this.#target(target);
    const best = other.slice();
    let least = Infinity;
    for (let k = 0; k < count; k++) {
      const cost = solver.judge(draw(k));
      if (cost >= least) continue;
      least = cost;
      best.set(solver.solution);
    }
    if (least === Infinity) return other;
    solver.judge(best, true);
    return solver.solution.slice();
  }

  /** A coordinate's value of draw `n`. */
  #drawn(natural: NaturalSizes, draws: Stream, n: number, i: number): number {
    const { sizes, places, periodic, even } = natural;
    const lane = LANES * i;
    const pick = (list: readonly number[], at: number): number =>
      list[draws.integer(n, lane + at, list.length)];
    if (places.length > 0 && draws.uniform(n, lane) < PLACES.share) {
      const [a, b] = [pick(places, 1), pick(places, 2)];
      const t = (1 + 2 * PLACES.beyond) * draws.uniform(n, lane + 3) - PLACES.beyond;
      return this.#clamped(a + t * (b - a), i);
    }
    const value =
      periodic === 0
        ? (sizes.length === 0 ? 1 : pick(sizes, 1)) * 10 ** decades(draws, n, lane)
        : this.#frequency(natural, draws.uniform(n, lane + 3));
    const isNegative = !even && periodic === 0 && draws.uniform(n, lane + 2) < 0.5;
    const signed = isNegative ? -value : value;
    const { lower, upper } = this.law;
    return signed >= lower[i] && signed <= upper[i] ? signed : this.#clamped(-signed, i);
  }

  /**
   * A frequency, or a period: from a part of a turn over all the data to half a turn from row to
   * row. Higher ones look the same at rows that are evenly spaced.
   */
  #frequency({ sizes, periodic }: NaturalSizes, share: number): number {
    const slowest = periodic === 1 ? Math.min(...sizes) : Math.max(...sizes);
    const most = Math.log10(TURN_SHARE * Math.max(4, this.runs.train.rows));
    const power = SLOWEST + (most - SLOWEST) * share;
    return slowest * 10 ** (periodic * power);
  }

  #clamped(x: number, i: number): number {
    return Math.min(Math.max(x, this.law.lower[i]), this.law.upper[i]);
  }

  /** Whether the data, and no range, say where a coordinate starts. */
  #isSized(i: number): boolean {
    return this.law.coordinates[i].spec.startKind === "data";
  }

  #target(target: number): Target {
    const known = this.#targets.get(target);
    if (known !== undefined) return known;
    const { law, runs, settings } = this;
    const losses = runs.train.losses[target];
    const spread = spreadOf(losses);
    this.#law ??= linearLaw(law, settings);
    const own = { train: runs.train, target };
    const judged = linearRows(this.#law, own, law.domains.length, spread, settings.residual);
    const solver = new LinearSolve(this.#law, judged);
    const rows = sampleRows(runs.train, law.domains.length, spacedRows(losses, SIZED_ROWS));
    const isLinear = new Set(this.#law.linear.map(({ index }) => index));
    const ready = {
      solver,
      sizes: naturalSizes(law, rows, spread),
      drawn: [...law.coordinates.keys()].filter((i) => !isLinear.has(i)),
    };
    this.#targets.set(target, ready);
    return ready;
  }
}
