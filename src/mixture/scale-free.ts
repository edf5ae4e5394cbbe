/** Whether the optimum mixture is the same at every scale, and whether it has a limit. */
import type { FitFile } from "../fit/result/fit-file.ts";
import { restore } from "../fit/predict.ts";
import { isScaleFree } from "../laws/scale-free.ts";
import { type Demanding, demandedKinds, demandsOf } from "./constraints/constraint-kinds.ts";
import type { Optimum } from "./request/optimum.ts";

/**
 * Whether no N and D can move an optimum: its laws only add the mixture's terms and those of N and
 * D, and nothing that was asked for depends on N and D under any law. Ratios to a reference's loss
 * do (`objective: "worst"`, `noWorse`), and so do caps from available tokens.
 */
export function isOptimumScaleFree(
  file: FitFile,
  { laws, goal }: Pick<Optimum, "laws" | "goal">,
  options: Demanding,
): boolean {
  const kinds = demandedKinds(demandsOf(options));
  if (goal === "worst" || kinds.some(({ withScale }) => withScale !== undefined)) return false;
  return file.fits
    .filter(({ target, law }) => laws[target] === law)
    .every((fit) => isScaleFree(restore(file, fit).law));
}

/**
 * Whether there is an optimum at ever larger N and D: not where constraints then leave no mixture.
 */
export const hasScaleLimit = (options: Demanding): boolean =>
  demandedKinds(demandsOf(options)).every(({ withScale }) => withScale !== "closes");
