/** How much the mixture may change from one phase to the next: `--max-change 'l1<=0.3'`. */
import { InputError } from "../../../base/errors.ts";
import { itemAt } from "../../../base/known.ts";
import { aNumber } from "../../../options/option-schema.ts";
import { option } from "../../../base/option-text.ts";
import { shareRow } from "../../space/space.ts";
import { cellOf, type Phases } from "../../../options/phases.ts";
import { type KindOf, type L1Ball, type Setting, sayOnce, sharePrice } from "./kind.ts";

export interface MaxChange {
  /**
   * Of two phases: Σ|hᵢ − gᵢ| of the shares in one and in the other is at most this; 2 is no limit.
   */
  readonly maxChange?: number;
}

const KIND = { name: "max-change", path: "constraints.maxChange" } as const;

/** Mixtures have at most this distance. */
const FARTHEST = 2;

/** "l1<=0.3". */
export function changeFrom(text: string): number {
  const match = /^\s*l1\s*<=\s*([0-9.eE+-]+)\s*$/i.exec(text);
  const most = Number(match?.[1]);
  if (match !== null && Number.isFinite(most)) return most;
  throw new InputError(`${option(KIND.path)}: "${text}" is not of the form 'l1<=0.3'.`, {
    option: KIND.path,
  });
}

function checkChange(most: number): void {
  if (most > 0 && Number.isFinite(most)) return;
  throw new InputError(
    `${option(KIND.path)} is ${most}; it must be a positive number, such as 0.3 (2 is no limit).`,
    { option: KIND.path },
  );
}

/** The two phases. Throws InputError where there are none, or more. */
function twoPhases({ space: { phases } }: Setting): Phases {
  if (phases?.names.length === 2) return phases;
  throw new InputError(
    `${option(KIND.path)} limits the change between two phases, and the fitted runs have ${phases === undefined ? "one mixture each" : `${phases.names.length} phases`}: leave it out.`,
    { option: KIND.path },
  );
}

/**
 * Σ|hᵢ − gᵢ| ≤ most. A share in a phase is its cell's over the phase's part f or g of the tokens,
 * so that the difference is along (1/f, −1/g) of a domain's two cells, of length r: with axes of
 * length 1 the ball has the radius most/r.
 */
function ballOf(most: number, setting: Setting): L1Ball {
  const { names, domains } = twoPhases(setting);
  const [first, second] = names.map((phase) =>
    domains.map((domain) => shareRow(setting.space, cellOf(phase, domain)) ?? new Float64Array()),
  ) as [Float64Array[], Float64Array[]];
  const sumOf = (
    a: Float64Array,
    b: Float64Array,
    [x, y]: readonly [number, number],
  ): Float64Array => a.map((value, i) => x * value + y * itemAt(b, i));
  const [f, g] = [first, second].map(([row = new Float64Array()]) => Math.max(...row)) as [number, number]; // prettier-ignore
  const length = Math.hypot(f, g);
  return {
    name: `${KIND.name} l1 ≤ ${most}`,
    center: new Float64Array(domains.length),
    radius: most / length,
    axes: {
      along: first.map((row, i) => sumOf(row, itemAt(second, i), [1 / length, -1 / length])),
      others: first.map((row, i) =>
        sumOf(row, itemAt(second, i), [g / f / length, f / g / length]),
      ),
    },
    price: (multiplier) => sharePrice(multiplier / length),
  };
}

export const maxChange: KindOf<MaxChange> = {
  name: KIND.name,
  key: "maxChange",
  flag: {
    name: "--max-change",
    metavar: "<CHANGE>",
    help: "how much shares may change between two phases: 'l1<=0.3' (sum of |differences|)",
    repeats: false,
    parse: ([text = ""]) => changeFrom(text),
    check: (text) => checkChange(changeFrom(text)),
  },
  schema: aNumber,
  merge: sayOnce(KIND.path),
  checkTogether(request) {
    const { trust } = request as { readonly trust?: { readonly measure: string } };
    if (trust?.measure === "l1")
      throw new InputError(
        `${option(KIND.path)} and ${option("constraints.trust")} are both sums of |differences|, of which only one can hold at a time: write the other as 'kl<=0.05'.`,
        { option: KIND.path },
      );
  },
  contribute(most, setting) {
    checkChange(most);
    const ball = ballOf(most, setting);
    return most >= FARTHEST ? {} : { l1: ball };
  },
  moreRoom: () => "0.01 more",
};
