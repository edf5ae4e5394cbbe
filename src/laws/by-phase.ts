/**
 * Laws of each phase by itself: the domains of a law become the cells of phases, each with
 * parameters of its own, and h the share of all tokens that a domain of a phase has. So the epochs
 * of a cell are those of its phase alone.
 */
import type { Law } from "./law.ts";

/** What the name of such a law ends with. */
export const BY_PHASE = "-by-phase";

const made = new WeakMap<Law, Law>();

/**
 * The law of each phase by itself; undefined of a law without shares, and of one that reads the
 * share of a target's own domain, of which there are then several.
 *
 * @example byPhase(laws.epochs)?.name // "epochs-by-phase"
 */
export function byPhase(law: Law): Law | undefined {
  if (!law.uses.weights || law.forDomain !== undefined || law.uses.phases !== undefined)
    return undefined;
  const known = made.get(law);
  if (known !== undefined) return known;
  const phased: Law = {
    ...law,
    name: `${law.name}${BY_PHASE}`,
    equation: `${law.equation}, i a domain of a phase`,
    about: `${law.about}; each phase by itself, with parameters of its own`,
    uses: { ...law.uses, phases: "cells" },
    contains: {},
  };
  made.set(law, phased);
  return phased;
}
