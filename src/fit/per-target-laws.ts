/**
 * Laws that have a form for each target are fitted target by target, and their fits go into one
 * file.
 */
import type { RunSet, Runs } from "../data/runs/run-set.ts";
import { AbortedError } from "../base/errors.ts";
import type { Law } from "../laws/law.ts";
import { lawFor } from "../laws/family.ts";
import type { FitOptions } from "../options/fit-options.ts";
import type { FitFile } from "./result/fit-file.ts";

type FitAll = (laws: readonly Law[], runs: Runs, options: FitOptions) => Promise<FitFile>;

/** The runs with one of their targets. */
export function only(runs: Runs, target: number): Runs {
  const pick = (set: RunSet): RunSet => ({
    ...set,
    losses: [set.losses[target]],
    ...(set.sigmas === undefined ? {} : { sigmas: [set.sigmas[target]] }),
  });
  return {
    ...runs,
    targets: [runs.targets[target]],
    train: pick(runs.train),
    test: runs.test === undefined ? undefined : pick(runs.test),
  };
}

/** `fitAll`, over laws of which some have a form for each target. */
export async function fitFamilies(
  fitAll: FitAll,
  laws: readonly Law[],
  runs: Runs,
  options: FitOptions,
): Promise<FitFile> {
  const families = [...new Set(laws)].filter((law) => law.forDomain !== undefined);
  if (families.length === 0) return fitAll(laws, runs, options);
  const plain = laws.filter((law) => law.forDomain === undefined);
  // All forms before the first is fitted: a target that has none is an error.
  const forms = families.flatMap((law) =>
    runs.targets.map((target, t) => ({
      laws: [lawFor(law, target, runs.domains)],
      runs: only(runs, t),
    })),
  );
  const jobs = [...(plain.length === 0 ? [] : [{ laws: plain, runs }]), ...forms];
  const files: FitFile[] = [];
  let stopped: AbortedError | undefined;
  for (const [n, job] of jobs.entries()) {
    const { onProgress } = options;
    const told = onProgress === undefined ? {} : { onProgress: (p: Parameters<typeof onProgress>[0]) => onProgress({ ...p, fraction: (n + p.fraction) / jobs.length }) }; // prettier-ignore
    try {
      files.push(await fitAll(job.laws, job.runs, { ...options, ...told }));
    } catch (error) {
      if (!(error instanceof AbortedError)) throw error;
      stopped = error;
      if (error.partial !== undefined) files.push(error.partial as FitFile);
      break;
    }
  }
  const file = files.length === 0 ? undefined : merged(files, laws, runs);
  if (stopped !== undefined) throw new AbortedError(file);
  return file as FitFile;
}

function merged(files: readonly FitFile[], laws: readonly Law[], runs: Runs): FitFile {
  const timing: Record<string, number> = {};
  for (const file of files)
    for (const [what, seconds] of Object.entries(file.timing))
      timing[what] = (timing[what] ?? 0) + seconds;
  const fits = files.flatMap((file) => file.fits);
  const place = ({ law, target }: { law: string; target: string }): number =>
    laws.findIndex((one) => one.name === law) * runs.targets.length + runs.targets.indexOf(target);
  const gpu = files.find((file) => file.backend.kind === "webgpu") ?? files[0];
  return {
    ...files[0],
    backend: gpu.backend,
    fits: fits.sort((a, b) => place(a) - place(b)),
    timing,
  };
}
