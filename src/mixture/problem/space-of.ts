/** The space that a request's mixtures are of. */
import { InputError } from "../../base/errors.ts";
import { ownOf } from "../../base/known.ts";
import { byNames } from "../../base/objects.ts";
import { option } from "../../base/option-text.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { fractionOf, type Phases } from "../../options/phases.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import { phaseSpace, type Space } from "../space/space.ts";

/** Parts that sum to 1 within this are meant to. */
const ROUNDING = 1e-3;

/**
 * The fit's domains, or its phases with the parts of the tokens that the request gives them, else
 * those of the runs. Throws InputError for parts that are not known, or cannot be.
 */
export function spaceOf(
  { data }: FitFile,
  { phases: asked }: Pick<OptimizeOptions, "phases">,
): Space {
  const { domains, phases, range } = data;
  if (phases === undefined) {
    if (asked === undefined) return { domains };
    throw wrong(`is given, and the runs of ${data.source} have one mixture each: leave it out`);
  }
  const odd = Object.keys(asked ?? {}).find((name) => !phases.names.includes(name));
  if (odd !== undefined) throw wrong(`names "${odd}"; the phases are ${phases.names.join(", ")}`);
  const parts = phases.names.map((phase) => {
    const extent = ownOf(range.inputs, fractionOf(phase));
    const own = extent?.min === extent?.max ? extent?.min : undefined;
    return asked === undefined ? own : ownOf(asked, phase);
  });
  return phaseSpace({ ...phases, fractions: summedToOne(phases, parts) });
}

function summedToOne({ names }: Phases, parts: readonly (number | undefined)[]): number[] {
  const missing = names.filter((_, p) => parts[p] === undefined);
  if (missing.length > 0)
    throw wrong(
      `must say what part of the tokens ${missing.join(", ")} ${missing.length === 1 ? "has" : "have"}, since the runs differ in it: write it like ${names.map((name) => `${name}=${1 / names.length}`).join()}`,
    );
  const sum = parts.reduce<number>((total, part) => total + (part ?? 0), 0);
  if (Math.abs(sum - 1) > ROUNDING) throw wrong(`sums to ${sum}; the phases' parts sum to 1`);
  return parts.map((part) => (part ?? 0) / sum);
}

const wrong = (problem: string): InputError =>
  new InputError(`${option("phases")} ${problem}`, { option: "phases" });

/** The phases' parts of the tokens as inputs of laws. */
export const fractionsIn = ({ phases }: Space): Record<string, number> =>
  byNames(phases?.names.map((name, p) => [fractionOf(name), phases.fractions[p] ?? 0]) ?? []);
