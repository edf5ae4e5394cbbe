/** An optimum of phases as that of one of them, for formats that hold one mixture. */
import { InputError } from "../../base/errors.ts";
import { either } from "../../base/kinds.ts";
import { ownOf } from "../../base/known.ts";
import { byNames } from "../../base/objects.ts";
import { option } from "../../base/option-text.ts";
import { cellOf } from "../../options/phases.ts";
import type { Allocation, Optimum } from "../request/optimum.ts";

/** The part of an optimum that is written for one mixture. */
export type WrittenMixture = Pick<Optimum, "weights" | "at" | "allocation">;

/**
 * The mixture, tokens and epochs of a phase: its shares sum to 1, and its tokens are those of the
 * phase. Throws InputError for an optimum without phases, and a phase that it has not.
 */
export function ofPhase<T extends WrittenMixture & Pick<Optimum, "phases">>(
  optimum: T,
  name: string,
): T {
  const { phases, allocation, at } = optimum;
  const phase = phases?.each.find((each) => each.name === name);
  if (phase === undefined) throw noPhase(name, namesOf(phases));
  const parts = Object.keys(phase.weights).flatMap((domain): (readonly [string, Allocation])[] => {
    const part = ownOf(allocation ?? undefined, cellOf(name, domain));
    return part === undefined ? [] : [[domain, part]];
  });
  return {
    ...optimum,
    weights: phase.weights,
    at: { ...at, tokens: phase.tokens },
    allocation: allocation === null ? null : byNames(parts),
  };
}

/** The names of an optimum's phases; undefined where it has one mixture. */
export const namesOf = (phases: Optimum["phases"]): string[] | undefined =>
  phases?.each.map(({ name }) => name);

const noPhase = (name: string, names: readonly string[] | undefined): InputError =>
  new InputError(
    names === undefined
      ? `${option("phase")} is "${name}", and the optimum has one mixture: leave it out`
      : `${option("phase")} is "${name}", and the phases are ${either(names)}`,
    { option: "phase" },
  );

/**
 * Throws InputError for a phase that is not there, and where phases have mixtures of their own, for
 * a format of one mixture without a phase.
 *
 * @param names of the phases; undefined where there is one mixture
 * @param format one that holds one mixture; undefined for others
 */
export function checkPhase(
  names: readonly string[] | undefined,
  phase: string | undefined,
  format: string | undefined,
): void {
  if (phase !== undefined) {
    if (names?.includes(phase) !== true) throw noPhase(phase, names);
  } else if (names !== undefined && format !== undefined)
    throw new InputError(
      `${option("format", format)} holds one mixture, and each phase has its own: choose ${either(names)} with ${option("phase")}`,
      { option: "phase" },
    );
}
