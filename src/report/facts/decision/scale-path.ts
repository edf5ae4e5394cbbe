/** How the optimum moves with scale: from the trained sizes to beyond the run that is planned. */
import { InputError } from "../../../base/errors.ts";
import type { Extent } from "../../../fit/result/fit-file.ts";
import { FAR } from "../../../mixture/request/optimize-options.ts";
import type { Scale } from "../../../mixture/goal/surface.ts";
import { isOptimumScaleFree } from "../../../mixture/scale-free.ts";
import { resolver, type Resolver } from "../../../mixture/solver/resolver.ts";
import type { ScalePathData, ScaleStop } from "../../../views/decision/scale-path.ts";
import { isLacking, lacking, type Lacking } from "../../../views/kit/view.ts";
import { type Decision, sharesOf } from "./decision.ts";

/** The path goes to so many times the target. */
const BEYOND = 10;
/** Stops on each side of the target. */
const STOPS = 12;

/** What grows along the path. */
interface Axis {
  readonly name: ScalePathData["axis"];
  /** At the run that is planned. */
  readonly target: number;
  readonly trained: Extent | null;
  /** The scale at so many times the target. */
  readonly at: (times: number) => Pick<Scale, "params" | "tokens">;
}

export function scalePathFacts(decision: Decision | Lacking): ScalePathData | Lacking {
  if (isLacking(decision)) return decision;
  const { file, optimum, request, isAsked, problem } = decision;
  if (optimum.robust !== null)
    return lacking(
      "This optimum is that of a goal over all replicates. Its path along the scales is what mixlaw optimize --path prints.",
    );
  if (!isAsked)
    return lacking(
      "The optimum file does not say which constraints were asked for: it is from an earlier version. Write it again with mixlaw optimize.",
    );
  const axis = axisOf(decision);
  if (axis === undefined)
    return lacking("The laws of this optimum read neither N nor D: it is the same at every scale.");
  if (isOptimumScaleFree(file, optimum, request))
    return lacking(
      "The optimum is the same at every N and D: these laws add what the mixture does to what N and D do, and nothing that was asked for depends on N or D. The law joint, for one, lets it move.",
    );
  const { domains } = problem;
  const { stops, isWhole } = walk(decision, axis);
  return {
    axis: axis.name,
    target: axis.target,
    trained: axis.trained === null ? null : [axis.trained.min, axis.trained.max],
    domains: [...domains],
    stops,
    isWhole,
    // Only what is read grows.
    ratio: axis.name === "flops" ? problem.at.tokens / problem.at.params : null,
  };
}

/** What the laws read of N and D grows; both together keep their ratio. */
function axisOf({ file, problem: { at, fits } }: Decision): Axis | undefined {
  const { params, tokens } = at;
  const { range } = file.data;
  const reads = (input: "params" | "tokens"): boolean =>
    at[input] < FAR && fits.some(({ fitted }) => fitted.law.law.uses[input]);
  if (reads("params") && reads("tokens"))
    return {
      name: "flops",
      target: 6 * params * tokens,
      trained: range.compute ?? null,
      at: (times) => ({ params: params * Math.sqrt(times), tokens: tokens * Math.sqrt(times) }),
    };
  if (reads("params"))
    return { name: "params", target: params, trained: range.params, at: (times) => ({ params: params * times, tokens }) }; // prettier-ignore
  if (reads("tokens"))
    return { name: "tokens", target: tokens, trained: range.tokens, at: (times) => ({ params, tokens: tokens * times }) }; // prettier-ignore
  return undefined;
}

/** So many times the target, from the smallest run that was trained, in order. */
function timesOf({ target, trained }: Axis): {
  readonly below: number[];
  readonly above: number[];
} {
  const least = Math.min(1 / BEYOND, (trained?.min ?? target) / target);
  const most = Math.max(BEYOND, (trained?.max ?? target) / target);
  const steps = Array.from({ length: STOPS }, (_, n) => (n + 1) / STOPS);
  return { below: steps.map((part) => least ** part), above: steps.map((part) => most ** part) };
}

/**
 * The optimum at each stop, from that at the stop before, the other local optima that are known,
 * corners, the reference and the uniform mixture.
 */
function walk(
  { file, optimum, request, problem, h }: Decision,
  axis: Axis,
): { readonly stops: ScaleStop[]; readonly isWhole: boolean } {
  const { solve } = resolver(file, request);
  const known = optimum.search.optima.map(({ weights }) => sharesOf(problem, weights));
  const { below, above } = timesOf(axis);
  const from = (times: readonly number[]): ScaleStop[] => {
    const stops: ScaleStop[] = [];
    let last = h;
    for (const each of times) {
      const found = solveAt(solve, { ...problem.at, ...axis.at(each) }, [last, ...known]);
      if (found === undefined) break;
      last = found.h;
      stops.push({ at: axis.target * each, shares: [...last], isCertified: found.certified });
    }
    return stops;
  };
  const [lower, upper] = [from(below), from(above)];
  const here = { at: axis.target, shares: [...h], isCertified: optimum.certificate.certified };
  return {
    stops: [...lower.toReversed(), here, ...upper],
    isWhole: lower.length + upper.length === below.length + above.length,
  };
}

/** Undefined where constraints leave no mixture at that scale. */
function solveAt(
  solve: Resolver["solve"],
  at: Scale,
  starts: readonly Float64Array[],
): ReturnType<Resolver["solve"]> | undefined {
  try {
    return solve({ at, starts });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
