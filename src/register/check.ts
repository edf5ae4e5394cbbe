/** Registered plans beside the runs that were trained since. */
import * as v from "valibot";
import { InputError } from "../base/errors.ts";
import { itemAt } from "../base/known.ts";
import { option } from "../base/option-text.ts";
import { listed } from "../base/wording.ts";
import { VERSION } from "../base/version.ts";
import { type RunsOrRows, runsFrom } from "../data/runs/runs.ts";
import {
  anObject,
  aText,
  type EntriesOf,
  listOf,
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
   * digits or more. Of several plans the hash of each, in any order.
   */
  readonly hash?: string | readonly string[];
}

const HASH = "it must be a SHA-256, 8 to 64 hexadecimal digits, or a list of them";

const CHECK = anObject({
  within: v.optional(
    numberThat((x) => x >= 0 && x < 1, "it must be a number from 0 to 1, such as 0.01"),
    0.01,
  ),
  hash: v.optional(
    v.pipe(
      v.union([aText, listOf(aText)], HASH),
      v.check((hashes) => [hashes].flat().every((hash) => /^[0-9a-f]{8,64}$/i.test(hash)), HASH),
    ),
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
  checkHashes(all, [hash ?? []].flat());
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

/** Each plan has one of the hashes, and each hash is one of a plan; none are asked for by none. */
function checkHashes(plans: readonly Plan[], wanted: readonly string[]): void {
  if (wanted.length === 0) return;
  const isOf = (plan: Plan, hash: string): boolean => plan.sha256.startsWith(hash.toLowerCase());
  const asked = listed(wanted.map((hash) => option("hash", hash)));
  const number = plans.findIndex((plan) => !wanted.some((hash) => isOf(plan, hash)));
  const odd = plans[number];
  if (odd !== undefined) {
    const which = plans.length === 1 ? "the plan" : `plan ${number + 1} of ${plans.length}`;
    const remedy =
      plans.length === 1
        ? "Use the file as it was registered."
        : `Use the file as it was registered, and give the hash of each plan.`;
    throw new InputError(
      `${which} is not the one that was written down: its SHA-256 is ${odd.sha256}, and ${asked} ${wanted.length === 1 ? "is" : "are"} asked for. ${remedy}`,
      { option: "hash" },
    );
  }
  const spare = wanted.find((hash) => !plans.some((plan) => isOf(plan, hash)));
  if (spare === undefined) return;
  throw new InputError(
    `no plan has the hash of ${option("hash", spare)}: their SHA-256 are ${listed(plans.map(({ sha256 }) => sha256))}. Give the plan that it was written down of too.`,
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
