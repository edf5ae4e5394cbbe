/** The fits of a law, examined. */
import { AbortedError } from "../base/errors.ts";
import { itemAt } from "../base/known.ts";
import { paced, pause } from "../base/pauses.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { recipeOf } from "../laws/catalog/law-recipe.ts";
import type { FitSettings } from "../options/fit-options.ts";
import { finish } from "../solve/iterate.ts";
import { examineFit, type FitFacts, type FoundFit } from "./examine/examine-fit.ts";
import { examining } from "./examine/examining.ts";
import { commonErrors } from "./inference/common/common-errors.ts";
import type { ChosenStrength } from "./ridge/choose-strength.ts";
import type { Pool } from "./search/pool.ts";
import { examinedEquations, type Problem } from "./search/problem.ts";
import type { Best } from "./search/search.ts";
import { isShareable } from "./search/shared-work.ts";
import type { SearchedLaw } from "./search-laws.ts";

/** One target's fit. */
export interface FittedTarget extends FoundFit {
  /** Rows of the sample that was searched; undefined where all rows were. */
  readonly sampledRows: number | undefined;
  /** λ of the ridge, where it was found by cross-validation. */
  readonly chosen?: ChosenStrength | undefined;
  /** Whether the search was stopped, or what follows it before it had seen all rows. */
  readonly interrupted: boolean;
}

/** One target's fit, with what is known of it from passes over all of its rows. */
export interface ExaminedFit extends FitFacts {
  readonly fit: FittedTarget;
}

/** The fits of a law, examined, by target. */
export async function examineFits(
  searched: SearchedLaw,
  runs: Runs,
  settings: FitSettings,
  pool: Pool,
  signal: AbortSignal | undefined,
): Promise<ExaminedFit[]> {
  const { law, problem, scales, best, sample } = searched;
  // Once the signal has fired errors are those of single targets, as of tables that are too large.
  const joint = await pacedIfAny(commonErrors(searched, runs), signal);
  const fits = best.flatMap((found, target): FittedTarget[] => {
    if (found === undefined) return [];
    const scale = itemAt(scales, target);
    const chosen = searched.chosen?.[target];
    const whole = { law, problem, runs, settings, target, scale, best: found, chosen };
    const interrupted = signal?.aborted === true;
    return [{ ...whole, joint: joint?.get(target), sampledRows: sample?.runs.train.rows, interrupted }]; // prettier-ignore
  });
  const facts = sample === undefined ? await factsOfThreads(fits, searched, pool) : undefined;
  const examined: ExaminedFit[] = [];
  for (const [n, fit] of fits.entries()) {
    const known = facts?.[n];
    examined.push(known === undefined ? await examinedHere(fit, searched, signal) : { fit, ...known }); // prettier-ignore
  }
  return examined;
}

/**
 * What threads find of a law's fits; undefined where this thread has to do it: there is no other,
 * or another cannot know the law, or what targets have in common.
 */
async function factsOfThreads(
  fits: readonly FittedTarget[],
  { law, problem }: SearchedLaw,
  pool: Pool,
): Promise<FitFacts[] | undefined> {
  const [first] = fits;
  if (first === undefined || pool.share === undefined) return undefined;
  const { runs, settings } = first;
  if (!isShareable(fits.length, law.size, runs.train, runs.test)) return undefined;
  const recipe = recipeOf(law, settings);
  if (recipe === undefined || fits.some(({ joint }) => joint !== undefined)) return undefined;
  const items = fits.map(({ target, scale, best }) => ({ target, scale, best }));
  return pool.share(examining, { problem, subject: { law: recipe, runs, settings } }, items);
}

/**
 * A fit examined in this thread. Once the signal has fired one to a large table is examined on the
 * sample that was searched: all of its rows would take too long.
 */
async function examinedHere(
  fit: FittedTarget,
  { sample }: SearchedLaw,
  signal: AbortSignal | undefined,
): Promise<ExaminedFit> {
  await pause();
  if (sample === undefined) return { fit, ...(await paced(examineFit(fit), undefined)) };
  const facts = await pacedIfAny(examineFit(fit), signal);
  if (facts !== undefined) return { fit, ...facts };
  const best = bestOn(sample.problem, fit.target, fit.best);
  const onSample = { ...fit, ...sample, best, interrupted: true };
  return { fit: onSample, ...finish(examineFit(onSample)) };
}

/** What paced steps end with; undefined where the signal stops them. */
async function pacedIfAny<T>(
  steps: Generator<undefined, T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal?.aborted === true) return undefined;
  try {
    return await paced(steps, signal);
  } catch (error) {
    if (error instanceof AbortedError) return undefined;
    throw error;
  }
}

/** A fit with what its objective is on the runs of a problem. */
function bestOn(problem: Problem, target: number, best: Best): Best {
  return { ...best, objective: examinedEquations(problem, target).evaluate(best.theta) };
}
