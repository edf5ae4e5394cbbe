/** Registered plans beside the runs that were trained since. */
import * as v from "valibot";
import { InputError } from "../base/errors.ts";
import { itemAt } from "../base/known.ts";
import { option } from "../base/option-text.ts";
import { VERSION } from "../base/version.ts";
import { type RunsOrRows, runsFrom } from "../data/runs/runs.ts";
import {
  anObject,
  aText,
  type EntriesOf,
  numberThat,
  readOptions,
} from "../options/option-schema.ts";
import { checkVerdict } from "./check-findings.ts";
import { matchRuns } from "./match-runs.ts";
import { calibrationOf, type CheckedRun, checkedRun, measuredLosses } from "./measured-losses.ts";
import type { PlanCheck } from "./plan-check.ts";
import type { Plan } from "./plan.ts";
import { checkedPlan } from "./plan-file.ts";
import { checkedLaws, checkedPoints } from "./regrets.ts";

/** What is asked of `check`. */
export interface CheckOptions {
  /**
   * How far N, D and other inputs of a run may be from the registered ones, relatively. Default
   * 0.01.
   */
  readonly within?: number;
  /**
   * The SHA-256 that was written down when the plan was registered, or the beginning of it, of 8
   * digits or more: every plan must have it.
   */
  readonly hash?: string;
}

const CHECK = anObject({
  within: v.optional(
    numberThat((x) => x >= 0 && x < 1, "it must be a number from 0 to 1, such as 0.01"),
    0.01,
  ),
  hash: v.optional(
    v.pipe(aText, v.regex(/^[0-9a-f]{8,64}$/i, "it must be a SHA-256, 8 to 64 hexadecimal digits")),
  ),
} satisfies EntriesOf<CheckOptions>);

/**
 * Compares registered plans with runs: which measured losses lie inside of their registered
 * intervals, what choosing by each law would have cost among the mixtures that were trained, and
 * how often intervals of each level held. Runs are found by N, D and the mixture.
 *
 * @param plans one, or several that are to be counted together
 * @param runs the `train` rows of runs, or rows as plain objects
 * @throws InputError for a plan that was changed, and where no run is a registered one.
 * @example check(parsePlan(text, "plan.json"), await readRuns("runs.csv")).verdict.status
 */
export function check(
  plans: Plan | readonly Plan[],
  runs: RunsOrRows,
  options: CheckOptions = {},
): PlanCheck {
  const { within, hash } = readOptions("check", CHECK, options);
  const all = ((Array.isArray(plans) ? plans : [plans]) as readonly Plan[]).map((plan) => checkedPlan(plan)); // prettier-ignore
  if (all.length === 0) throw new InputError("check needs a plan, and got none.");
  for (const plan of all) checkHash(plan, hash);
  const table = runsFrom(runs);
  const matches = matchRuns(all, table, within);
  const found = matches.map((match) => checkedRun(match, itemAt(all, match.plan), table));
  const losses = found.flatMap((run) => measuredLosses(itemAt(all, run.plan), run));
  if (losses.length === 0)
    throw new InputError(
      `${table.source} has none of the losses that are registered: ${Object.keys(all[0]?.laws ?? {}).join(", ")}`,
      { file: table.source },
    );
  const points = checkedPoints(all, found);
  const laws = checkedLaws(losses, points);
  const calibration = calibrationOf(all, found);
  const matched = new Set(matches.map(({ run }) => run)).size;
  const untrained = untrainedOf(all, found);
  const runsSeen = { registered: matched, others: table.train.rows - matched };
  const parts = { plans: all, losses, points, laws, calibration, untrained, runs: runsSeen };
  return {
    schema: "mixlaw/check@1",
    version: VERSION,
    verdict: checkVerdict(parts),
    plans: all.map((plan) => plan.sha256),
    runs: { source: table.source, sha256: table.sha256, ...runsSeen },
    losses,
    points,
    laws,
    calibration,
    untrained,
  };
}

function checkHash(plan: Plan, wanted: string | undefined): void {
  if (wanted === undefined || plan.sha256.startsWith(wanted.toLowerCase())) return;
  throw new InputError(
    `the plan is not the one that was written down: its SHA-256 is ${plan.sha256}, and ${option("hash", wanted)} is asked for. Use the file as it was registered.`,
    { option: "hash" },
  );
}

/** Registered mixtures that no run is of. */
const untrainedOf = (
  plans: readonly Plan[],
  runs: readonly CheckedRun[],
): PlanCheck["untrained"] => {
  const trained = new Set(runs.map(({ mixture }) => mixture));
  return plans.flatMap(({ points }, plan) =>
    points.flatMap(
      ({ mixtures }, point) =>
      mixtures.filter((each) => !trained.has(each)).map(({ name }) => ({ plan, point, mixture: name })), // prettier-ignore
    ),
  );
};
