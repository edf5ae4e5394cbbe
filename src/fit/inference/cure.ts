/**
 * Which runs would make the size and token terms determined: found by adding them to JᵀJ, not by
 * rule of thumb.
 */
import { lastOf } from "../../base/known.ts";
import { isPlain } from "../../laws/parameters/chart.ts";
import type { RunSet } from "../../data/runs/run-set.ts";
import { flatten } from "../../laws/parameters/parameters.ts";
import { pack } from "../../solve/pack-tables.ts";
import { isCollinear, span } from "../result/coverage.ts";
import { axis, type Fitted, variable } from "./fitted.ts";
import type { Identified } from "./identify.ts";
import {
  condensed,
  designAt,
  type DesignMatrix,
  joinDesigns,
} from "../../solve/design-spectrum.ts";
import { isDetermined, planningPoint } from "./determined.ts";
import { informationFrom } from "./information.ts";
import { predictRows } from "../result/predictor.ts";
import { compact, significant } from "../../base/format-number.ts";

/** A run that is not trained yet. */
export interface PlannedRun {
  readonly params: number;
  readonly tokens: number;
}

/**
 * How far out the new runs lie, and how many of each: the first that cures is proposed, the
 * cheapest first.
 */
const PLANS = [1, 2, 4].flatMap((copies) => [4, 8, 16, 32].map((factor) => ({ factor, copies })));
/** Most runs at the same points: where they do not cure, fewer do not either. */
const MOST = lastOf(PLANS).copies;

export interface Cure {
  /**
   * Reported parameters of the size and token terms, and the constant, that are not determined
   * without them.
   */
  readonly lost: readonly string[];
  readonly runs: readonly PlannedRun[];
  /** How many runs at each of these points. */
  readonly copies: number;
  /** Whether every coordinate of the size and token terms is determined with them. */
  readonly enough: boolean;
  /** Expected standard errors of the exponents with them. */
  readonly errors: Readonly<Record<string, number>>;
  readonly sentence: string;
}

/**
 * Runs that would cure a design in which N, D, or the two together leave their terms undetermined;
 * undefined where that is not the trouble.
 */
export function cure(fitted: Fitted, identified: Identified): Cure | undefined {
  const kind = troubleOf(fitted);
  const watched = watchedCoordinates(fitted);
  const lost = lostAmong(fitted, identified, watched);
  if (kind === undefined || (lost.length === 0 && kind !== "collinear")) return undefined;
  const chosen = tryPlans(fitted, identified, kind, watched);
  const errors = Object.fromEntries(
    exponentsOf(fitted).map((i) => [fitted.law.coordinates[i].label, chosen.errors[i]]),
  );
  return { ...chosen, lost, errors, sentence: sentence(chosen, errors, kind) };
}

/** Reported parameters of the size and token terms that are no coefficients. */
function exponentsOf({ law, theta, parts }: Fitted): number[] {
  const reported = flatten(law.reportAt(theta));
  return parts
    .filter(({ params, tokens }) => params || tokens)
    .flatMap(({ coordinates }) => [...coordinates])
    .filter((i) => {
      const { spec, label } = law.coordinates[i];
      return spec.per === "law" && isPlain(spec.chart) && reported.has(label);
    });
}

/**
 * The parameters not determined that depend on the watched coordinates alone: others take other
 * mixtures, not other sizes.
 */
function lostAmong(
  { law, theta }: Fitted,
  { notIdentified }: Identified,
  watched: readonly number[],
): string[] {
  const reportAt = (point: Float64Array): Map<string, number> => flatten(law.reportAt(point));
  const values = reportAt(theta);
  return notIdentified.filter((label) =>
    watched.some((i) => {
      const moved = reportAt(theta.with(i, theta[i] + 1e-3));
      return moved.get(label) !== values.get(label);
    }),
  );
}

type Trouble = "collinear" | "sizes" | "tokens";

