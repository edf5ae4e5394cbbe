/** Starts of laws whose parameters nothing is known of: typed formulas. */
import type { Runs } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { Drawer, type LawDraws, type StartSource, type TargetDraws } from "./draws.ts";
import { linearLaw, linearRows } from "./linear-solve.ts";
import { SizeFinder } from "./natural-sizes.ts";
import { rowSampler, type SampleRows } from "./sample-rows.ts";
import { spreadOf } from "./spread.ts";
import { rangesOf } from "./starts.ts";

/** Rows that say how large things are. */
const SIZED_ROWS = 48;

/** Starts of a law at these runs. */
export class DataStarts implements StartSource {
  readonly #drawers = new Map<number, Drawer>();
  #draws: LawDraws | undefined;
  readonly #finder: SizeFinder;
  readonly #rowsOf: (losses: Float64Array) => SampleRows;

  constructor(
    readonly law: BoundLaw,
    readonly runs: Runs,
    readonly scales: readonly LossScale[],
    readonly settings: FitSettings,
  ) {
    this.#finder = new SizeFinder(law);
    this.#rowsOf = rowSampler(runs.train, law.shares.length, SIZED_ROWS);
  }

  random(target: number, seed: number, count: number, first = 0): Float64Array[] {
    return this.drawer(target).draw({ seed, first, count });
  }

  hops(
    target: number,
    seed: number,
    first: number,
    points: readonly Float64Array[],
    count: number,
  ): Float64Array[] {
    return this.drawer(target).draw({ seed, first, count, from: points });
  }

  drawer(target: number): Drawer {
    const known = this.#drawers.get(target);
    if (known !== undefined) return known;
    this.#draws ??= this.#drawsOfLaw();
    const drawer = new Drawer(this.#draws, this.#drawsOf(target, this.#draws));
    this.#drawers.set(target, drawer);
    return drawer;
  }

  #drawsOfLaw(): LawDraws {
    const { law, runs, settings } = this;
    const linear = linearLaw(law, settings);
    const isLinear = new Set(linear.linear.map(({ index }) => index));
    return {
      linear,
      drawn: [...law.coordinates.keys()].filter((i) => !isLinear.has(i)),
      sized: law.coordinates.map(({ spec }) => spec.startKind === "data"),
      runs: runs.train.rows,
    };
  }

  #drawsOf(target: number, { linear }: LawDraws): TargetDraws {
    const { law, runs, scales, settings } = this;
    const { train } = runs;
    const domains = law.shares.length;
    const losses = train.losses[target];
    const spread = spreadOf(losses);
    return {
      rows: linearRows(linear, { train, target }, domains, spread, settings.residual),
      sizes: this.#finder.find(this.#rowsOf(losses), spread),
      ranges: rangesOf(law, scales[target]),
    };
  }
}
