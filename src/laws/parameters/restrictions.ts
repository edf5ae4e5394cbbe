/**
 * What a user says of a law's parameters: which are fixed, tied, bounded or given a start range.
 */
import { firstOf, itemAt } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import type { Restrictions } from "../../options/fit-options.ts";
import type { Parameter } from "./parameters.ts";

/** Restrictions by the position of the parameter, as far as a law has it. */
export interface ByPosition {
  readonly fixed: ReadonlyMap<number, number>;
  /** The position of the parameter that it equals. */
  readonly tied: ReadonlyMap<number, number>;
  /** In the reported parameter's own units; an open end is infinite. */
  readonly bounds: ReadonlyMap<number, readonly [number, number]>;
  readonly ranges: ReadonlyMap<number, readonly [number, number]>;
}

/**
 * Finds the parameters that restrictions name.
 *
 * @throws InputError for restrictions that contradict each other.
 */
export function restrictionsByPosition(
  parameters: readonly Parameter[],
  { fix = {}, tie = {}, bounds = {}, ranges = {} }: Partial<Restrictions>,
): ByPosition {
  const closed = Object.entries(bounds).map(
    ([name, [low, high]]) => [name, [low ?? -Infinity, high ?? Infinity] as const] as const,
  );
  const restricted: ByPosition = {
    fixed: byPosition(parameters, fix),
    tied: new Map(
      Object.entries(tie).flatMap(([name, other]) => tiedPositions(parameters, name, other)),
    ),
    bounds: byPosition(parameters, Object.fromEntries(closed)),
    ranges: byPosition(parameters, ranges),
  };
  checkContradictions(parameters, restricted);
  return restricted;
}

/**
 * Values by position; what names one domain ("gamma[web]") goes before what names all ("gamma").
 */
export function byPosition<T>(
  parameters: readonly Parameter[],
  values: Readonly<Record<string, T>>,
): Map<number, T> {
  const found = new Map<number, T>();
  for (const kind of ["symbol", "label"] as const)
    for (const [name, value] of Object.entries(values))
      for (const [i, parameter] of parameters.entries())
        if (parameter[kind] === name) found.set(i, value);
  return found;
}

/** Pairs of positions: a parameter, and the one that it equals. */
function tiedPositions(
  parameters: readonly Parameter[],
  name: string,
  other: string,
): (readonly [number, number])[] {
  const positions = (wanted: string): number[] =>
    parameters.flatMap(({ label, symbol }, i) =>
      label === wanted || symbol === wanted ? [i] : [],
    );
  const [from, to] = [positions(name), positions(other)];
  if (from.length === 0 || to.length === 0) return [];
  if (name === other) return from.slice(1).map((i) => [i, firstOf(from)] as const);
  if (to.length > 1 && to.length !== from.length)
    throw new InputError(
      `${option(`tie.${name}`, other)}: ${other} has one value a domain and ${name} has not; name one, such as ${itemAt(parameters, firstOf(to)).label}`,
      { option: "tie" },
    );
  return from
    .map((i, n) => [i, to.length === 1 ? firstOf(to) : itemAt(to, n)] as const)
    .filter(([i, j]) => i !== j);
}

/** Checks that a parameter is only fixed, or only tied, or bounded and given a start range. */
function checkContradictions(
  parameters: readonly Parameter[],
  { fixed, tied, bounds, ranges }: ByPosition,
): void {
  const limited = (i: number): string => (bounds.has(i) ? "bounded" : "given a start range");
  for (const i of [...tied.keys(), ...bounds.keys(), ...ranges.keys()])
    if (fixed.has(i))
      throw contradiction(itemAt(parameters, i), "fixed", tied.has(i) ? "tied" : limited(i));
  for (const i of [...bounds.keys(), ...ranges.keys()])
    if (tied.has(i)) throw contradiction(itemAt(parameters, i), "tied", limited(i));
}

const contradiction = ({ label }: Parameter, first: string, second: string): InputError =>
  new InputError(
    `${label} is ${first} and ${second}: only one of ${option("fix")}, ${option("tie")}, ${option("bounds")} and ${option("ranges")} can be said of a parameter (bounds and a range together can)`,
    { option: "fix" },
  );
