/** What the view of the mixture shows. */
import { itemAt, ownOf } from "../../../base/known.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { changesBasin } from "../../../mixture/request/optimum-verdict.ts";
import { price } from "../../../words/optimum-sentences.ts";
import type { MixtureData, MixtureLimit, MixtureRow } from "../../../views/decision/mixture.ts";
import { isLacking, type Lacking } from "../../../views/kit/view.ts";
import type { Decision } from "./decision.ts";

type Span = readonly [low: number, high: number];

/** Intervals without an end are those of all shares. */
const within = (interval: readonly [number | null, number | null] | undefined): Span | null =>
  interval === undefined ? null : [interval[0] ?? 0, interval[1] ?? 1];

/** @param decision for the bounds of the constraints that bind; they are not drawn without it */
export function mixtureFacts(optimum: Optimum, decision: Decision | Lacking): MixtureData {
  const { weights, sharpness, undetermined, reference, uniform, active } = optimum;
  // Where replicates lead to other basins, intervals of shares say nothing.
  const interval = changesBasin(optimum.verdict) ? null : optimum.interval;
  const limits = isLacking(decision) ? {} : limitsOf(decision);
  const rows = Object.entries(weights).map(([domain, share]) => ({
    domain,
    share,
    interval: within(ownOf(interval?.weights, domain)),
    near: ownOf(sharpness.ranges, domain) ?? null,
    undetermined: ownOf(undetermined, domain) ?? null,
    reference: ownOf(reference.weights, domain) ?? 0,
    uniform: ownOf(uniform.weights, domain) ?? 0,
    limit: ownOf(limits, domain) ?? null,
  }));
  return {
    rows: rows.toSorted((a, b) => isOpen(a) - isOpen(b) || b.share - a.share),
    epsilon: sharpness.epsilon,
    level: interval?.level ?? null,
    binding: active.map(price),
  };
}

/** Shares that are not determined come last. */
const isOpen = ({ undetermined }: MixtureRow): number => Number(undetermined !== null);

/** By domain: the bound of its own share that the optimum stands at. */
function limitsOf({ optimum, problem, h }: Decision): Readonly<Record<string, MixtureLimit>> {
  const { domains, region } = problem;
  const names = new Set(optimum.active.map(({ constraint }) => constraint));
  const binding = region.limits.filter(({ name }) => names.has(name));
  return Object.fromEntries(
    binding.flatMap(({ name, coefficients, min, max }) => {
      const involved = [...coefficients.keys()].filter((i) => coefficients[i] !== 0);
      const [i = -1] = involved;
      if (involved.length !== 1 || coefficients[i] !== 1) return [];
      const share = itemAt(h, i);
      const bound = Math.abs(share - min) < Math.abs(share - max) ? min : max;
      return [[itemAt(domains, i), { constraint: name, bound }] as const];
    }),
  );
}
