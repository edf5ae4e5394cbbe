/**
 * Laws that have a form for each target are fitted target by target, and their fits go into one
 * file.
 */
import { firstOf, itemAt } from "../base/known.ts";
import type { RunSet, Runs } from "../data/runs/run-set.ts";
import { given } from "../base/objects.ts";
import { partialOf, withPartial } from "../base/errors.ts";
import { RisingProgress } from "../base/rising-progress.ts";
import { domainsOfLaw } from "../laws/bind.ts";
import type { Law } from "../laws/law.ts";
import { lawFor } from "../laws/family.ts";
import { type FitOptions, fitSettings } from "../options/fit-options.ts";
import { checkCost } from "./checks/check-cost.ts";
import type { FitOutcome } from "./fit-laws.ts";
import { chooseLaw } from "./backtest/choose-law.ts";
import type { Fit, FitFile } from "./result/fit-file.ts";
import { canKeep, keepRows } from "./result/kept-rows.ts";

/** Fits laws that have one form for all targets. */
type FitLaws = (laws: readonly Law[], runs: Runs, options: FitOptions) => Promise<FitOutcome>;

/** Laws and the runs that they are fitted to. */
interface Job {
  readonly laws: readonly Law[];
  readonly runs: Runs;
}

/** The runs with one of their targets. */
function oneTarget(runs: Runs, target: number): Runs {
  const pick = (set: RunSet): RunSet => ({
    ...set,
    losses: [itemAt(set.losses, target)],
    ...(set.sigmas === undefined ? {} : { sigmas: [itemAt(set.sigmas, target)] }),
  });
  return {
    ...runs,
    targets: [itemAt(runs.targets, target)],
    train: pick(runs.train),
    test: runs.test === undefined ? undefined : pick(runs.test),
  };
}

/** What a law is fitted as: itself to all targets, or its form for a target to each. */
export function formsOf(
  law: Law,
  runs: Runs,
): readonly { readonly law: Law; readonly runs: Runs }[] {
  if (law.forDomain === undefined) return [{ law, runs }];
  return runs.targets.map((target, t) => ({
    law: lawFor(law, target, domainsOfLaw(law, runs.domains, runs.phases)),
    runs: oneTarget(runs, t),
  }));
}

/**
 * `fitLaws`, over laws of which some have a form for each target. Rejects with InputError for
 * options that cannot be used, and where the data refuse every law at every target; with
 * AbortedError when the signal fires. The `partial` of any error is the file of what was fitted.
 */
export async function fitFamilies(
  fitLaws: FitLaws,
  laws: readonly Law[],
  runs: Runs,
  options: FitOptions,
): Promise<FitFile> {
  checkCost(laws, runs, fitSettings(options));
  const jobs = jobsOf(laws, runs);
  const progress = new RisingProgress(options.onProgress);
  const outcomes: FitOutcome[] = [];
  const files = (): FitFile[] => outcomes.map(({ file }) => file);
  const isKept = canKeep({ rows: runs.train.rows, testRows: runs.test?.rows ?? 0 });
  const kept = options.rows === false || !isKept ? {} : { rows: keepRows(runs) };
  for (const [n, job] of jobs.entries()) {
    const onProgress: FitOptions["onProgress"] = (part) =>
      progress.report({ ...part, fraction: (n + part.fraction) / jobs.length });
    try {
      outcomes.push(await fitLaws(job.laws, job.runs, { ...options, onProgress }));
      progress.reach((n + 1) / jobs.length);
    } catch (error) {
      const partial = partialOf(error) as FitFile | undefined;
      const found = partial === undefined ? files() : [...files(), partial];
      if (found.length === 0) throw error;
      throw withPartial(error, { ...merged(found, laws, runs), ...kept });
    }
  }
  const file = { ...merged(files(), laws, runs), ...kept };
  const refusals = outcomes.flatMap((outcome) => outcome.refusals);
  const [first] = refusals;
  const isAllRefused = file.fits.length === 0 && file.failed?.length === refusals.length;
  if (first !== undefined && isAllRefused) throw first;
  return file;
}

/** Laws with one form together, and each form of the others. */
function jobsOf(laws: readonly Law[], runs: Runs): Job[] {
  const plain = laws.filter((law) => law.forDomain === undefined);
  const families = [...new Set(laws)].filter((law) => law.forDomain !== undefined);
  const forms = families.flatMap((law) =>
    formsOf(law, runs).map((form) => ({ laws: [form.law], runs: form.runs })),
  );
  return plain.length === 0 ? forms : [{ laws: plain, runs }, ...forms];
}

/** One file of several, fits in the order of laws and targets. */
function merged(files: readonly FitFile[], laws: readonly Law[], runs: Runs): FitFile {
  const timing: Record<string, number> = {};
  for (const file of files)
    for (const [what, seconds] of Object.entries(file.timing))
      timing[what] = (timing[what] ?? 0) + seconds;
  const names = laws.map(({ name }) => name);
  const place = ({ law, target }: Pick<Fit, "law" | "target">): number =>
    names.indexOf(law) * runs.targets.length + runs.targets.indexOf(target);
  const { chosen: _, ...first } = firstOf(files);
  const fits = files.flatMap((file) => file.fits).sort((a, b) => place(a) - place(b));
  const failed = files.flatMap((file) => file.failed ?? []);
  const { backend } = files.find((file) => file.backend.kind === "webgpu") ?? first;
  return {
    ...first,
    backend,
    fits,
    ...given({ chosen: chooseLaw(fits) }),
    ...(failed.length === 0 ? {} : { failed: failed.sort((a, b) => place(a) - place(b)) }),
    timing,
  };
}
