/** The fit file of the fixture with back-tests. */
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { FILE } from "./fixture.ts";

export type Errors = readonly (readonly [error: number, scatter: number])[];

/** The file's laws with back-tests of these errors, alike for all targets. */
export const withErrors = (byLaw: Readonly<Record<string, Errors>>): FitFile => ({
  ...FILE,
  fits: FILE.fits.map((fit) => {
    const errors = byLaw[fit.law];
    if (errors === undefined) return fit;
    const list = errors.map(([error, scatter], n) => ({
      fittedTo: 1e9, levels: 2 + n, predicted: 2e9 + n, rows: 10, distance: 1, error, scatter, noise: 0, standardError: 0,
    })); // prettier-ignore
    return { ...fit, backtests: { axis: "params" as const, levels: [1, 2, 3], scale: 1, noise: 0, list } };
  }),
}); // prettier-ignore
