/** Whether fits are at the noise floor, in sentences. */
import type { Fit } from "../fit/result/fit-file.ts";
import { count } from "../base/wording.ts";
import { number } from "../base/format-number.ts";

/**
 * Residuals up to this many times the noise are as good as the noise: a tenth more is not worth
 * another law.
 */
const NEAR = 1.1;
/** Below this chance of being none, lack of fit is told. */
const CHANCE = 0.01;

/** What is read of a fit. Those of earlier versions lack it. */
type Told = Partial<Pick<Fit, "residualSd" | "noise" | "overSigma">>;

/**
 * What runs of one configuration, and given standard deviations, say of the size of a fit's
 * residuals.
 */
export function noiseWords({ residualSd = null, noise = null, overSigma }: Told): string[] {
  const sentences: string[] = [];
  if (residualSd !== null && noise !== null) {
    const ratio = residualSd / noise.sd;
    const comparison = `the residual sd ${number(residualSd, 3)} is ${number(ratio, 3)} × the run-to-run noise ${number(noise.sd, 3)} (${count(noise.configurations, "configuration")} with ${noise.runs} runs)`;
    const { lackOfFit } = noise;
    if (ratio <= NEAR) sentences.push(`${comparison}: no law of these inputs can do much better`);
    else if (lackOfFit !== null && lackOfFit.p < CHANCE)
      sentences.push(
        `${comparison}: the law misses something that repeats (lack of fit F = ${number(lackOfFit.F, 3)}, p = ${number(lackOfFit.p, 2)})`,
      );
    else
      sentences.push(
        `${comparison}: so few repeats cannot tell whether another law would do better`,
      );
  }
  if (overSigma !== undefined) {
    const verdict =
      overSigma <= NEAR
        ? "no law of these inputs can do much better"
        : "the law misses something, or the standard deviations leave out a part of the noise (such as that between seeds)";
    sentences.push(
      `residuals are ${number(overSigma, 3)} × the standard deviations given: ${verdict}`,
    );
  }
  return sentences;
}
