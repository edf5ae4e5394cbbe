/** The mixture of each phase, as it is reported. */
import { itemAt, ownOf } from "../../base/known.ts";
import { byNames } from "../../base/objects.ts";
import type { Problem } from "./pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import type { Optimum } from "../request/optimum.ts";
import { inPhases, meanShares } from "../space/space.ts";

/** A correction rounds too. */
const ROUNDS = 3;

/** Shares by domain. */
const byDomain = (domains: readonly string[], values: Float64Array): Record<string, number> =>
  byNames(domains.map((domain, i) => [domain, itemAt(values, i)]));

/**
 * The shares of a phase, which sum to 1 as exactly as numbers of this size do: dividing by its part
 * of the tokens leaves a single domain at 0.9999999999999999.
 */
function ofOne(shares: Float64Array): Float64Array {
  const sumOf = (x: Float64Array): number => x.reduce((sum, share) => sum + share, 0);
  const sum = sumOf(shares);
  if (!(sum > 0)) return shares;
  const whole = shares.map((share) => share / sum);
  const largest = whole.indexOf(Math.max(...whole));
  for (let n = 0; n < ROUNDS; n++) whole[largest] = itemAt(whole, largest) + (1 - sumOf(whole));
  return whole;
}

/** Shares in each phase, their mean and change, and epochs; nothing without phases. */
export function phasesOf(
  { space }: Problem,
  h: Float64Array,
  { tokens, constraints }: OptimizeOptions,
): Pick<Optimum, "phases"> {
  const { phases } = space;
  if (phases === undefined) return {};
  const { names, domains, fractions } = phases;
  const k = domains.length;
  const own = inPhases(space, h);
  const mean = meanShares(space, h);
  const epochsOf = (share: number, domain: string): number | null => {
    const available = ownOf(constraints?.available, domain);
    return tokens === undefined || available === undefined ? null : (share * tokens) / available;
  };
  const changes = names.slice(1).map((_, p) => {
    const [before, after] = [own.subarray(p * k), own.subarray((p + 1) * k)];
    return domains.reduce((sum, __, i) => sum + Math.abs(itemAt(after, i) - itemAt(before, i)), 0);
  });
  const reported: Optimum["phases"] = {
    each: names.map((name, p) => ({
      name,
      fraction: itemAt(fractions, p),
      tokens: tokens === undefined ? null : itemAt(fractions, p) * tokens,
      weights: byDomain(domains, ofOne(own.subarray(p * k, (p + 1) * k))),
    })),
    mean: byDomain(domains, mean),
    epochs: byNames(domains.map((domain, i) => [domain, epochsOf(itemAt(mean, i), domain)])),
    change: Math.max(...changes),
  };
  return { phases: reported };
}
