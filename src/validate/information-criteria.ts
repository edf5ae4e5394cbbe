/** Information criteria of a fit, from the density of residuals that its loss stands for. */
import type { Runs } from "../data/runs/run-set.ts";
import { errorBlocks } from "../data/runs/shared-errors.ts";
import { lossOf, type ScaledLoss } from "../expr/loss.ts";

/**
 * Whether rows may share their error, so that they say less than as many runs. The criteria take
 * rows as independent.
 */
export function isSharingErrors(runs: Runs): boolean {
  const { blocks, apart } = errorBlocks(runs);
  return blocks < runs.train.rows || apart > 0;
}

/**
 * −2 ln L per run at the best scale τ; −∞ of a fit without any residual. Minimizing the mean of ρ
 * is maximum likelihood for residuals of density exp(−ρ(r)/τ)/Z(τ): normal for the squared loss,
 * normal up to δ and exponential beyond for Huber's, Student's t for the Cauchy loss. τ is found by
 * golden section on ln τ.
 */
export function deviancePerRun(objective: number, { name, delta }: ScaledLoss): number {
  if (objective === 0) return -Infinity;
  const { logNormalizer } = lossOf(name);
  const value = (lnTau: number): number => {
    const tau = Math.exp(lnTau);
    return 2 * (logNormalizer(tau, delta) + objective / tau);
  };
  let [low, high] = [Math.log(objective) - 5, Math.log(objective) + 5];
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let n = 0; n < 80; n++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    // Where Z(τ) is infinite, there is no density for this τ and for larger ones.
    if (value(a) < value(b) || value(a) === Infinity) high = b;
    else low = a;
  }
  return value(0.5 * (low + high));
}

export interface Criteria {
  /**
   * Akaike's criterion corrected for small samples (Hurvich & Tsai 1989), and Schwarz's; null where
   * there are not enough runs. Both are null where a fit has no residuals.
   */
  readonly aicc: number | null;
  readonly bic: number | null;
}

/**
 * @param objective the mean loss of the fit
 * @param runs how many weigh something
 * @param coordinates how many are free; τ, which is estimated too, is counted here
 */
export function criteria(
  objective: number,
  loss: ScaledLoss,
  runs: number,
  coordinates: number,
): Criteria {
  const k = coordinates + 1;
  const deviance = runs * deviancePerRun(objective, loss);
  if (!Number.isFinite(deviance)) return { aicc: null, bic: null };
  const room = runs - k - 1;
  return {
    aicc: room > 0 ? deviance + 2 * k + (2 * k * (k + 1)) / room : null,
    bic: deviance + k * Math.log(runs),
  };
}
