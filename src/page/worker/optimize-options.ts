/** What the page's controls ask of `optimize`, and what its answer says of them. */
import { number, percent } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { byNames } from "../../base/objects.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { moreRoom } from "../../mixture/constraints/constraint-kinds.ts";
import { targetsIn } from "../../mixture/problem/choose-fits.ts";
import type { OptimizeOptions } from "../../mixture/request/optimize-options.ts";
import type { Active, Optimum } from "../../mixture/request/optimum.ts";
import type { OptimumChoice, PriceView } from "../protocol/workshop.ts";

export function optimizeOptions(file: FitFile, choice: OptimumChoice): OptimizeOptions {
  const { domains } = file.data;
  const { law, params, tokens, weights, isBeyond } = choice;
  return {
    law,
    ...(params === null ? {} : { params }),
    ...(tokens === null ? {} : { tokens }),
    objective: weights === undefined ? "worst" : named(targetsIn(file), weights, (w) => w > 0),
    constraints: {
      floors: named(domains, choice.floors, (share) => share > 0),
      caps: named(domains, choice.caps, (share) => share < 1),
    },
    beyond: isBeyond,
  };
}

/** Values by name, of those that count. */
const named = (
  names: readonly string[],
  values: readonly number[],
  counts: (value: number) => boolean,
): Record<string, number> =>
  byNames(
    names.map((name, i) => [name, itemAt(values, i)] as const).filter(([, value]) => counts(value)),
  );

/** The prices of the active constraints, and the sliders that they are of. */
export function pricesOf(
  { data: { domains } }: FitFile,
  { floors, caps }: OptimumChoice,
  { active }: Optimum,
): PriceView[] {
  const sliders = new Map(
    domains.flatMap((name, domain): [string, PriceView["slider"]][] => [
      [`floor ${name} ≥ ${percent(floors[domain] ?? 0)}`, { kind: "floor", domain }],
      [`cap ${name} ≤ ${percent(caps[domain] ?? 1)}`, { kind: "cap", domain }],
    ]),
  );
  return active.map((each) => ({
    constraint: each.constraint,
    slider: sliders.get(each.constraint),
    words: priceWords(each),
  }));
}

/** "one more percent gains 0.0021". */
const priceWords = ({ constraint, perPercent, perEpoch }: Active): string =>
  perEpoch === null
    ? `${moreRoom(constraint)} gains ${number(perPercent, 2)}`
    : `one more epoch gains ${number(perEpoch, 2)}`;
