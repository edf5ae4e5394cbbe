/**
 * The largest Σᵢ Fᵢ(xᵢ) over mixtures in a box, where each Fᵢ is a concave sum of powers of one
 * share and a line: by the multiplier λ of Σ xᵢ = 1, for which each share is found by itself.
 */

/** scale·x^exponent, with a scale above 0 and an exponent between 0 and 1. */
interface ConcavePower {
  readonly scale: number;
  readonly exponent: number;
  /** scale·exponent, the slope at 1, and its logarithm: asked for at each λ. */
  readonly rate: number;
  readonly lnRate: number;
}

export const concavePower = (scale: number, exponent: number): ConcavePower => {
  const rate = scale * exponent;
  return { scale, exponent, rate, lnRate: Math.log(rate) };
};

/** Σ scale·x^exponent + slope·x. */
export interface ConcaveShare {
  readonly low: number;
  readonly high: number;
  readonly powers: readonly ConcavePower[];
  readonly slope: number;
}

export interface LargestSum {
  /** No mixture in the box has a larger sum than this. */
  readonly bound: number;
  /** The mixture that has it, up to rounding. */
  readonly x: Float64Array;
  /** ∂bound/∂(Σ x). */
  readonly lambda: number;
}

/** Newton's steps for one share, and steps that narrow the bracket of λ. */
const STEPS = { share: 30, lambda: 80 } as const;
/** How exactly ln x, λ (relatively) and the sum of all shares are found. */
const PRECISION = { share: 1e-10, lambda: 1e-13, sum: 1e-10 } as const;

function valueAt({ powers, slope }: ConcaveShare, x: number): number {
  let value = slope * x;
  if (x > 0) for (const { scale, exponent } of powers) value += scale * x ** exponent;
  return value;
}

/** The x in [low, high] with the largest F(x) − λx. */
function shareAt({ low, high, powers, slope }: ConcaveShare, lambda: number): number {
  const rest = lambda - slope;
  if (powers.length === 0) return rest < 0 ? high : low;
  if (rest <= 0) return high;
  // F′(x) = rest: ln Σ scale·exponent·x^(exponent − 1) falls and is convex in ln x. Each power
  // alone is there too soon; from the last of them Newton's steps never go too far.
  const target = Math.log(rest);
  let y = -Infinity;
  for (const { exponent, lnRate } of powers) y = Math.max(y, (lnRate - target) / (1 - exponent));
  if (!(y > -Infinity)) return low;
  const end = Math.log(high);
  for (let n = 0; n < STEPS.share && powers.length > 1 && y < end; n++) {
    let [sum, moment] = [0, 0];
    for (const { exponent, rate } of powers) {
      const part = rate * Math.exp((exponent - 1) * y);
      sum += part;
      moment += (exponent - 1) * part;
    }
    const step = ((Math.log(sum) - target) * sum) / moment;
    y -= step;
    if (!(Math.abs(step) > PRECISION.share)) break;
  }
  return Math.min(high, Math.max(low, Math.exp(y)));
}

/** Undefined where the box holds no mixture. @param near a λ to begin with */
export function largestSum(shares: readonly ConcaveShare[], near: number): LargestSum | undefined {
  if (shares.reduce((a, { low }) => a + low, 0) > 1 + 1e-12) return undefined;
  if (shares.reduce((a, { high }) => a + high, 0) < 1 - 1e-12) return undefined;
  const at = (lambda: number): Side => {
    const x = new Float64Array(shares.length);
    let sum = 0;
    for (const [i, share] of shares.entries()) sum += x[i] = shareAt(share, lambda);
    return { lambda, x, sum };
  };
  let [below, above] = bracket(at, near);
  for (let n = 0; n < STEPS.lambda; n++) {
    const width = below.lambda - above.lambda;
    const size = Math.max(Math.abs(below.lambda), Math.abs(above.lambda));
    if (width <= PRECISION.lambda * size || above.sum - 1 <= PRECISION.sum) break;
    // The secant where sums fall smoothly, turn about with halving where they jump.
    const secant = (above.sum - 1) / (above.sum - below.sum);
    const part =
      n % 2 === 0
        ? Math.min(0.95, Math.max(0.05, 1.02 * secant))
        : n % 4 === 1
          ? Math.min(0.98, Math.max(0.02, 0.98 * secant))
          : 0.5;
    const middle = at(above.lambda + part * width);
    if (middle.sum >= 1) above = middle;
    else below = middle;
  }
  const dual = ({ lambda, x }: Side): number =>
    shares.reduce((sum, share, i) => sum + valueAt(share, x[i]) - lambda * x[i], lambda);
  const part = above.sum > below.sum ? (1 - below.sum) / (above.sum - below.sum) : 0;
  const t = Math.min(1, Math.max(0, part));
  const { x: from } = below;
  return {
    bound: Math.min(dual(below), dual(above)),
    x: from.map((low, i) => low + t * (above.x[i] - low)),
    lambda: below.lambda,
  };
}

/** The shares at a λ. */
interface Side {
  readonly lambda: number;
  readonly x: Float64Array;
  readonly sum: number;
}

/** A λ whose shares sum to less than 1, and one whose shares sum to 1 or more. */
function bracket(at: (lambda: number) => Side, near: number): [Side, Side] {
  let step = 0.1 * Math.abs(near) + 1e-12;
  let [below, above] = [at(near + step), at(near - step)];
  for (let n = 0; n < 200 && below.sum >= 1; n++, step *= 3) {
    above = below;
    below = at(below.lambda + step);
  }
  for (let n = 0; n < 200 && above.sum < 1; n++, step *= 3) {
    below = above;
    above = at(above.lambda - step);
  }
  return [below, above];
}
