/** Information criteria of a fit whose objective is a Huber or squared loss. */
import { errorFunction } from "simple-statistics";

/**
 * −2 ln L per run at the best scale. Minimizing the mean of Huber's ρ is maximum likelihood for
 * errors of density exp(−ρ(r)/τ)/Z(τ), normal inside the corner and exponential beyond, with Z(τ) =
 * √(2πτ)·erf(δ/√(2τ)) + (2τ/δ)·e^(−δ²/(2τ)); τ is estimated with the rest, by golden section on ln
 * τ. Squared loss is δ = ∞: the normal density.
 */
export function deviancePerRun(objective: number, delta: number): number {
  const lnZ = (tau: number): number => {
    const x = delta / Math.sqrt(2 * tau);
    if (x > 6) return 0.5 * Math.log(2 * Math.PI * tau);
    return Math.log(
      Math.sqrt(2 * Math.PI * tau) * errorFunction(x) + ((2 * tau) / delta) * Math.exp(-x * x),
    );
  };
  const value = (lnTau: number): number => 2 * (lnZ(Math.exp(lnTau)) + objective / Math.exp(lnTau));
  let [low, high] = [Math.log(objective) - 5, Math.log(objective) + 5];
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let n = 0; n < 80; n++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (value(a) < value(b)) high = b;
    else low = a;
  }
  return value(0.5 * (low + high));
}

export interface Criteria {
  /**
   * Akaike's criterion corrected for small samples (Hurvich & Tsai 1989), and Schwarz's; null where
   * there are not enough runs.
   */
  readonly aicc: number | null;
  readonly bic: number;
}

/**
 * @param runs that weigh something; @param coordinates that are free, without the scale, which is
 *   counted here
 */
export function criteria(
  objective: number,
  delta: number,
  runs: number,
  coordinates: number,
): Criteria {
  const k = coordinates + 1;
  const deviance = runs * deviancePerRun(objective, delta);
  const room = runs - k - 1;
  return {
    aicc: room > 0 ? deviance + 2 * k + (2 * k * (k + 1)) / room : null,
    bic: deviance + k * Math.log(runs),
  };
}
