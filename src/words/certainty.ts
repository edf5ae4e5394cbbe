/** What the replicates of a bootstrap say of an optimum. */
import { fixed, inPercent, loss, percent } from "../base/format-number.ts";
import { entryOf } from "../base/known.ts";
import { listed } from "../base/wording.ts";
import type { Optimum } from "../mixture/request/optimum.ts";
import type { OptimumInterval } from "../mixture/request/optimum-interval.ts";
import type { Interval } from "../stats/interval.ts";
import { hasOwnReference, small } from "./phrases.ts";

/** An interval in words. @example ends([2, null], loss) // "2.0000 … ∞" */
export const ends = ([low, high]: Interval, text: (x: number) => string): string =>
  `${low === null ? "−∞" : text(low)} … ${high === null ? "∞" : text(high)}`;

/** A pair of shares this strongly correlated is worth a word. */
const STRONG = 0.8;
/** A domain left out by fewer of the replicates than this is not mentioned. */
const RARE = 0.01;

/** How sure the objective, the gain and the shares are, in sentences. */
export function certainty(optimum: Optimum): string[] {
  const { interval } = optimum;
  if (interval === null) return [];
  const { replicates, level, regret, uncertified, leftOut, objective } = interval;
  const omitted = Object.entries(leftOut).filter(([, share]) => share >= RARE);
  return [
    `From ${replicates} bootstrap replicates: the objective is ${ends(objective, loss)} (${percent(level)}). In ${percent(level)} of them this mixture is within ${small(regret.quantile)} of the replicate's own best, in half of them within ${small(regret.median)}.`,
    gainSentence(optimum),
    ...trade(interval),
    ...(omitted.length === 0
      ? []
      : [
          `Best left out: ${omitted.map(([domain, share]) => `${domain} in ${inPercent(share)} %`).join(", ")} of the replicates.`,
        ]),
    ...(uncertified === 0
      ? []
      : [
          `${uncertified} of the replicates' optima are not certified; they count where they ended.`,
        ]),
  ];
}

/** How much more the reference loses, or the uniform mixture where that is the reference. */
export function gainSentence(optimum: Optimum): string {
  const against = hasOwnReference(optimum) ? "reference" : "uniform";
  const estimate = small(optimum[against].objective - optimum.objective);
  const gain = optimum.interval?.gain[against];
  if (gain === undefined) return `Over the ${against} mixture it gains ${estimate} by this fit.`;
  const [low, high] = gain.interval;
  return `Over the ${against} mixture it gains ${small(gain.estimate)} by this fit, and ${small(gain.corrected)} (${small(low)} … ${small(high)}) corrected for having been chosen by it.`;
}

/** The domains that take each other's place from replicate to replicate. */
function trade({ correlation }: OptimumInterval): string[] {
  const domains = Object.keys(correlation);
  const pairs = domains.flatMap((a, i) =>
    domains.slice(i + 1).map((b) => ({ a, b, r: entryOf(correlation, a)[b] ?? 0 })),
  );
  const strong = pairs.filter(({ r }) => r <= -STRONG).toSorted((x, y) => x.r - y.r);
  if (strong.length === 0) return [];
  return [
    `Shares that take each other's place: ${listed(strong.map(({ a, b, r }) => `${a} and ${b} (correlation ${fixed(r, 2)})`))}.`,
  ];
}
