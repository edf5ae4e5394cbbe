/** The inputs that a law has beside N, D and the shares. */
import { fractionOf, type Phases } from "../options/phases.ts";
import { supplyOf } from "../options/supply.ts";
import type { Law, LawInput } from "./law.ts";

/**
 * Other columns and, of a law that reads the supply, one input for each domain; of one that reads
 * the phases' own shares, each phase's part of the tokens.
 *
 * @param domains those of the runs; with phases they are not looked at
 */
export const inputsOf = (
  { uses }: Pick<Law, "uses">,
  domains: readonly string[],
  phases?: Phases,
): LawInput[] => [
  ...(uses.inputs ?? []),
  ...(uses.supply === true ? (phases?.domains ?? domains) : []).map((domain): LawInput => ({
    name: supplyOf(domain),
    symbol: "U",
    meaning: `unique tokens of ${domain}`,
    values: "positive",
    typical: [],
  })),
  ...(uses.phases === "shares" ? (phases?.names ?? []) : []).map((phase): LawInput => ({
    name: fractionOf(phase),
    symbol: "f",
    meaning: `part of the tokens in ${phase}`,
    values: "any",
    typical: [],
  })),
];
