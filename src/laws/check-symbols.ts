/** Whether the parameters that a user names are there. */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import type { FitSettings, Restrictions } from "../options/fit-options.ts";
import { hasRidge } from "../options/ridge-option.ts";
import type { BoundLaw } from "./bind.ts";
import { reportedNames } from "./parameters/parameters.ts";
import { ridgeOf } from "./ridge.ts";

/**
 * Throws an InputError for a name that none of the laws has as a parameter of its own. A law that
 * lacks it among others that have it is fitted as it is.
 */
export function checkSymbols(
  laws: readonly BoundLaw[],
  {
    fix,
    tie,
    bounds,
    ranges,
    starts,
    ridge,
    common,
  }: Restrictions & Pick<FitSettings, "ridge" | "common">,
): void {
  const named: (readonly [string, readonly string[]])[] = [
    ["fix", Object.keys(fix)],
    ["tie", Object.entries(tie).flat()],
    ["bounds", Object.keys(bounds)],
    ["ranges", Object.keys(ranges)],
    ["starts", starts.flatMap((start) => Object.keys(start))],
    ["common", common],
    ["ridge", typeof ridge === "object" ? Object.keys(ridge) : []],
  ];
  for (const [restriction, names] of named)
    for (const name of names)
      if (!laws.some((law) => reportedNames(law).includes(name)))
        throw unknown(laws, restriction, name);
  for (const [name, other] of Object.entries(tie)) {
    if (laws.map(reportedNames).some((known) => known.includes(name) && known.includes(other)))
      continue;
    const path = `tie.${name}`;
    throw new InputError(`${option(path, other)}: no law has both`, { option: path });
  }
  if (hasRidge(ridge) && laws.every((law) => ridgeOf(law, ridge) === undefined))
    throw new InputError(
      `${option("ridge")}: no law has parameters that have one value a domain; name others, such as ‘ridge: ${laws[0]?.coordinates.find(({ spec }) => spec.chart === undefined)?.symbol ?? "alpha"}=1e-4’`,
      { option: "ridge" },
    );
}

function unknown(laws: readonly BoundLaw[], restriction: string, name: string): InputError {
  const known = laws.map(({ law, parameters }) => {
    const symbols = [...new Set(parameters.map(({ symbol }) => symbol))];
    return `${law.name} has ${symbols.join(", ")}`;
  });
  return new InputError(`${option(restriction)}: ${whyUnknown(laws, name)}; ${known.join("; ")}`, {
    option: restriction,
  });
}

function whyUnknown(laws: readonly BoundLaw[], name: string): string {
  /** Whether the name is this one, with or without a domain. */
  const means = (known: string): boolean => name === known || name.startsWith(`${known}[`);
  for (const { parameters, domains } of laws) {
    const parameter = parameters.find(({ symbol }) => means(symbol));
    if (parameter === undefined) continue;
    const { symbol } = parameter;
    return `${symbol} has no ${name.slice(symbol.length)}; the domains are ${domains.join(", ")}`;
  }
  for (const { law, reportAt, size } of laws)
    if (Object.keys(reportAt(new Float64Array(size).fill(1))).some(means))
      return `${name} of the law ${law.name} is no parameter of its own: it follows from others`;
  const inside = laws.some(({ parameters }) =>
    parameters.some(({ parameter }) => means(parameter)),
  );
  return inside
    ? `${name} is what mixlaw fits inside, not a parameter that it reports`
    : `there is no parameter ${name}`;
}
