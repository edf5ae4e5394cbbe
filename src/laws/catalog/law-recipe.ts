/**
 * A bound law as plain data, for another thread: a law has functions, which cannot be sent, so it
 * is bound again there, from what it was bound from.
 */
import type { Restrictions } from "../../options/fit-options.ts";
import { bind, type BoundLaw } from "../bind.ts";
import { isFromDefinition, lawOfDefinition } from "../formula/formula.ts";
import type { Law, LawDefinition, LawOptions } from "../law.ts";
import { lawNamed } from "./catalog.ts";

/** What a law of the catalog or of a formula is made again from. */
type LawSource =
  | { readonly definition: LawDefinition }
  /** `form`: the domain whose form it is, of a law that has a form for each target. */
  | { readonly name: string; readonly form?: number };

/** How single parameters are restricted, and which signs they have. */
type Restricted = LawOptions & Restrictions;

/** What a law is bound from. */
export interface LawRecipe extends Pick<BoundLaw, "shares" | "units" | "frame" | "phases"> {
  readonly source: LawSource;
  readonly restricted: Restricted;
}

/**
 * How to bind a law again that was bound with these settings; undefined of one that is neither the
 * catalog's nor a formula's, whose functions are known here alone.
 */
export function recipeOf(bound: BoundLaw, settings: Restricted): LawRecipe | undefined {
  const source = sourceOf(bound);
  if (source === undefined) return undefined;
  const { shares, units, frame, phases } = bound;
  const { signs, fix, tie, bounds, ranges, starts } = settings;
  const restricted = { signs, fix, tie, bounds, ranges, starts };
  return { source, restricted, shares, units, frame, phases };
}

function sourceOf({ law, domains }: BoundLaw): LawSource | undefined {
  const { name, definition } = law;
  if (definition !== undefined) return isFromDefinition(law) ? { definition } : undefined;
  const known = lawNamed(name);
  if (known === law) return { name };
  const form = domains.findIndex((_, domain) => known?.forDomain?.(domain) === law);
  return form < 0 ? undefined : { name, form };
}

/** The law of a recipe. Throws an Error where this thread's catalog does not have it. */
export function bindRecipe({ source, restricted, shares, ...bound }: LawRecipe): BoundLaw {
  const { units, frame, phases } = bound;
  return bind(lawOfSource(source), shares, { ...restricted, frame, phases }, units);
}

function lawOfSource(source: LawSource): Law {
  if ("definition" in source) return lawOfDefinition(source.definition);
  const { name, form } = source;
  const known = lawNamed(name);
  const law = form === undefined ? known : known?.forDomain?.(form);
  if (law === undefined) throw new Error(`there is no law ${name} in this thread`);
  return law;
}
