/** A search under way: what it was asked, and what it has of every target. */
import type { Watch } from "../../base/watch.ts";
import { mean } from "../../stats/moments.ts";
import type { FitSettings, Progress } from "../../options/fit-options.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import { type Candidate, distinct, Field, type Origin } from "./candidates.ts";
import type { Pool } from "./pool.ts";
import type { Further, Problem, Searcher, Start, StartEnd } from "./problem.ts";
import type { Numbers, StartSource } from "../starts/draws.ts";

/** A law and its problem, with what is known of where its best fit may be. */
export interface SearchTask {
  readonly law: BoundLaw;
  readonly problem: Problem;
  /** One a target. */
  readonly scales: readonly LossScale[];
  /** Those of the targets that are searched. */
  readonly targets: readonly number[];
  /** Smaller laws' fits in this law's coordinates, by target. */
  readonly nested: readonly (readonly Float64Array[])[];
  /** Starts that a user gives, for every target. */
  readonly given: readonly Float64Array[];
  readonly settings: FitSettings;
  readonly source: StartSource;
  /**
   * Whether its best fits are only to be starts of a larger law's search: the first random starts
   * are enough then. Default false.
   */
  readonly isForStarts?: boolean;
}

/** A start, and where it comes from. */
export type OriginatedStart = Start & { readonly origin: Origin };

/** Shares of a search's progress at which its stages end. */
export const STAGE_ENDS = { screen: 0.55, hops: 0.85, leaders: 0.95, all: 1 } as const;

export class SearchState {
  /** By target: what became of the starts. */
  readonly screened: readonly Field[];
  /** By target: what became of hops. */
  readonly hopped: readonly Field[];
  /**
   * The objective that progress shows: the best, the mean over targets, before the present stage.
   */
  shownBest: number | undefined;

  constructor(
    readonly task: SearchTask,
    readonly searcher: Searcher,
    readonly pool: Pool,
    readonly signal: AbortSignal | undefined,
    readonly report: (progress: Progress) => void,
  ) {
    this.screened = task.scales.map(() => new Field());
    this.hopped = task.scales.map(() => new Field());
  }

  get isStopped(): boolean {
    return this.signal?.aborted === true;
  }

  /** The distinct best candidates of a target, best first. */
  leaders(target: number): Candidate[] {
    return distinct([...this.screened[target].leaders, ...this.hopped[target].leaders]);
  }

  /** The best objective so far, the mean over the targets that have one; undefined without any. */
  meanBest(): number | undefined {
    const least = this.screened
      .map((field, target) => Math.min(field.least, this.hopped[target].least))
      .filter(Number.isFinite);
    return least.length === 0 ? undefined : mean(least);
  }

  /**
   * What reports a stage's progress, as the part of the search's from `from` to `to`; `count`: the
   * starts that it follows.
   */
  watch(stage: Progress["stage"], from: number, to: number, count?: number): Watch {
    const law = this.task.law.law.name;
    return {
      signal: this.signal,
      tick: (done) => {
        const best = this.shownBest === undefined ? {} : { best: this.shownBest };
        const starts = count === undefined ? {} : { starts: { count, done } };
        this.report({ law, stage, fraction: from + done * (to - from), ...best, ...starts });
      },
    };
  }

  /** Random starts or hops of some targets, drawn on threads where they take long. */
  async draw(
    wanted: readonly { readonly target: number; readonly numbers: Numbers }[],
    watch: Watch,
  ): Promise<Float64Array[][]> {
    const { source } = this.task;
    const drawings = wanted.flatMap(({ target, numbers }) => {
      const drawer = source.drawer?.(target);
      return drawer === undefined ? [] : [{ drawer, numbers }];
    });
    if (drawings.length > 0) return this.pool.draw(drawings, watch);
    return wanted.map(({ target, numbers: { seed, first, count, from } }) =>
      from === undefined
        ? source.random(target, seed, count, first)
        : source.hops(target, seed, first, from, count),
    );
  }

  /**
   * What becomes of starts in two stages that the searcher does at once, and which of them went on;
   * undefined where it does not.
   */
  async screen(
    starts: readonly OriginatedStart[],
    iterations: number,
    further: Further,
    watch: Watch,
  ): Promise<{ candidates: Candidate[]; wentOn: ReadonlySet<number> } | undefined> {
    const { problem } = this.task;
    const screened = await this.searcher.screen?.(problem, starts, iterations, further, watch);
    if (screened === undefined) return undefined;
    return { candidates: candidatesOf(starts, screened.ends), wentOn: screened.wentOn };
  }

  /** What becomes of starts. */
  async run(
    starts: readonly OriginatedStart[],
    iterations: number,
    watch: Watch,
  ): Promise<Candidate[]> {
    const ends = await this.searcher.search(this.task.problem, starts, iterations, watch);
    return candidatesOf(starts, ends);
  }
}

/** Written out: with a million ends, spreading each is most of what the host does with them. */
const candidatesOf = (starts: readonly OriginatedStart[], ends: readonly StartEnd[]): Candidate[] =>
  ends.map(({ theta, objective, lambda, ending }, i) => {
    const { target, origin } = starts[i];
    return { target, origin, theta, objective, lambda, ending };
  });