/** Fewer distinct values than the three unknowns of E + A/N^α, or so near to each other. */
const few = (values: Float64Array | undefined, distinct: number | null): boolean => {
  const range = span(values);
  return range !== null && distinct !== null && (distinct < 3 || range.max < 4 * range.min);
};

function troubleOf({ law, runs, coverage }: Fitted): Trouble | undefined {
  const { uses } = law.law;
  if (uses.params && uses.tokens && isCollinear(coverage)) return "collinear";
  if (uses.params && few(runs.inputs["params"], coverage.sizes)) return "sizes";
  return uses.tokens && few(runs.inputs["tokens"], coverage.tokenCounts) ? "tokens" : undefined;
}

function proposedRuns({ runs }: Fitted, kind: Trouble, factor: number): PlannedRun[] {
  const params = runs.inputs["params"] ?? Float64Array.of(1);
  const tokens = runs.inputs["tokens"] ?? Float64Array.of(1);
  const sizes = span(params) ?? { min: 1, max: 1 };
  const counts = span(tokens) ?? { min: 1, max: 1 };
  if (kind === "sizes")
    return [factor, Math.sqrt(factor)].map((f) => ({
      params: round(sizes.min / f),
      tokens: round(median(tokens)),
    }));
  if (kind === "tokens")
    return [factor, Math.sqrt(factor)].map((f) => ({
      params: round(median(params)),
      tokens: round(counts.min / f),
    }));
  const ratio = Math.exp(
    params.reduce((sum, n, i) => sum + Math.log(tokens[i] / n), 0) / params.length,
  );
  return [sizes.min, sizes.max].flatMap((n) =>
    [ratio / factor, ratio * factor].map((r) => ({ params: n, tokens: round(round(r) * n) })),
  );
}

/** Two digits: plans, not measurements. */
const round = (x: number): number => Number(x.toPrecision(2));
const median = (values: Float64Array): number => values.toSorted()[Math.floor(values.length / 2)];

/**
 * The coordinates of terms in N and D, and of a constant. The constant is left out when there is a
 * mixture term, because runs of other sizes cannot separate the two.
 */
function watchedCoordinates({ law, parts, problem }: Fitted): number[] {
  const open = variable(problem);
  const alone = !parts.some(({ weights, params, tokens }) => weights && !params && !tokens);
  const watched = parts.filter(
    ({ params, tokens, weights }) => params || tokens || (alone && !weights),
  );
  return watched
    .flatMap(({ coordinates }) => [...coordinates])
    .filter((i) => law.coordinates[i].spec.per === "law" && open.includes(i));
}

/** Planned runs and what is expected of the fit with them. */
interface Trial extends Pick<Cure, "runs" | "copies" | "enough"> {
  /** Expected standard errors, by coordinate. */
  readonly errors: readonly number[];
}

/** The first plan that is enough, or the largest one. */
function tryPlans(
  fitted: Fitted,
  { information }: Identified,
  kind: Trouble,
  watched: readonly number[],
): Trial {
  const { problem, target } = fitted;
  const theta = planningPoint(fitted, information);
  const planning: Planning = {
    fitted: { ...fitted, theta },
    information,
    design: condensed(designAt(problem, target, theta)),
  };
  const trialOf = ({ factor, copies }: (typeof PLANS)[number]): Trial => {
    const runs = proposedRuns(fitted, kind, factor);
    return { runs, copies, ...expected(planning, runs, copies, watched) };
  };
  // Of a law of hundreds of coordinates a trial takes seconds: none is made twice, nor of few runs
  // where many do not help.
  const known = new Map<number, Trial>();
  const largest = (factor: number): Trial => {
    const trial = known.get(factor) ?? trialOf({ factor, copies: MOST });
    known.set(factor, trial);
    return trial;
  };
  for (const plan of PLANS) {
    const most = largest(plan.factor);
    if (!most.enough) continue;
    const trial = plan.copies === MOST ? most : trialOf(plan);
    if (trial.enough) return trial;
  }
  return largest(lastOf(PLANS).factor);
}

