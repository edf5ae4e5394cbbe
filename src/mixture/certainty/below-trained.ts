/**
 * Shares of an optimum below any that a run had. Above the largest one trained there is a limit;
 * below the least there is none, as most tables go down to 0. Where they do not, a law goes on by
 * its formula alone: with a small exponent the loss may rise by any amount between the least share
 * and 0, and no run tells.
 */
import { itemAt } from "../../base/known.ts";
import { number, percent, roundedUp } from "../../base/format-number.ts";
import { option } from "../../base/option-text.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import { shorten } from "../../base/wording.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { violationsOf } from "./candidates.ts";
import { leastTrained, TRAINED_FACTOR } from "../constraints/kinds/trained-shares.ts";
import { lawValue } from "../goal/goal.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import { inPhases, namesAt } from "../space/space.ts";

/** Runs with less of a domain than this are as good as runs without it. */
const NEXT_TO_NONE = 0.005;
/** Domains that are named in one sentence. */
const NAMED = 8;
/** Of the shares and the cost that are told. */
const DIGITS = 2;

interface LowShare {
  readonly domain: string;
  /** Its place. */
  readonly i: number;
  /** In its phase, as the least trained share is. */
  readonly share: number;
  readonly least: number;
  /** The least trained share as it is told, not below it. */
  readonly floor: number;
}

/**
 * The shares that are below the least trained one by more than the factor by which they may be
 * above the largest, and what keeping to the least would cost by the law, at most.
 * @param h the mixture that is recommended
 */
export function belowTrainedFindings(
  { data }: FitFile,
  problem: Problem,
  { constraints }: OptimizeOptions,
  h: Float64Array,
): Finding[] {
  // Of very many mixtures a file lists some, and others may have less.
  if (data.distinctMixtures !== undefined) return [];
  const { domains, space } = problem;
  const least = leastTrained(data.mixtures.map(({ weights }) => weights), space); // prettier-ignore
  const shares = inPhases(space, h);
  const isFixed = (i: number): boolean =>
    namesAt(space, i).some((name) => Object.hasOwn(constraints?.fixed ?? {}, name));
  const low = domains.flatMap((domain, i): LowShare[] => {
    const from = itemAt(least, i);
    const isLow = from >= NEXT_TO_NONE && itemAt(shares, i) < from / TRAINED_FACTOR;
    if (!isLow || isFixed(i)) return [];
    return [{ domain, i, share: itemAt(shares, i), least: from, floor: roundedUp(from, DIGITS) }];
  });
  if (low.length === 0) return [];
  const told = low.map(
    ({ domain, share, least: from }) =>
      `${domain} ${percent(share, DIGITS)} (${percent(from, DIGITS)})`,
  );
  const floors = low.map(({ domain, floor }) => `${domain}=${number(floor, DIGITS)}`).join();
  const remedy = option("constraints.floors", low.length > NAMED ? undefined : floors);
  const cost = costOf(problem, h, low);
  const dear = cost === undefined ? "" : `, for at most ${number(cost, DIGITS)} more by the law`;
  return [
    finding(
      "below-trained-shares",
      `less than any run had of ${shorten(told, NAMED)}: what so little of a domain does, no run tells. ${remedy} keeps to the least that was trained${dear}`,
      low.map(({ domain }) => domain),
    ),
  ];
}

/** What raising these shares to their floors costs at most; undefined if a constraint breaks. */
function costOf(
  { goal, region, space }: Problem,
  h: Float64Array,
  low: readonly LowShare[],
): number | undefined {
  const raised = withRaised(h, low, space.phases?.domains.length ?? h.length);
  if (violationsOf(region, raised).length > 0) return undefined;
  return roundedUp(Math.max(0, lawValue(goal, raised) - lawValue(goal, h)), DIGITS);
}

/** A mixture with these shares at their floors, and the others of each phase in proportion. */
function withRaised(h: Float64Array, low: readonly LowShare[], cells: number): Float64Array {
  const raised = Float64Array.from(h);
  for (let from = 0; from < h.length; from += cells) {
    const phase = raised.subarray(from, from + cells);
    const own = low.filter(({ i }) => i >= from && i < from + cells);
    const part = phase.reduce((sum, share) => sum + share, 0);
    const before = own.reduce((sum, { i }) => sum + itemAt(h, i), 0);
    const after = own.reduce((sum, { floor }) => sum + part * floor, 0);
    for (let i = 0; i < cells; i++)
      phase[i] = (itemAt(phase, i) * (part - after)) / (part - before);
    for (const { i, floor } of own) raised[i] = part * floor;
  }
  return raised;
}
