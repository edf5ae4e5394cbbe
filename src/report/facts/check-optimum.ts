/** Whether an optimum is one of the fits that it is shown with. */
import { InputError } from "../../base/errors.ts";
import { loss } from "../../base/format-number.ts";
import { itemAt, ownOf } from "../../base/known.ts";
import { byNames, given } from "../../base/objects.ts";
import { listed } from "../../base/wording.ts";
import { inputsOf } from "../../laws/inputs.ts";
import { fractionOf } from "../../options/phases.ts";
import { supplyInputs } from "../../options/supply.ts";
import { lawIn } from "../../fit/file/law-of-fit.ts";
import { predictionsAt } from "../../fit/predict.ts";
import type { Fit, FitFile } from "../../fit/result/fit-file.ts";
import type { Optimum } from "../../mixture/request/optimum.ts";
import { partsOf } from "../../mixture/request/predicted-by.ts";
import { pointsOf } from "../what-if/evaluate.ts";
import { type NamedOptimum, sharesIn } from "./material.ts";

/** Predictions of one fit differ by less, whichever version made them. */
const SAME = 1e-6;

/**
 * Checks that an optimum has the domains, targets and laws of a file, the losses that its fits
 * predict there, and those of the mixtures that it is compared with.
 *
 * @throws InputError that says what is another's.
 */
export function checkOptimum(file: FitFile, { name, optimum }: NamedOptimum): void {
  const { weights, laws, predicted } = optimum;
  const refuse = (why: string): never => {
    throw new InputError(
      `${name} is no optimum of these fits: ${why}. Give the fit file that it was made from, or optimize again.`,
      { file: name },
    );
  };
  const { domains } = file.data;
  const strange = Object.keys(weights).filter((domain) => !domains.includes(domain));
  const missing = domains.filter((domain) => !Object.hasOwn(weights, domain));
  if (strange.length + missing.length > 0)
    refuse(`its domains are ${listed(Object.keys(weights))}, and the fit file's ${listed(domains) || "none"}`); // prettier-ignore
  const fits = Object.keys(laws).flatMap((target) =>
    Object.entries(partsOf(optimum, target)).map(([law, part]) => {
      const fit = file.fits.find((each) => each.law === law && each.target === target);
      if (fit !== undefined) return { fit, part };
      return refuse(`it uses ${law} for ${target}, of which the fit file has no fit`);
    }),
  );
  for (const [whose, { predicted: losses }] of [
    ["its mixture", optimum],
    ["its reference mixture", optimum.reference],
    ["the uniform mixture", optimum.uniform],
  ] as const) {
    const lost = Object.keys(laws).find((target) => !Object.hasOwn(losses, target));
    if (lost !== undefined) refuse(`it lacks the predicted loss of ${lost} for ${whose}`);
  }
  const inputs = inputsAt(optimum);
  const isAsked = ({ law }: Fit): boolean => {
    const { params, tokens } = lawIn(file, law).uses;
    const others = inputsOf(lawIn(file, law), domains, file.data.phases);
    const needed = [...(params ? ["params"] : []), ...(tokens ? ["tokens"] : []), ...others.map((each) => each.name)]; // prettier-ignore
    return needed.every((input) => Object.hasOwn(inputs, input));
  };
  // Of sizes without an end, a file has none.
  if (!fits.every(({ fit }) => isAsked(fit))) return;
  const point = pointsOf(file, inputs, [sharesIn(domains, weights)]);
  const own = predictionsAt({ ...file, fits: fits.map(({ fit }) => fit) }, point);
  for (const target of Object.keys(laws)) {
    const here = own.reduce((sum, { fit, values }, n) =>
      fit.target === target ? sum + itemAt(fits, n).part * itemAt(values, 0) : sum, 0); // prettier-ignore
    const there = ownOf(predicted, target);
    if (there !== undefined && !(Math.abs(here / there - 1) <= SAME))
      refuse(`it has ${loss(there)} for ${target}, and the fit file predicts ${loss(here)} there`); // prettier-ignore
  }
}

/** N, D, other inputs, the supply and the parts of phases that an optimum was asked at. */
export function inputsAt({ at, request, phases }: Optimum): Record<string, number> {
  // Files of earlier versions have no request.
  const { inputs, constraints } = (request as Optimum["request"] | undefined) ?? {};
  return {
    ...inputs,
    ...supplyInputs(constraints?.available ?? {}),
    ...byNames((phases?.each ?? []).map(({ name, fraction }) => [fractionOf(name), fraction])),
    ...given({ params: at.params ?? undefined, tokens: at.tokens ?? undefined }),
  };
}
