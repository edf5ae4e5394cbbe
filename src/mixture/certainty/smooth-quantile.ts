/** A quantile of several losses, as smooth in the mixture as the losses are. */
import { mean } from "../../stats/moments.ts";
import type { Surface } from "../goal/surface.ts";

/** Half the width of the bracket beyond the losses, in units of the kernel's width. */
const REACH = 40;
/** Newton's steps at most; and q is found to this, relatively. */
const NEWTON = { steps: 200, precision: 4e-16 } as const;

/** The logistic distribution. */
const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

/**
 * Silverman's width for a normal kernel, as a logistic kernel of the same standard deviation, which
 * is width·π/√3.
 */
function silvermanWidth(losses: readonly number[]): number {
  const center = mean(losses);
  const sd = Math.sqrt(mean(losses.map((loss) => (loss - center) ** 2)));
  const width = (0.9 * sd * losses.length ** -0.2 * Math.sqrt(3)) / Math.PI;
  return Math.max(width, 1e-12 * Math.abs(center));
}

/**
 * The q with mean_b F((q − L_b)/s) = p, by Newton's steps inside a bracket, to the last digits; and
 * each loss's part in the slope of q, up to a common factor.
 */
function quantileOf(
  losses: readonly number[],
  p: number,
  s: number,
): { readonly q: number; readonly density: readonly number[] } {
  let low = losses.reduce((a, b) => Math.min(a, b)) - REACH * s;
  let high = losses.reduce((a, b) => Math.max(a, b)) + REACH * s;
  let q = mean(losses);
  let density: readonly number[] = [];
  for (let n = 0; n < NEWTON.steps; n++) {
    const below = losses.map((loss) => logistic((q - loss) / s));
    density = below.map((x) => x * (1 - x));
    const gap = mean(below) - p;
    if (gap > 0) high = q;
    else low = q;
    const newton = q - (gap * s) / mean(density);
    const next = newton > low && newton < high ? newton : 0.5 * (low + high);
    const done = Math.abs(next - q) <= NEWTON.precision * Math.abs(q);
    q = next;
    if (done) break;
  }
  return { q, density };
}

/**
 * The quantile p of the losses as a smooth function of h: q with mean_b F((q − L_b)/s) = p, F the
 * logistic distribution: the quantile of the losses' distribution smoothed by a kernel (Nadaraya
 * 1964). The width s is Silverman's for the losses at `start` and stays the same, so that q is as
 * smooth as the laws are.
 */
export function smoothQuantile(each: readonly Surface[], p: number, start: Float64Array): Surface {
  return quantileOver(each, p, silvermanWidth(each.map((surface) => surface.value(start))));
}

function quantileOver(each: readonly Surface[], p: number, width: number): Surface {
  const { domains } = each[0];
  const slope = new Float64Array(domains);
  const at = (losses: readonly number[]) => quantileOf(losses, p, width);
  return {
    domains,
    value: (h) => at(each.map((surface) => surface.value(h))).q,
    law: (h) => at(each.map((surface) => surface.law(h))).q,
    sum: undefined,
    holding: (held) =>
      quantileOver(
        each.map((surface) => surface.holding(held)),
        p,
        width,
      ),
    gradient(h, out) {
      const { q, density } = at(each.map((surface) => surface.value(h)));
      const total = density.reduce((a, b) => a + b, 0);
      out.fill(0);
      for (const [b, surface] of each.entries()) {
        surface.gradient(h, slope);
        for (let i = 0; i < domains; i++) out[i] += (density[b] / total) * slope[i];
      }
      return q;
    },
  };
}
