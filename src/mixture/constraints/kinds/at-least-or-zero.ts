/** Domains that are left out or have at least a share: `--at-least-or-zero code=5%`. */
import { InputError } from "../../../base/errors.ts";
import { option } from "../../../base/option-text.ts";
import { percent } from "../../../base/format-number.ts";
import { type KindOf, type Limit, type Setting, rowOf, sharePrice } from "./kind.ts";
import { checkShare, type Shares, sharesByDomain } from "./shares.ts";

export interface AtLeastOrZero {
  /** A domain that is left out or has at least this share. */
  readonly atLeastOrZero?: Shares;
}

const KIND = { name: "at-least-or-zero", path: "constraints.atLeastOrZero" } as const;
/** Each such domain doubles the cases that are solved. */
const MOST = 10;

/** "At least the share" and "none", of which one must hold. */
function choiceOf(domain: string, share: number, setting: Setting): [Limit, Limit] {
  const coefficients = rowOf(KIND, domain, setting);
  checkShare(KIND, domain, share);
  const limit = (bound: string, min: number, max: number): Limit => ({
    name: `${KIND.name} ${domain} ${bound}`,
    coefficients,
    min,
    max,
    price: sharePrice,
  });
  return [limit(`≥ ${percent(share)}`, share, Infinity), limit("= 0", 0, 0)];
}

export const atLeastOrZero: KindOf<AtLeastOrZero> = {
  name: KIND.name,
  key: "atLeastOrZero",
  ...sharesByDomain(KIND.path, {
    name: "--at-least-or-zero",
    help: "domains left out or at least this: code=5%",
  }),
  contribute(shares, setting) {
    const entries = Object.entries(shares);
    const choices = entries.map(([domain, share]) => choiceOf(domain, share, setting));
    if (choices.length > MOST)
      throw new InputError(
        `${option(KIND.path)} names ${choices.length} domains, which makes 2^${choices.length} cases to solve; at most ${MOST} are possible. Decide some of them with ${option("constraints.fixed")} or ${option("constraints.floors")}.`,
        { option: KIND.path },
      );
    return { choices };
  },
  moreRoom: (constraint) =>
    constraint.endsWith(" = 0") ? "one percent of leeway" : "one percent less",
};
