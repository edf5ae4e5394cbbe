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
  if (phase === undefined)
    throw new InputError(
      phases === undefined
        ? `${option("phase")} is "${name}", and the optimum has one mixture: leave it out`
        : `${option("phase")} is "${name}", and the phases are ${either(phases.each.map((each) => each.name))}`,
      { option: "phase" },
    );
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

/** Throws InputError for an optimum of phases where one mixture is wanted, and none is named. */
export function checkOneMixture({ phases }: Pick<Optimum, "phases">, format: string): void {
  if (phases === undefined) return;
  const names = phases.each.map(({ name }) => name);
  throw new InputError(
    `${option("format", format)} holds one mixture, and each phase has its own: choose ${either(names)} with ${option("phase")}`,
    { option: "phase" },
  );
}
