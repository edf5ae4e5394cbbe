/** Staying near the reference mixture: `--trust 'l1<=0.2'` or `--trust 'kl<=0.05'`. */
import { itemAt } from "../../../base/known.ts";
import { InputError } from "../../../base/errors.ts";
import { anObject, aNumber, oneOf } from "../../../options/option-schema.ts";
import { option } from "../../../base/option-text.ts";
import type { Smooth } from "../../../convex/smooth.ts";
import { type KindOf, sayOnce, sharePrice } from "./kind.ts";

const MEASURES = ["l1", "kl"] as const;

/** A ball around the reference mixture r. */
export interface Trust {
  /** l1: Σ|hᵢ − rᵢ|, at most 2. kl: Kullback and Leibler's Σ hᵢ ln(hᵢ/rᵢ), in nats. */
  readonly measure: (typeof MEASURES)[number];
  /** At most this far from the reference r. */
  readonly radius: number;
}

export interface TrustRegion {
  /** A ball around the reference mixture. */
  readonly trust?: Trust;
}

const KIND = { name: "trust", path: "constraints.trust" } as const;

/** "l1<=0.2" or "kl<=0.05". */
export function trustFrom(text: string): Trust {
  const match = /^\s*(l1|kl)\s*<=\s*([0-9.eE+-]+)\s*$/i.exec(text);
  const radius = Number(match?.[2]);
  const measure = MEASURES.find((word) => word === match?.[1]?.toLowerCase());
  if (measure === undefined || !Number.isFinite(radius))
    throw new InputError(
      `${option(KIND.path)}: "${text}" is neither 'l1<=RADIUS' nor 'kl<=RADIUS'.`,
      { option: KIND.path },
    );
  return { measure, radius };
}

function checkRadius({ radius }: Pick<Trust, "radius">): void {
  if (!(radius > 0 && Number.isFinite(radius)))
    throw new InputError(
      `the radius of ${option(KIND.path)} is ${radius}; it must be a positive number.`,
      { option: KIND.path },
    );
}

/** A share of the reference that is 0 counts as this: ln of it is finite, and hᵢ stays at 0. */
const TINY = 1e-12;

/** Σ hᵢ ln(hᵢ/rᵢ) − radius, with 0·ln 0 = 0. */
function divergence(reference: Float64Array, radius: number): Smooth {
  const center = reference.map((x) => Math.max(x, TINY));
  const value = (h: Float64Array): number =>
    h.reduce((sum, x, i) => sum + (x > 0 ? x * Math.log(x / itemAt(center, i)) : 0), -radius);
  return {
    domains: center.length,
    value,
    gradient(h, out) {
      for (const [i, x] of h.entries())
        out[i] = Math.log(Math.max(x, TINY) / itemAt(center, i)) + 1;
      return value(h);
    },
  };
}

/**
 * How far a mixture can be from the reference: the one that is all of its least share. A ball that
 * reaches so far excludes nothing.
 */
function farthest(measure: Trust["measure"], reference: Float64Array): number {
  const least = reference.reduce((a, b) => Math.min(a, b));
  return measure === "l1" ? 2 * (1 - least) : -Math.log(Math.max(least, TINY));
}

export const trust: KindOf<TrustRegion> = {
  name: KIND.name,
  key: "trust",
  flag: {
    name: "--trust",
    metavar: "<BALL>",
    help: "stay near the reference: 'l1<=0.2' (sum of |differences|) or 'kl<=0.05'",
    repeats: false,
    parse: ([text = ""]) => trustFrom(text),
    check: (text) => checkRadius(trustFrom(text)),
  },
  schema: anObject({ measure: oneOf(MEASURES), radius: aNumber }),
  merge: sayOnce(KIND.path),
  contribute({ measure, radius }, { reference }) {
    checkRadius({ radius });
    if (radius >= farthest(measure, reference)) return {};
    const name = `${KIND.name} ${measure} ≤ ${radius}`;
    return measure === "l1"
      ? { l1: { name, center: reference, radius, price: sharePrice } }
      : {
          curved: [
            { name, excess: divergence(reference, radius), bends: "convex", price: sharePrice },
          ],
        };
  },
  moreRoom: () => "0.01 more",
};
