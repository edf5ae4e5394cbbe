/** Whether fits are at the noise floor, in sentences. */
import type { Fit } from "../../../fit/result/fit-file.ts";
import { count } from "../../../base/wording.ts";
import { number } from "../../../base/format-number.ts";

/**
 * Residuals up to this many times the noise are as good as the noise: a tenth more is not worth
 * another law.
 */
const NEAR = 1.1;
/** Lack of fit is told below this chance of being none. */
const CHANCE = 0.01;

/**
 * What runs of one configuration, and given standard deviations, say of the size of a fit's
 * residuals.
 */
export function noiseWords({ residualSd, noise, overSigma }: Fit): string[] {
  const said: string[] = [];
  if (residualSd !== null && noise !== null) {
    const ratio = residualSd / noise.sd;
    const seen = `the residual sd ${number(residualSd, 3)} is ${number(ratio, 3)} × the run-to-run noise ${number(noise.sd, 3)} (${count(noise.configurations, "configuration")} with ${noise.runs} runs)`;
    const { lackOfFit } = noise;
    const lacks = lackOfFit !== null && lackOfFit.p < CHANCE;
    if (ratio <= NEAR) said.push(`${seen}: no law of these inputs can do much better`);
    else if (lacks)
      said.push(
        `${seen}: the law misses something that repeats (lack of fit F = ${number(lackOfFit.F, 3)}, p = ${number(lackOfFit.p, 2)})`,
      );
    else said.push(`${seen}: so few repeats cannot tell whether another law would do better`);
  }
  if (overSigma !== undefined) {
    const end =
      overSigma <= NEAR
        ? "no law of these inputs can do much better"
        : "the law misses something, or the standard deviations leave out a part of the noise (such as that between seeds)";
    said.push(`residuals are ${number(overSigma, 3)} × the standard deviations given: ${end}`);
  }
  return said;
}
