/** What is said of the best mixture: certificate, prices, sharpness, reach, allocation. */
import { firstOf, itemAt, ownOf } from "../base/known.ts";
import { byNames, pick } from "../base/objects.ts";
import { finding, type Finding, sentencesOf } from "../base/verdict.ts";
import { VERSION } from "../base/version.ts";
import { compact, number } from "../base/format-number.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { averagedIn, byTarget, lawsByTarget, lawValue } from "./goal/goal.ts";
import { meanShares } from "./space/space.ts";
import { outside } from "./at-scale.ts";
import { askedMixtures, type CandidateMixture } from "./certainty/candidates.ts";
import { phasesOf } from "./problem/describe-phases.ts";
import { basinFindings, searchFindings, searchOf } from "./describe-search.ts";
import { predictedLosses } from "./certainty/predicted-losses.ts";
import { isPhaseLimit } from "./constraints/region.ts";
import { belowTrainedFindings } from "./certainty/below-trained.ts";
import { byDomain, judgeOf } from "./judge.ts";
import { isRepetitionKnown } from "./problem/choose-fits.ts";
import type { Problem } from "./problem/pose-problem.ts";
import { plateauFindings } from "./plateau.ts";
import { travellingFindings } from "./travelling-findings.ts";
import { trainedLimitOf } from "./trained-limit.ts";
import { reach, type Reach } from "./solver/reach.ts";
import { optimizeOptions } from "./request/check-options.ts";
import { FAR, type OptimizeOptions } from "./request/optimize-options.ts";
import { drawnIn, type Search, storedSearch } from "./search-mixtures.ts";
import { recordedPart, requestOf } from "./request/request-records.ts";
import { exactText } from "../records/exact-text.ts";
import { optimumVerdict } from "./request/optimum-verdict.ts";
import type { Active, Allocation, Optimum } from "./request/optimum.ts";
import { type Sharpness, sharpnessBy } from "./solver/near-optimal.ts";
import type { Rounded } from "./lattice/best-on-lattice.ts";
import { rangesOf, type Tasker } from "./solver/solver-tasks.ts";
import { isCertified, meetsFirstOrder, type PieceSolution } from "./solver/solve.ts";

/** The near-optimal set by default: this share of the objective. */
const EPSILON = 5e-4;
/**
 * Passes over a domain's data from which repetition is known to cost: Muennighoff et al. 2023,
 * arXiv 2305.16264.
 */
const EPOCHS = [40, 16, 4] as const;
/** The near-optimal set is looked at around so many other local optima. */
const BASINS = 4;
/** Multipliers below this are rounding. */
const NO_PRICE = 1e-9;

/** What was found for a request. */
export interface Findings {
  readonly search: Search;
  readonly lattice: Rounded | null;
  readonly candidates: readonly CandidateMixture[];
  readonly interval: Optimum["interval"];
  /** Whether what has to be sought is left out: the near-optimal set and other laws' best. */
  readonly isBrief?: boolean;
}

/** What is told of, and by what. */
interface Told {
  readonly file: FitFile;
  readonly problem: Problem;
  readonly findings: Findings;
  readonly options: OptimizeOptions;
}

/** The answer. Throws AbortedError when the signal fires. */
export async function describe(
  file: FitFile,
  options: OptimizeOptions,
  problem: Problem,
  findings: Findings,
  tasker: Tasker,
): Promise<Optimum> {
  const { search, lattice, candidates, interval } = findings;
  const { best } = search;
  const judge = judgeOf(problem);
  const h = lattice?.h ?? best.solution.h;
  const chosen = judge(h);
  const trained = reach(h, file.data.mixtures.map(({ weights }) => weights)); // prettier-ignore
  const told = searchOf(problem, search);
  const active = activeOf(problem, best);
  const request = { file, problem, findings, options };
  const seeking = seek(request, { active, objective: chosen.objective }, tasker);
  const expected = predictedLosses(file, options, problem, h, isLimit(problem));
  const travelling = await travellingFindings(file, options, problem, { h, ...findings, ...chosen }); // prettier-ignore
  const [trainedLimit, sharpness] = await seeking;
  const found = [
    ...basinFindings(interval),
    ...searchFindings(problem, search, told),
    ...plateauFindings(file, problem, best),
    ...extrapolations(file, options, problem, { h, trained }),
    ...travelling.findings,
    ...expected.findings,
    ...search.faults,
  ];
  const verdict = optimumVerdict(found, told.proof !== null);
  return {
    schema: "mixlaw/optimum@1",
    version: VERSION,
    ...chosen,
    at: { params: options.params ?? null, tokens: options.tokens ?? null },
    laws: lawsByTarget(problem.losses),
    ...averagedIn(problem.losses),
    goal: goalOf(problem, options),
    request: requestOf(optimizeOptions(options)),
    active,
    trainedLimit,
    ...pick(travelling, ["undetermined", "otherLaws", "lawOptima"]),
    prediction: expected.prediction,
    reference: judge(problem.reference),
    uniform: judge(problem.uniform),
    ...askedMixtures(candidates, judge, problem.region, interval),
    robust: options.robust ?? null,
    interval,
    certificate: certificateOf(best, h),
    search: told,
    sharpness,
    reach: reachOf(trained),
    monteCarlo: drawnIn(search.pieces),
    ...phasesOf(problem, h, options),
    allocation: allocate(problem, h, options),
    lattice: lattice && roundedTo(problem, lattice, chosen.objective, best.solution.h),
    verdict,
    warnings: sentencesOf(verdict),
  };
}

