/** Failed fits are no fits: who wants to use one is told so. */
import { InputError } from "../../base/errors.ts";
import type { Verdict } from "../../base/verdict.ts";
import { isFailure } from "./fit-verdict.ts";
import type { FailedFit, Fit, FitFile } from "./fit-file.ts";

/** Whether a fit has failed. Files of version 1 that were not `upgraded` have no verdict. */
export const hasFailed = ({ verdict }: Pick<Fit, "verdict">): boolean =>
  (verdict as Verdict<string> | undefined)?.status === "failed";

/** Why there is nothing to use of a law at a target, in a sentence. */
export function failureOf(fit: Fit | FailedFit): string {
  const findings = "verdict" in fit ? fit.verdict.findings.filter(isFailure) : fit.findings;
  const why = findings.map(({ sentence }) => sentence).join("; ");
  return `the fit of ${fit.law} to ${fit.target} failed: ${why}`;
}

/** The file without its failed fits, and what is left out. */
export interface Holding {
  readonly file: FitFile;
  readonly left: readonly (Fit | FailedFit)[];
}

/**
 * What of a file can be used.
 *
 * @throws InputError where every fit has failed.
 */
export function holdingFits(file: FitFile): Holding {
  const fits = file.fits.filter((fit) => !hasFailed(fit));
  const left = [...file.fits.filter(hasFailed), ...(file.failed ?? [])];
  if (fits.length > 0) return { file: { ...file, fits }, left };
  throw new InputError(
    `there is no fit to use: ${left.map(failureOf).join(". ")}. Fit again with another law or other rows.`,
  );
}
