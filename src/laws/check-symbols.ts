/** Whether the parameters that a user names are there. */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import type { Restrictions } from "../base/fit-options.ts";
import type { BoundLaw } from "./law.ts";

/**
 * Throws an InputError for a name that none of the laws has as a parameter of its own. A law that
 * lacks it among others that have it is fitted as it is.
 */
export function checkSymbols(
  laws: readonly BoundLaw[],
  { fix, tie, bounds, ranges, starts }: Restrictions,
): void {
  const named: (readonly [string, readonly string[]])[] = [
    ["fix", Object.keys(fix)],
    ["tie", Object.entries(tie).flat()],
    ["bounds", Object.keys(bounds)],
    ["ranges", Object.keys(ranges)],
    ["starts", starts.flatMap((start) => Object.keys(start))],
  ];
  for (const [restriction, names] of named)
    for (const name of names)
      if (!laws.some((law) => law.symbols.includes(name))) throw unknown(laws, restriction, name);
  for (const [name, other] of Object.entries(tie)) {
    if (laws.some(({ symbols }) => symbols.includes(name) && symbols.includes(other))) continue;
    const path = `tie.${name}`;
    throw new InputError(`${option(path, other)}: no law has both`, { option: path });
  }
}

function unknown(laws: readonly BoundLaw[], restriction: string, name: string): InputError {
  const can = laws
    .map((law) => `${law.law.name} has ${scalarsFirst(law.symbols).join(", ")}`)
    .join("; ");
  const [symbol] = name.split("[");
  const derived = laws.find(
    (law) => symbol in law.law.report(law.coordinates(new Float64Array(law.size).fill(1))),
  );
  const coordinate = laws.find((law) =>
    law.names.some((other) => other === name || other.split("[")[0] === symbol),
  );
  const domains = laws.find((law) => law.symbols.includes(symbol))?.domains;
  const why =
    domains !== undefined
      ? `${symbol} has no ${name.slice(symbol.length)}; the domains are ${domains.join(", ")}`
      : derived !== undefined
        ? `${name} of the law ${derived.law.name} is no parameter of its own: it follows from others`
        : coordinate !== undefined
          ? `${name} is what mixlaw fits inside, not a parameter that it reports`
          : `there is no parameter ${name}`;
  return new InputError(`${option(restriction)}: ${why}; ${can}`, { option: restriction });
}

/** "gamma" stands for its domains: those need not be listed. */
const scalarsFirst = (symbols: readonly string[]): string[] =>
  symbols.filter((symbol) => !symbol.includes("["));
