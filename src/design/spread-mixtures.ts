/** Mixtures for first runs: within floors and caps, and far from each other. */
import { ownOf } from "../base/known.ts";
import { InputError } from "../base/errors.ts";
import { significant } from "../base/format-number.ts";
import { option } from "../base/option-text.ts";
import { projectBox } from "../convex/project-box.ts";
import { dirichlet, onGrid, uniformMixture } from "../random/dirichlet.ts";
import { stream } from "../random/rng.ts";

/** What the draws are for; apart from every other purpose. */
const PURPOSE = 0x64657301;

/** Random candidates that each mixture is picked from. */
const CANDIDATES = 4000;
/** Shares are whole multiples of 1/this, so that a table holds them exactly. */
const GRID = 1e4;
/** The least share by default, or 0.2/k for more than 10 domains. */
const FLOOR = 0.02;

type Shares = Readonly<Record<string, number>>;

/** Least and largest share of each domain. Throws InputError where no mixture is between them. */
export function shareBounds(
  domains: readonly string[],
  floors: Shares = {},
  caps: Shares = {},
): readonly [lower: Float64Array, upper: Float64Array] {
  checkShares("floors", floors, domains);
  checkShares("caps", caps, domains);
  const least = Math.min(FLOOR, 0.2 / domains.length);
  const upper = Float64Array.from(domains, (domain) => ownOf(caps, domain) ?? 1);
  const lower = Float64Array.from(
    domains,
    (domain, i) => ownOf(floors, domain) ?? Math.min(least, upper[i]),
  );
  const crossed = domains.find((_, i) => lower[i] > upper[i]);
  if (crossed !== undefined)
    throw new InputError(
      `${option(`floors.${crossed}`)} is above ${option(`caps.${crossed}`)}: there is no share between them.`,
      { option: "floors" },
    );
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  if (domains.length > 0 && sum(lower) > 1)
    throw new InputError(
      `the floors sum to ${significant(sum(lower), 3)}, more than 1: lower some.`,
      { option: "floors" },
    );
  if (domains.length > 0 && sum(upper) < 1)
    throw new InputError(
      `the caps sum to ${significant(sum(upper), 3)}, less than 1: raise some.`,
      { option: "caps" },
    );
  return [lower, upper];
}

function checkShares(bound: "floors" | "caps", shares: Shares, domains: readonly string[]): void {
  for (const [domain, share] of Object.entries(shares)) {
    const path = `${bound}.${domain}`;
    if (!domains.includes(domain))
      throw new InputError(`${option(path)}: the domains are ${domains.join(", ")}.`, {
        option: path,
      });
    if (!(share >= 0 && share <= 1))
      throw new InputError(`${option(path, share)}: a share lies between 0 and 1.`, {
        option: path,
      });
  }
}

/**
 * `count` mixtures far from each other within the bounds: the most even one first, then from random
 * candidates the farthest from all chosen so far, time and again (maximin, Johnson, Moore &
 * Ylvisaker 1990). Distances are Hellinger's, between square roots of shares: laws go with powers
 * of a share, so 1 % and 4 % are as far apart as 40 % and 50 %.
 */
export function spread(
  lower: Float64Array,
  upper: Float64Array,
  count: number,
  seed: number,
): Float64Array[] {
  const k = lower.length;
  const draws = stream(seed, PURPOSE);
  const room = 1 - lower.reduce((a, b) => a + b, 0);
  const even = projectBox(uniformMixture(k), lower, upper);
  const candidates = Array.from({ length: Math.max(CANDIDATES, 20 * count) }, (_, n) => {
    const h = dirichlet(draws, n, 1, k).map((x, i) => lower[i] + room * x);
    return projectBox(h, lower, upper);
  });
  const roots = candidates.map((h) => h.map(Math.sqrt));
  const chosen = [even];
  /** Squared distance of each candidate from the nearest chosen mixture. */
  const apart = new Float64Array(candidates.length).fill(Infinity);
  let latest = even.map(Math.sqrt);
  while (chosen.length < count) {
    let farthest = 0;
    for (const [n, root] of roots.entries()) {
      const square = root.reduce((sum, x, i) => sum + (x - latest[i]) ** 2, 0);
      apart[n] = Math.min(apart[n], square);
      if (apart[n] > apart[farthest]) farthest = n;
    }
    chosen.push(candidates[farthest]);
    latest = roots[farthest];
  }
  // Where rounding would break a bound that is no multiple itself, the exact shares stay.
  return chosen.map((h) => {
    const rounded = onGrid(h, GRID);
    return rounded.every((x, i) => x >= lower[i] && x <= upper[i]) ? rounded : h;
  });
}
