/** Fit files of version 1, with what they have, as files of version 2. */
import { finding, type Verdict } from "../../base/verdict.ts";
import type { Fit, FitFile } from "./fit-file.ts";
import { type FitStatus, fitVerdict } from "./fit-verdict.ts";

/** A fit of version 1: it has no verdict. */
type Older = Omit<Fit, "verdict"> & { readonly verdict?: Verdict<FitStatus> };

/** What the first files had no place for. */
const NOT_TOLD = { residualSd: null, standardErrors: null, noise: null, bootstrap: null };

/**
 * The file as one of version 2. In version 1 a fit's warnings were all that was found, and what it
 * did not decide stays open. A file of version 2 stays as it is.
 */
export function upgraded(file: FitFile): FitFile {
  const older: readonly Older[] = file.fits;
  if (older.every(({ verdict }) => verdict !== undefined)) return file;
  const fits = older.map((fit): Fit => ({
    ...NOT_TOLD,
    ...fit,
    verdict: fit.verdict ?? verdictOf(fit),
  }));
  return { ...file, schema: "mixlaw/fit@2", fits };
}

function verdictOf({ search, warnings }: Older): Verdict<FitStatus> {
  const code = search.status === "not-converged" ? "not-converged" : "carried-over";
  return fitVerdict(warnings.map((sentence) => finding(code, sentence)));
}