const roundedTo = (
  { domains, goal }: Problem,
  { n, units, exact }: Rounded,
  objective: number,
  h: Float64Array,
): Optimum["lattice"] => ({
  denominator: n,
  units: byDomain(domains, units),
  cost: objective - lawValue(goal, h),
  exact,
});

const isLimit = ({ at }: Problem): boolean => at.params >= FAR || at.tokens >= FAR;

const goalOf = ({ losses }: Problem, { objective }: OptimizeOptions): Optimum["goal"] =>
  objective === "worst"
    ? "worst"
    : byNames(byTarget(losses).map(({ target, weight }) => [target, weight]));

const reachOf = ({ inside, hullDistance, nearest }: Reach): Optimum["reach"] => ({
  insideHull: inside,
  hullDistance,
  nearestDistance: nearest?.distance ?? null,
});

function certificateOf(best: PieceSolution, h: Float64Array): Optimum["certificate"] {
  const { stationarity, complementarity, violation } = best.solution;
  return {
    stationarity,
    feasibility: Math.max(best.polytope.violation(h), violation),
    complementarity,
    curvature: best.curvature,
    certified: isCertified(best),
  };
}

/** What has to be sought, with which other threads go on while the rest is found. */
function seek(
  told: Told,
  { active, objective }: { readonly active: readonly Active[]; readonly objective: number },
  tasker: Tasker,
): Promise<[Optimum["trainedLimit"], Optimum["sharpness"]]> {
  const { file, problem, findings } = told;
  const { h } = findings.search.best.solution;
  const sought = Promise.all([
    trainedLimitOf(file, problem, { h, active }, tasker),
    recordedSharpness(told, objective, tasker),
  ]);
  sought.catch(() => undefined); // it is waited for, unless another error comes first
  return sought;
}

/** The near-optimal set, recorded: it follows from the search and from ε. */
function recordedSharpness(
  { file, problem, findings, options }: Told,
  objective: number,
  tasker: Tasker,
): Promise<Optimum["sharpness"]> {
  const { epsilon } = options;
  const sharpness = (): Promise<Optimum["sharpness"]> =>
    sharpnessOf(problem, findings, { epsilon, objective }, tasker);
  if (findings.isBrief === true || options.records === undefined) return sharpness();
  const given = exactText([storedSearch(findings.search), findings.interval?.regret, objective]);
  return recordedPart(file, options, { name: "near-optimal set", drawnBy: "", given }, sharpness);
}

/**
 * The near-optimal set around the continuous optimum: of every piece of the region that reaches
 * into it. ε is as asked for; default what replicates cannot tell apart, else `EPSILON`.
 */
async function sharpnessOf(
  { domains, goal }: Problem,
  { search: { best, pieces }, interval, isBrief = false }: Findings,
  { epsilon, objective }: { readonly epsilon: number | undefined; readonly objective: number },
  tasker: Tasker,
): Promise<Optimum["sharpness"]> {
  const indistinct = interval === null ? 0 : interval.regret.quantile;
  const width = isBrief
    ? 0
    : (epsilon ?? (indistinct > 0 ? indistinct : EPSILON * Math.abs(objective)));
  const base = lawValue(goal, best.solution.h);
  const near = pieces
    .flatMap((piece) => piece.optima.map(({ solution }) => ({ ...piece, solution })))
    .filter(
      (other) =>
        other.solution !== best.solution &&
        meetsFirstOrder(other) &&
        lawValue(goal, other.solution.h) <= base + width,
    )
    .slice(0, BASINS);
  const each: Sharpness[] = [];
  for (const piece of [best, ...near]) {
    const from = piece.solution.h;
    const place = pieces.findIndex(({ polytope }) => polytope === piece.polytope);
    const tasks = rangesOf(from.length, tasker.parts).map((shares) => ({
      piece: place,
      from,
      base,
      epsilon: width,
      shares,
    }));
    each.push(sharpnessBy({ from }, (await tasker.all("ends", tasks)).flat()));
  }
  const { trade } = firstOf(each);
  const ranges = domains.map(
    (_, i) =>
      [
        Math.min(...each.map(({ ranges: of }) => itemAt(of, i).min)),
        Math.max(...each.map(({ ranges: of }) => itemAt(of, i).max)),
      ] as const,
  );
  return {
    epsilon: width,
    ranges: byDomain(domains, ranges),
    trade: trade === undefined ? null : `${domains[trade.up]} against ${domains[trade.down]}`,
  };
}