/** What new runs are added to: the fit at its planning point, with the design there. */
interface Planning {
  readonly fitted: Fitted;
  readonly information: Identified["information"];
  readonly design: DesignMatrix;
}

/** Standard errors of the coordinates with the new runs, and whether they determine the watched. */
function expected(
  { fitted, information, design }: Planning,
  planned: readonly PlannedRun[],
  copies: number,
  watched: readonly number[],
): Pick<Trial, "errors" | "enough"> {
  const { law, problem, runs, theta } = fitted;
  const k = law.shares.length;
  const rows = plannedRows(planned, runs, k);
  const packed = pack(problem.program, rows, k, [predictRows(law, theta, rows)]);
  const added = designAt({ ...problem, packed }, 0, theta);
  const joined = joinDesigns(design, added, copies);
  const after = informationFrom(joined, variable(problem), information.noise);
  const errors = law.coordinates.map((_, i) => after.standardError(axis(law, i)));
  return { errors, enough: watched.every((i) => isDetermined(fitted, after, i, errors[i])) };
}

/** Planned runs as rows: of the runs' mean mixture, and of the median of other inputs. */
function plannedRows(
  planned: readonly PlannedRun[],
  runs: RunSet,
  domains: number,
): Pick<RunSet, "rows" | "inputs" | "weights"> {
  const mixture = Array.from({ length: domains }, (_, j) => {
    let sum = 0;
    for (let row = 0; row < runs.rows; row++) sum += runs.weights[row * domains + j];
    return sum / runs.rows;
  });
  const others = Object.entries(runs.inputs).map(
    ([name, values]) => [name, new Float64Array(planned.length).fill(median(values))] as const,
  );
  return {
    rows: planned.length,
    inputs: {
      ...Object.fromEntries(others),
      params: Float64Array.from(planned, ({ params }) => params),
      tokens: Float64Array.from(planned, ({ tokens }) => tokens),
    },
    weights: Float64Array.from(planned.flatMap(() => mixture)),
  };
}

function sentence(
  { runs, copies, enough }: Pick<Cure, "runs" | "copies" | "enough">,
  errors: Cure["errors"],
  kind: Trouble,
): string {
  const each = copies === 1 ? "" : `, ${copies} runs each`;
  const hoped = Object.entries(errors).map(([name, error]) => `${name} ${significant(error, 1)}`);
  const outcome =
    hoped.length === 0
      ? ""
      : `; expected standard errors then: ${hoped.join(", ")}${enough ? "" : ", still too wide"}`;
  return `add runs at ${places(runs, kind)}${each}${outcome}`;
}

/**
 * Where the runs lie, in words. Runs for a collinear design are listed by size; other runs by their
 * new sizes or token counts.
 */
function places(runs: readonly PlannedRun[], kind: Trouble): string {
  const [{ params: size, tokens: count }] = runs;
  if (kind === "sizes")
    return `N = ${runs.map(({ params }) => compact(params)).join(" and ")}${count > 1 ? ` with D = ${compact(count)}` : ""}`;
  if (kind === "tokens")
    return `D = ${runs.map(({ tokens }) => compact(tokens)).join(" and ")}${size > 1 ? ` with N = ${compact(size)}` : ""}`;
  const sizes = [...new Set(runs.map(({ params }) => params))];
  const counts = (n: number): string =>
    runs
      .filter(({ params }) => params === n)
      .map(({ tokens }) => compact(tokens))
      .join(" and ");
  const ratios = runs
    .filter(({ params }) => params === size)
    .map(({ params, tokens }) => round(tokens / params));
  return `${sizes.map((n) => `N = ${compact(n)} with D = ${counts(n)}`).join(", ")} (${ratios.join(" and ")} tokens per parameter at the same sizes)`;
}
