/** Bounds of single shares: `--floor`, `--cap` and `--fix`. */
import { percent } from "../../../base/format-number.ts";
import { type ConstraintKind, type Limit, rowOf, sharePrice } from "./kind.ts";
import { checkShare, type Shares, sharesByDomain } from "./shares.ts";

export interface ShareBounds {
  /** Least shares by domain, from 0 to 1. */
  readonly floors?: Shares;
  /** Largest shares by domain. */
  readonly caps?: Shares;
  /** Shares that are given, by domain. */
  readonly fixed?: Shares;
}

interface Words {
  readonly sign: "≥" | "≤" | "=";
  readonly help: string;
  readonly moreRoom: string;
}

function shareBound<K extends keyof ShareBounds>(
  name: string,
  key: K,
  { sign, help, moreRoom }: Words,
  bounds: (share: number) => Pick<Limit, "min" | "max">,
): ConstraintKind<Shares> & { readonly key: K } {
  const kind = { name, path: `constraints.${key}` };
  return {
    name,
    key,
    ...sharesByDomain(kind.path, { name: `--${name}`, help }),
    contribute: (shares, setting) => ({
      limits: Object.entries(shares).map(([domain, share]): Limit => {
        checkShare(kind, domain, share);
        return {
          name: `${name} ${domain} ${sign} ${percent(share)}`,
          coefficients: rowOf(kind, domain, setting),
          price: sharePrice,
          ...bounds(share),
        };
      }),
    }),
    moreRoom: () => moreRoom,
  };
}

export const floor = shareBound(
  "floor",
  "floors",
  { sign: "≥", help: "least shares: web=0.1,code=5%", moreRoom: "one percent less" },
  (min) => ({ min, max: Infinity }),
);

export const cap = shareBound(
  "cap",
  "caps",
  { sign: "≤", help: "largest shares: web=0.4", moreRoom: "one more percent" },
  (max) => ({ min: -Infinity, max }),
);

export const fix = shareBound(
  "fix",
  "fixed",
  { sign: "=", help: "fixed shares: wiki=3%", moreRoom: "one percent of leeway" },
  (share) => ({ min: share, max: share }),
);
