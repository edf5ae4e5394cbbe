/** What `check` says of plans, `mixlaw/check@1`. */
import type { Verdict } from "../base/verdict.ts";
import type { Interval } from "../stats/interval.ts";
import type { RegisteredPoint } from "./plan.ts";

/**
 * "inside": every measured loss that has an interval lies inside, by the law that its plan goes by.
 * "outside": some do not. "no-intervals": none has an interval of two ends to lie in.
 */
export type CheckStatus = "inside" | "outside" | "no-intervals";

/** A loss that was measured, beside what was registered of it. */
export interface MeasuredLoss {
  /** Which plan, from 0. */
  readonly plan: number;
  /** Which of its points, from 0. */
  readonly point: number;
  /** The name of the mixture. */
  readonly mixture: string;
  /** The data row of the table, from 1. */
  readonly row: number;
  /** The law that predicted it. */
  readonly law: string;
  /** Whether that is the law that the plan goes by. */
  readonly isPlans: boolean;
  /** The loss column. */
  readonly target: string;
  /** What the run gave. */
  readonly measured: number;
  /** What was registered. */
  readonly predicted: number;
  /** Its interval at the plan's level. */
  readonly interval: Interval;
  /** Whether the measured loss lies inside; null without an interval. */
  readonly inside: boolean | null;
}

/** A registered mixture that was trained. */
export interface MeasuredMixture {
  /** Its name in the plan. */
  readonly name: string;
  /** How many runs of it there are. */
  readonly runs: number;
  /** The goal by its measured losses, the mean over its runs. */
  readonly objective: number;
  /** The goal as it was registered, by the laws that predicted all of it, the plan's first. */
  readonly registered: readonly RegisteredGoal[];
}

/** What a law promised of the goal at a mixture. */
export interface RegisteredGoal {
  /** Its name. */
  readonly law: string;
  /** The goal by its predicted losses. */
  readonly objective: number;
}

/** What going by a law would have cost. */
export interface LawRegret {
  /** Its name. */
  readonly law: string;
  /** Of the trained mixtures, the one for which it predicted the least objective. */
  readonly choice: string;
  /** How much larger the measured objective of that one is than that of the best. */
  readonly regret: number;
}

/** A point of a plan where mixtures were trained. */
export interface CheckedPoint {
  /** Which plan, from 0. */
  readonly plan: number;
  /** Which of its points, from 0. */
  readonly point: number;
  /** N, D and other inputs. */
  readonly at: RegisteredPoint["at"];
  /** The trained mixtures whose objective is known, the best first. */
  readonly trained: readonly MeasuredMixture[];
  /** By law, where two mixtures or more were trained; the law that the plan goes by first. */
  readonly regrets: readonly LawRegret[];
}

/** How a law did, over all plans. */
export interface CheckedLaw {
  /** Its name. */
  readonly law: string;
  /** Whether a plan goes by it. */
  readonly isPlans: boolean;
  /** How many losses it predicted that were measured. */
  readonly losses: number;
  /** Mean of |predicted − measured|/measured, in percent. */
  readonly mrePercent: number;
  /** Mean of (predicted − measured)/measured, in percent. */
  readonly biasPercent: number;
  /** Mean regret over the points where two mixtures or more were trained; null without such. */
  readonly regret: number | null;
  /** At how many points its choice was the best of those that were trained. */
  readonly right: number;
  /** Points where two mixtures or more were trained. */
  readonly points: number;
}

/** How often a law's intervals of one level held a target's measured losses, over all plans. */
export interface CalibrationRow {
  /** Its name. */
  readonly law: string;
  /** The loss column. */
  readonly target: string;
  /** Of the intervals. */
  readonly level: number;
  /** Measured losses inside. */
  readonly inside: number;
  /** Measured losses with an interval of two ends. */
  readonly losses: number;
}

/** Registered plans beside the runs that were trained, `mixlaw/check@1`. */
export interface PlanCheck {
  /** Name and version of the format. */
  readonly schema: "mixlaw/check@1";
  /** The version of mixlaw that wrote it. */
  readonly version: string;
  /** What may be said, with the reasons. */
  readonly verdict: Verdict<CheckStatus>;
  /** The hash of each plan. */
  readonly plans: readonly string[];
  /** The table of runs. */
  readonly runs: {
    /** How messages name it. */
    readonly source: string;
    /** SHA-256 of its bytes. */
    readonly sha256: string;
    /** Runs that are registered ones. */
    readonly registered: number;
    /** Runs that are none of the plans'. */
    readonly others: number;
  };
  /** Every measured loss by every law. */
  readonly losses: readonly MeasuredLoss[];
  /** Every point where a registered mixture was trained. */
  readonly points: readonly CheckedPoint[];
  /** The laws, that with the least regret first. */
  readonly laws: readonly CheckedLaw[];
  /** By law, target and level. */
  readonly calibration: readonly CalibrationRow[];
  /** Registered mixtures without a run, by plan and point. */
  readonly untrained: readonly Pick<MeasuredLoss, "plan" | "point" | "mixture">[];
}
