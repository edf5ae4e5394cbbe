/** What `mixlaw optimize` asks of the library: one optimum, those along a path, or sizes. */
import { secondsOf } from "../../../records/duration.ts";
import { untilDeadline } from "../../../records/until-deadline.ts";
import { cutShort, missingOf } from "../../../mixture/optimize.ts";
import { finding } from "../../../base/verdict.ts";
import { count } from "../../../base/wording.ts";
import { withSupply } from "../../../mixture/request/with-supply.ts";
import { firstOf, itemAt } from "../../../base/known.ts";
import { given } from "../../../base/objects.ts";
import { optimizeCompute } from "../../../mixture/optimize-compute.ts";
import { optimizeLimit, optimizePath } from "../../../mixture/path.ts";
import { withExponents } from "../../../mixture/with-exponents.ts";
import type { OptimizeOptions } from "../../../mixture/request/optimize-options.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { hasScaleLimit, isOptimumScaleFree } from "../../../mixture/scale-free.ts";
import { AbortedError, partialOf, withPartial } from "../../../base/errors.ts";
import type { PathRow } from "../../../mixture/at-scale.ts";
import { type FitFile, InputError, lawIn, optimizeSizes } from "../../../node.ts";
import type { Answer } from "../../print/optimum/format-optimum.ts";
import { constraintsOf } from "../constraint-flags.ts";
import { inputsOf, type OptimizeFlags, type ScaleFlags } from "./optimize-flags.ts";
import { type Route, stopsOf } from "./path-flag.ts";

type Solve = (options: OptimizeOptions) => Promise<Optimum>;

/**
 * The optimum, or those along a path. The `partial` of an error is the answer as far as it came.
 */
export async function bestMixture(
  file: FitFile,
  flags: ScaleFlags,
  { deadline, ...asked }: OptimizeOptions,
  solve: Solve,
): Promise<Answer | undefined> {
  const options = withSupply(file, asked);
  return untilDeadline(
    secondsOf(deadline),
    options.signal,
    (signal) => mixtureFor(file, flags, { ...options, ...given({ signal }) }, solve),
    (answer) => answer && unfinished(file, answer),
  );
}

/** An answer that says what the deadline left undone. */
function unfinished(file: FitFile, answer: Answer): Answer {
  if (answer.kind === "one") {
    const { optimum } = answer;
    return { ...answer, optimum: cutShort(file, optimum), unfinished: missingOf(file, optimum) };
  }
  const places = answer.kind === "path" ? answer.path.rows.length : 0;
  const sentence = `the deadline came on the path, after ${count(places, "place")}`;
  return { ...answer, unfinished: finding("deadline-passed", sentence) };
}

async function mixtureFor(
  file: FitFile,
  flags: ScaleFlags,
  options: OptimizeOptions,
  solve: Solve,
): Promise<Answer> {
  try {
    if (flags.path !== undefined) return await alongPath(file, flags, flags.path, options, solve);
    if (flags.flops === undefined) return { kind: "one", optimum: await solve(options) };
    const uses = usesOf(file, flags.law);
    if (!uses.params || !uses.tokens)
      throw new InputError(
        "--flops chooses N and D, and these laws do not use both: give --params or --tokens, or fit a law that has both",
      );
    const chosen = await optimizeCompute(file, solve, options, flags.flops);
    const row = withExponents(file, chosen, options);
    return { kind: "one", optimum: row.optimum, row };
  } catch (error) {
    const partial = partialOf(error) as Optimum | readonly PathRow[] | undefined;
    throw withPartial(error, partial && answerOf(file, partial, options));
  }
}

/** The answer as far as it was found; undefined for no rows of a path. */
function answerOf(
  file: FitFile,
  found: Optimum | readonly PathRow[],
  options: OptimizeOptions,
): Answer | undefined {
  if (!Array.isArray(found)) return { kind: "one", optimum: found as Optimum };
  const rows = found as readonly PathRow[];
  if (rows.length === 0) return undefined;
  const scaleFree = isOptimumScaleFree(file, firstOf(rows).optimum, options);
  return { kind: "path", path: { rows, limit: null, scaleFree } };
}

async function alongPath(
  file: FitFile,
  flags: ScaleFlags,
  route: Route,
  options: OptimizeOptions,
  solve: Solve,
): Promise<Answer> {
  const stops = stopsOf(route, flags, usesOf(file, flags.law));
  const found = await optimizePath(file, solve, options, stops);
  if (found.length < stops.length) throw new AbortedError(found);
  const rows = found.map((row, i) =>
    "flops" in itemAt(stops, i) ? withExponents(file, row, options) : row,
  );
  const scaleFree = isOptimumScaleFree(file, firstOf(rows).optimum, options);
  const limit =
    scaleFree || !hasScaleLimit(options)
      ? null
      : await optimizeLimit(solve, { ...options, samples: 0 }).catch((error: unknown) => {
          throw withPartial(error, rows);
        });
  return { kind: "path", path: { rows, limit, scaleFree } };
}

/** Whether the laws have no mixture and a compute is given: N and D are what there is to choose. */
export const choosesSizes = (file: FitFile, { flops, path, law }: ScaleFlags): boolean =>
  (flops !== undefined || path?.flops !== undefined) &&
  lawsUsed(file, law).every((name) => !lawIn(file, name).uses.weights);

/** The best N and D at each compute, by laws without a mixture. */
export async function bestSizes(file: FitFile, flags: OptimizeFlags): Promise<Answer> {
  const { path, objective, law, intervals, level, interval } = flags;
  if (path !== undefined && Object.keys(path).some((name) => name !== "flops"))
    throw new InputError(
      "--path: these laws have no mixture, and along given N and D there is nothing to choose: give flops=… alone",
    );
  if ((await constraintsOf(flags, flags.names)) !== undefined)
    throw new InputError("these laws have no mixture: constraints on shares do not apply");
  const units = flags.units === "absolute" ? flags.units : undefined;
  const inputs = inputsOf(flags);
  const options = given({ objective, law, intervals, level, interval, inputs, units });
  const computes = path?.flops ?? [flags.flops ?? NaN];
  return {
    kind: "sizes",
    rows: computes.map((flops) => optimizeSizes(file, { ...options, flops })),
  };
}

/** The laws that may be used. */
export function lawsUsed(file: FitFile, law: OptimizeOptions["law"]): string[] {
  const wanted =
    law === undefined ? undefined : typeof law === "string" ? [law] : Object.values(law);
  return [...new Set(file.fits.map((fit) => fit.law))].filter(
    (name) => wanted?.includes(name) ?? true,
  );
}

function usesOf(
  file: FitFile,
  law: OptimizeOptions["law"],
): { readonly params: boolean; readonly tokens: boolean } {
  const uses = lawsUsed(file, law).map((name) => lawIn(file, name).uses);
  return { params: uses.some((use) => use.params), tokens: uses.some((use) => use.tokens) };
}
