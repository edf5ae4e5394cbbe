/** Laws judged one after the other, with the searches of the laws that they contain. */
import { InputError } from "../base/errors.ts";
import type { FitSettings, Progress } from "../options/fit-options.ts";
import { option } from "../base/option-text.ts";
import { count } from "../base/wording.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { bindAll } from "../fit/bind-to-runs.ts";
import { formsOf } from "../fit/per-target-laws.ts";
import { refusalsOf } from "../fit/checks/check-data.ts";
import { searchAll, type SearchedLaw } from "../fit/search-laws.ts";
import { asStage } from "../fit/search/pool.ts";
import { ridgeRemark, undrawnParameters } from "../laws/ridge.ts";
import type { Law } from "../laws/law.ts";
import type { Folds } from "./folds.ts";
import { fewestRows } from "./held-out.ts";
import { joinForms, judge, type Judged, type Judging, refitsOf } from "./judge.ts";

/** The search's part of a law's progress. */
const SEARCH = 0.5;

/** How laws are judged, and where progress goes. */
export interface ReportedJudging extends Judging {
  readonly report: (progress: Progress) => void;
}

/** The result for one law. It has neither `judged` nor `why` when it was interrupted. */
export interface Outcome {
  readonly law: Law;
  readonly seconds: number;
  readonly judged?: Judged;
  /** Why it could not be judged. */
  readonly why?: string;
}

/** Why a law cannot be validated on these runs; undefined where it can. */
export function obstacleOf(
  law: Law,
  runs: Runs,
  folds: Folds,
  settings: FitSettings,
): string | undefined {
  try {
    for (const form of formsOf(law, runs)) {
      const why = formObstacle(form.law, form.runs, folds, settings);
      if (why !== undefined) return why;
    }
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** A law that the data refuse at one target is not ranked: means over other targets say less. */
function formObstacle(
  law: Law,
  runs: Runs,
  { samples, held }: Folds,
  settings: FitSettings,
): string | undefined {
  const [bound] = bindAll([law], runs, settings).slice(-1);
  const refused = refusalsOf(bound, runs, settings).find((error) => error !== undefined);
  if (refused !== undefined) return refused.message;
  if (samples === undefined) return undefined;
  const needed = undrawnParameters(bound, settings.ridge);
  for (let fold = 0; fold < held.length; fold++) {
    const { rows, target } = fewestRows(runs.train, samples, fold);
    if (rows < needed)
      return `in a fold, ${count(rows, "row")} of ${runs.targets[target]} ${rows === 1 ? "is" : "are"} left to fit its ${bound.size} parameters.${ridgeRemark(bound, settings.ridge)} Hold out less (${option("folds")}, ${option("by")}), or choose a smaller law.`;
  }
  return undefined;
}

/**
 * Laws with one form for all targets, those that they contain searched first. `known` gets every
 * law that was searched, by name.
 */
export async function* judgeAll(
  laws: readonly Law[],
  runs: Runs,
  judging: ReportedJudging,
  known: Map<string, SearchedLaw>,
): AsyncGenerator<Outcome> {
  const { settings, resources, signal } = judging;
  const order = bindAll(laws, runs, settings);
  const report = (progress: Progress, place: number): void =>
    judging.report({ ...progress, fraction: (place + progress.fraction) / order.length });
  const refused = new Map<Law, string>();
  const searches = searchAll(
    {
      order,
      asked: laws,
      runs,
      settings,
      refits: refitsOf(judging, runs.targets.length),
      signal,
      report: (progress, place) =>
        report({ ...progress, fraction: SEARCH * progress.fraction }, place),
      refuse: ({ law }, _, { message }) => refused.set(law, message),
    },
    resources,
  );
  for await (const searched of searches) {
    const { law } = searched.law;
    known.set(law.name, searched);
    if (!laws.includes(law)) continue;
    const started = performance.now();
    const place = order.indexOf(searched.law);
    const tick = (done: number): void => {
      const fraction = SEARCH + done * (1 - SEARCH);
      report({ law: law.name, stage: "validate", fraction }, place);
    };
    const judged = await asStage(resources.pool, `validate ${law.name}`, () =>
      judge(searched, runs, judging, tick),
    );
    const seconds = searched.seconds + (performance.now() - started) / 1000;
    if (signal?.aborted === true) return;
    if (judged === undefined) continue;
    report({ law: law.name, stage: "validate", fraction: 1 }, place);
    yield { law, seconds, ...("why" in judged ? judged : { judged }) };
  }
  for (const law of laws) {
    const why = refused.get(law);
    if (why !== undefined) yield { law, seconds: 0, why };
  }
}

/** A law with a form for each target. */
export async function judgeForms(law: Law, runs: Runs, judging: ReportedJudging): Promise<Outcome> {
  const forms = formsOf(law, runs);
  const judged: Judged[] = [];
  let seconds = 0;
  for (const [t, form] of forms.entries()) {
    const report = (progress: Progress): void =>
      judging.report({ ...progress, fraction: (t + progress.fraction) / forms.length });
    const work = { ...judging, report };
    for await (const outcome of judgeAll([form.law], form.runs, work, new Map())) {
      seconds += outcome.seconds;
      if (outcome.why !== undefined) return { law, seconds, why: outcome.why };
      if (outcome.judged !== undefined) judged.push(outcome.judged);
    }
  }
  const isWhole = judged.length === forms.length;
  return { law, seconds, ...(isWhole ? { judged: joinForms(law, judged) } : {}) };
}
