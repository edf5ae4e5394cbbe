/** Mixtures that a request asks about: what laws say of them, and which constraints they break. */
import { InputError } from "../../base/errors.ts";
import { itemAt } from "../../base/known.ts";
import { checkLimit } from "../../options/limits.ts";
import { option } from "../../base/option-text.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import type { Limit } from "../constraints/kinds/kind.ts";
import { ballExcess } from "../constraints/kinds/kind.ts";
import type { Region } from "../constraints/region.ts";
import { mixtureFrom } from "../problem/mixture-from.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import type { AskedMixture, Judged, Optimum, Violation } from "../request/optimum.ts";
import type { OptimumInterval } from "../request/optimum-interval.ts";
import { replicatesFor } from "./replicates.ts";

/** A candidate as shares in the order of the domains. */
export interface CandidateMixture {
  /** How the request calls it. */
  readonly name: string;
  readonly h: Float64Array;
}

/**
 * The request's candidates as vectors. Throws InputError for those that are no mixtures, and for
 * two of one name.
 */
export function candidatesOf(
  file: FitFile,
  { fits, space }: Problem,
  { candidates = [] }: OptimizeOptions,
): readonly CandidateMixture[] {
  if (candidates.length === 0) return [];
  const replicates = replicatesFor(file, fits)?.replicates.length ?? 1;
  checkLimit("candidateNumbers", candidates.length * replicates, {
    what: option("candidates"),
    remedy: "name fewer mixtures",
    where: { option: "candidates" },
  });
  const names = new Set<string>();
  const twice = candidates.find(({ name }) => names.size === names.add(name).size);
  if (twice !== undefined)
    throw new InputError(
      `${option("candidates")} has two mixtures called ${JSON.stringify(twice.name)}: give each its own name.`,
      { option: "candidates" },
    );
  return candidates.map(({ name, weights }) => ({
    name,
    h: mixtureFrom(space, weights, "candidates", name),
  }));
}

/**
 * What is said of each candidate: by the chance that it is best, where replicates tell, else by its
 * objective. Nothing where there are none.
 *
 * @param judge what the fits' laws say of a mixture
 */
export function askedMixtures(
  candidates: readonly CandidateMixture[],
  judge: (h: Float64Array) => Judged,
  region: Region,
  interval: OptimumInterval | null,
): Pick<Optimum, "candidates"> {
  if (candidates.length === 0) return {};
  const ranked = interval?.candidates ?? [];
  const place = (name: string): number => ranked.findIndex((other) => other.name === name);
  const asked = candidates
    .map(({ name, h }): AskedMixture => {
      const { interval: around, chanceBest, meanRank } = ranked[place(name)] ?? {};
      return {
        name,
        ...judge(h),
        violated: violationsOf(region, h),
        interval: around ?? null,
        chanceBest: chanceBest ?? null,
        meanRank: meanRank ?? null,
      };
    })
    .toSorted((a, b) => place(a.name) - place(b.name) || a.objective - b.objective);
  return { candidates: asked };
}

/** Sums of shares that are nearer to a bound keep it, as written shares are rounded. */
const SLACK = 1e-6;

/** The constraints that a mixture breaks, and by how much. */
export function violationsOf(region: Region, h: Float64Array): Violation[] {
  const { limits, l1, curved, choices, lattice } = region;
  const all: Violation[] = [
    ...limits.map((limit) => ({ constraint: limit.name, by: excessOf(limit, h) })),
    ...choices.map((pair) =>
      pair
        .map((limit) => ({ constraint: limit.name, by: excessOf(limit, h) }))
        .reduce((least, other) => (other.by < least.by ? other : least)),
    ),
    ...(l1 === undefined
      ? []
      : [
          {
            constraint: l1.name,
            by: ballExcess(l1, h),
          },
        ]),
    ...curved.map(({ name, excess }) => ({ constraint: name, by: excess.value(h) })),
    ...(lattice === undefined
      ? []
      : [{ constraint: `lattice 1/${lattice}`, by: fromLattice(lattice, h) }]),
  ];
  return all.filter(({ by }) => by > SLACK);
}

/** How far a mixture is outside a limit; at most 0 inside. */
function excessOf({ coefficients, min, max, divisor = 1 }: Limit, h: Float64Array): number {
  const value = coefficients.reduce((sum, a, i) => sum + a * itemAt(h, i), 0);
  return divisor * Math.max(value - max, min - value);
}

/** The largest distance of a share from a multiple of 1/n. */
const fromLattice = (n: number, h: Float64Array): number =>
  h.reduce((most, x) => Math.max(most, Math.abs(x - Math.round(x * n) / n)), 0);
