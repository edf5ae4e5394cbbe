/** What the flags of `mixlaw optimize` ask of the library. */
import { byNames, given } from "../../../base/objects.ts";
import { InputError } from "../../../base/errors.ts";
import { noWorse } from "../../../mixture/constraints/kinds/no-worse.ts";
import type { OptimizeOptions } from "../../../mixture/request/optimize-options.ts";
import type { FitFile } from "../../../node.ts";
import { constraintsOf, readerOf } from "../constraint-flags.ts";
import { inAbsolute, insists } from "../counts.ts";
import { objectiveOf } from "../objective-flag.ts";
import { mixtureOf, namesOf, pairs, type PhaseParts } from "../shares.ts";
import {
  type AskedFlags,
  inputsOf,
  type OptimizeFlags,
  type ScaleFlags,
} from "./optimize-flags.ts";
import { candidatesFrom } from "./read-candidates.ts";

/** The flags for a fit file, whose names they may use. */
export async function flagsFor(
  file: FitFile,
  { objective, law, ...others }: AskedFlags,
): Promise<OptimizeFlags> {
  const names = namesOf(file);
  const example = "loss_code=joint,loss_web=additive";
  return {
    ...others,
    names,
    fit: file,
    ...given({
      objective: objective === undefined ? undefined : await objectiveOf(objective, names),
      law:
        law?.includes("=") === true ? pairs("--law", [law], names.targets, example) : law?.trim(),
    }),
  };
}

/**
 * The flags with counts in absolute numbers; `units` is "absolute" where they are meant as they
 * are.
 */
export function absoluteFlags({ units, path, ...flags }: AskedFlags): AskedFlags {
  return {
    ...inAbsolute(flags, units),
    ...(path === undefined ? {} : { path: inAbsolute(path, units) }),
    ...(insists(units, flags, path ?? {}) ? { units: "absolute" } : {}),
  };
}

/** Throws InputError for flags that say the same thing twice. */
export function checkScale({ flops, path, params, tokens }: ScaleFlags): void {
  if (flops === undefined) return;
  const others = { "--path": path, "--params": params, "--tokens": tokens };
  const clash = Object.entries(others).find(([, value]) => value !== undefined);
  if (clash !== undefined)
    throw new InputError(
      `--flops chooses N and D, and ${clash[0]} gives them: leave one out, or write --path flops=…`,
    );
}

/** The phases' parts of the tokens as numbers: there is no table that has columns of them. */
const partsOf = (phases: PhaseParts): Record<string, number> =>
  byNames(
    Object.entries(phases).map(([name, part]) => {
      if (typeof part === "number") return [name, part];
      throw new InputError(
        `--phases: ${name} is ${JSON.stringify(part)}, which is no number; write it like main=0.8,anneal=0.2`,
      );
    }),
  );

/** The request of the flags; what is not given is left out. */
export async function optionsOf(flags: OptimizeFlags): Promise<OptimizeOptions> {
  const { params, tokens, objective: goal, law: laws, solver, samples, seed } = flags;
  const {
    epsilon,
    level,
    interval,
    robust,
    reference,
    noWorse: factors,
    beyond,
    candidates,
  } = flags;
  return given({
    params,
    tokens,
    units: flags.units === "absolute" ? flags.units : undefined,
    inputs: inputsOf(flags),
    phases: flags.phases && partsOf(flags.phases),
    objective: goal,
    law: laws,
    constraints: await constraintsOf(flags, flags.names),
    reference:
      reference === undefined ? undefined : await mixtureOf(reference, flags.names.domains),
    noWorse: factors === undefined ? undefined : noWorse.flag.parse(factors, readerOf(flags.names)),
    beyond,
    solver,
    samples,
    seed,
    epsilon,
    // Along a path there are none: each stop would solve for every replicate again.
    intervals: flags.intervals && flags.path === undefined,
    intervalOf: flags.intervalOf,
    level,
    interval,
    robust,
    candidates: candidates === undefined ? undefined : await candidatesFrom(candidates, flags.fit),
  });
}