/** The constraints that hold with equality, as what a little more room would gain. */
function activeOf({ region }: Problem, { polytope, solution }: PieceSolution): Active[] {
  const { h, gradient, multipliers } = solution;
  // At a KKT point h = P(h − ∇L), and the projection's multipliers are those of the constraints.
  const linear = polytope.project(h.map((x, i) => x - itemAt(gradient, i))).multipliers;
  return [
    ...[...linear]
      .filter(([{ name }, multiplier]) => !isPhaseLimit(name) && Math.abs(multiplier) > NO_PRICE)
      .map(([constraint, multiplier]) => ({ constraint, multiplier: Math.abs(multiplier) })),
    ...region.curved
      .map((constraint, j) => ({ constraint, multiplier: itemAt(multipliers, j) }))
      .filter(({ multiplier }) => multiplier > 0),
  ].map(({ constraint, multiplier }) => ({
    constraint: constraint.name,
    ...constraint.price(multiplier, h),
  }));
}

/** Tokens and passes over the data by domain. Phases share a domain's tokens. */
function allocate(
  { domains, space, fits }: Problem,
  h: Float64Array,
  { tokens, constraints }: OptimizeOptions,
): Optimum["allocation"] {
  if (tokens === undefined) return null;
  const limits = isRepetitionKnown(fits) ? [] : EPOCHS;
  const owners = space.phases?.domains ?? domains;
  const shares = meanShares(space, h);
  return Object.fromEntries(
    domains.map((domain, i): [string, Allocation] => {
      const owner = i % owners.length;
      const own = itemAt(h, i) * tokens;
      const all = itemAt(shares, owner) * tokens;
      const available = ownOf(constraints?.available, itemAt(owners, owner));
      if (available === undefined || own === 0)
        return [domain, { tokens: own, epochs: available === undefined ? null : 0, passes: null }];
      const passes = limits.find((limit) => all / available > limit) ?? null;
      return [domain, { tokens: own, epochs: own / available, passes }];
    }),
  );
}

/** Where the mixture or the size lies beyond what was trained. */
const extrapolations = (
  file: FitFile,
  options: OptimizeOptions,
  problem: Problem,
  { h, trained }: { readonly h: Float64Array; readonly trained: Reach },
): Finding[] => [
  ...outsideTrained(file.data, trained),
  ...belowTrainedFindings(file, problem, options, h),
  ...sizesBeyond(file, options, problem),
];

/** A finding for each of N and D that no training run comes near. */
function sizesBeyond(
  file: FitFile,
  { params, tokens }: OptimizeOptions,
  { fits }: Problem,
): Finding[] {
  const at = { params: params ?? null, tokens: tokens ?? null };
  return outside(file, at).flatMap((name) => {
    const [range, value] = [file.data.range[name], at[name]];
    const isRead = fits.some(({ fitted }) => fitted.law.law.uses[name]);
    if (range === null || value === null || value >= FAR || !isRead) return [];
    const what = name === "params" ? "parameters" : "tokens";
    return [
      finding(
        "beyond-trained-scale",
        `${compact(value)} ${what} lie outside the range of the training runs (${compact(range.min)} to ${compact(range.max)}): extrapolated`,
      ),
    ];
  });
}

function outsideTrained(
  { mixtures, distinctMixtures }: FitFile["data"],
  { inside, hullDistance }: Reach,
): Finding[] {
  if (inside) return [];
  // A file lists some of very many mixtures: blends of others may reach further.
  const trained =
    distinctMixtures === undefined
      ? "the trained mixtures"
      : `the ${mixtures.length} trained mixtures that the fit file lists of ${distinctMixtures}`;
  return [
    finding(
      "outside-trained-mixtures",
      `the mixture lies outside the blends of ${trained} (${number(100 * hullDistance, 2)} % of the data would have to be another domain's): the law extrapolates there`,
    ),
  ];
}
