/** The inputs that a law has beside N, D and the shares. */
import { supplyOf } from "../options/supply.ts";
import type { Law, LawInput } from "./law.ts";

/** Other columns and, of a law that reads the supply, one input for each domain. */
export const inputsOf = ({ uses }: Pick<Law, "uses">, domains: readonly string[]): LawInput[] => [
  ...(uses.inputs ?? []),
  ...(uses.supply === true ? domains : []).map((domain): LawInput => ({
    name: supplyOf(domain),
    symbol: "U",
    meaning: `unique tokens of ${domain}`,
    values: "positive",
    typical: [],
  })),
];
