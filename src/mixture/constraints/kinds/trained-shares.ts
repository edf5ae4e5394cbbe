/**
 * What holds unless `beyond` lifts it: a share is at most 1.5 × the largest one that was trained.
 * Farther out a law follows its formula and no run: it may gain there what no run has shown. A cap
 * or a fixed share that the request names for a domain takes its limit's place. It is an option of
 * `optimize` beside `constraints`, since it is meant for all domains.
 */
import { significant } from "../../../base/format-number.ts";
import { aSwitch } from "../../../options/option-schema.ts";
import { namesAt, type Space } from "../../space/space.ts";
import { type KindOf, type Limit, rowOf, sayOnce, sharePrice } from "./kind.ts";
import type { ShareBounds } from "./share-bounds.ts";

export interface TrainedShares {
  /**
   * Whether shares may be larger than 1.5 × the largest one trained. Default false; a fit file
   * without mixtures has no such limit.
   */
  readonly beyond?: boolean;
}

/** A share may be this many times the largest one trained. */
export const TRAINED_FACTOR = 1.5;
const NAME = "trained";

/** Largest trained share of each domain, in its phase; undefined where no mixtures are known. */
export const largestTrained = (
  trained: readonly (readonly number[])[],
  space: Space,
): number[] | undefined =>
  trained.length === 0
    ? undefined
    : space.domains.map((_, i) =>
        trained.reduce((most, shares) => Math.max(most, trainedShare(space, shares, i)), 0),
      );

/** Least trained share of each domain, in its phase; 0 where no mixtures are known. */
export const leastTrained = (trained: readonly (readonly number[])[], space: Space): number[] =>
  space.domains.map((_, i) =>
    trained.length === 0
      ? 0
      : trained.reduce((least, shares) => Math.min(least, trainedShare(space, shares, i)), 1),
  );

/** A share of a trained mixture, in its phase where there are phases. */
function trainedShare({ phases }: Space, shares: readonly number[], i: number): number {
  const share = shares[i] ?? 0;
  if (phases === undefined || share === 0) return share;
  const k = phases.domains.length;
  const first = i - (i % k);
  return share / shares.slice(first, first + k).reduce((sum, other) => sum + other, 0);
}

/** Whether a constraint is a limit of this kind, by its name. */
export const isTrainedLimit = (constraint: string): boolean => constraint.startsWith(`${NAME} `);

export const trainedShares = {
  name: NAME,
  key: "beyond",
  flag: {
    name: "--beyond",
    metavar: "",
    help: `let shares be larger than ${TRAINED_FACTOR} × the largest one trained; --cap or --fix does so for one domain`,
    repeats: false,
    parse: () => true,
  },
  schema: aSwitch,
  merge: sayOnce("beyond"),
  contribute(beyond, { space, trained, request }) {
    const largest = beyond ? undefined : largestTrained(trained, space);
    if (largest === undefined) return {};
    const { caps = {}, fixed = {} } = request as ShareBounds;
    const limits = space.domains.flatMap((domain, i): Limit[] => {
      const max = TRAINED_FACTOR * (largest[i] ?? 0);
      const isNamed = (name: string): boolean =>
        Object.hasOwn(caps, name) || Object.hasOwn(fixed, name);
      if (max >= 1 || namesAt(space, i).some(isNamed)) return [];
      const name = `${NAME} ${domain} ≤ ${significant(100 * max, 3)} %`;
      const coefficients = rowOf({ name: NAME, path: "beyond" }, domain, { space });
      return [{ name, coefficients, min: -Infinity, max, price: sharePrice }];
    });
    return { limits };
  },
  moreRoom: () => "one more percent",
} satisfies KindOf<TrainedShares>;
