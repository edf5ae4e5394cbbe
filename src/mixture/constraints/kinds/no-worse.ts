/**
 * Targets that must not get worse: `--no-worse loss_web=1.02` demands L(h) ≤ 1.02·L(reference). It
 * is an option of `optimize` beside `constraints`, since it speaks of targets and not of domains.
 */
import { InputError } from "../../../base/errors.ts";
import { toNumber } from "../../../data/table/cells.ts";
import { aNumber, byName } from "../../../options/option-schema.ts";
import { option } from "../../../base/option-text.ts";
import type { Smooth } from "../../../convex/smooth.ts";
import { type CurvedConstraint, type KindOf, sayOnce, type Setting } from "./kind.ts";

export interface NoWorse {
  /** By target: at most this factor times its loss at the reference. */
  readonly noWorse?: Readonly<Record<string, number>>;
}

const KIND = { name: "no-worse", path: "noWorse" } as const;
const FLAG = "--no-worse";
const EXAMPLE = "loss_web=1.02,loss_code=1";

function checkFactor(target: string, factor: number): void {
  if (!(factor >= FACTORS.least && factor <= FACTORS.most))
    throw new InputError(
      `${option(`${KIND.path}.${target}`, factor)}: the factor must be a positive number, from ${FACTORS.least} to ${FACTORS.most}, such as 1.02 for "at most 2 % more".`,
      { option: `${KIND.path}.${target}` },
    );
}

function constraintOf(target: string, factor: number, { lossOf }: Setting): CurvedConstraint {
  checkFactor(target, factor);
  const loss = lossOf(target);
  const bound = factor * loss.atReference;
  return {
    name: `${KIND.name} ${target} ≤ ${factor}`,
    excess: minusOne(loss.over(bound)),
    bends: { target, times: 1 / bound },
    // The excess is L/(factor·L(reference)) − 1: where it is 0 it falls by 1/factor a unit of
    // factor.
    price: (multiplier) => ({ perPercent: (0.01 * multiplier) / factor, perEpoch: null }),
  };
}

/** Factors that a loss can have; at others the excess leaves float64. */
const FACTORS = { least: 1e-6, most: 1e6 } as const;

const minusOne = (base: Smooth): Smooth => ({
  domains: base.domains,
  value: (h) => base.value(h) - 1,
  gradient: (h, out) => base.gradient(h, out) - 1,
});

export const noWorse = {
  name: KIND.name,
  key: "noWorse",
  flag: {
    name: FLAG,
    metavar: "<FACTORS>",
    help: "targets that may have at most this factor times their loss at the reference: loss_web=1.02",
    repeats: true,
    parse: (texts, reader) => reader.numbers(FLAG, texts, EXAMPLE),
    check(text) {
      const [, target = "", factor = ""] = /^(.+)=([^=]*?)[\s,]*$/s.exec(text) ?? [];
      const value = toNumber(factor);
      if (value === undefined)
        throw new InputError(
          `${option(KIND.path)} is ${JSON.stringify(text)}; it must be factors by target, like ${EXAMPLE}`,
          { option: KIND.path },
        );
      checkFactor(target.trim(), value);
    },
  },
  schema: byName(aNumber),
  merge: sayOnce(KIND.path),
  targets: (factors) => Object.keys(factors),
  contribute: (factors, setting) => ({
    curved: Object.entries(factors).map(([target, factor]) =>
      constraintOf(target, factor, setting),
    ),
  }),
  withScale: "moves",
  moreRoom: () => "one more percent",
} satisfies KindOf<NoWorse>;
