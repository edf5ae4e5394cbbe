/**
 * A fit file cut down to what predictions need of it, for a report's file: `predict` gives the same
 * values, and intervals from the replicates that are left.
 */
import { decode64, encode64 } from "../../base/base64.ts";
import { pick } from "../../base/objects.ts";
import type { Bootstrap, Fit, FitFile } from "../../fit/result/fit-file.ts";

/** The most replicates that are kept of a fit. */
const MOST = 200;
/** Fewer replicates than this do not tell an interval: none are kept then. */
const FEWEST = 50;
/** Characters that the replicates of all fits may take together. */
const ROOM = 600_000;
/** Characters of a number, as base64 of float64. */
const CHARACTERS = 32 / 3;

/**
 * The file with the first replicates of some fits. The other fits have their covariance only, as
 * fits without a bootstrap have. Intervals are percentile intervals, since the jackknife of the
 * others would take as much room again.
 *
 * @param used those whose replicates are kept
 */
export function slimFile(file: FitFile, used: readonly Fit[]): FitFile {
  const kept = keptReplicates(used);
  return {
    ...pick(file, ["schema", "version", "settings", "backend", "chosen", "definitions", "timing"]),
    data: { ...file.data, dropped: [], notes: [] },
    fits: file.fits.map((fit) => slimFit(fit, used.includes(fit) ? kept : 0)),
  };
}

/** How many replicates of each fit are kept: all, or as many as there is room for. */
function keptReplicates(used: readonly Fit[]): number {
  const numbers = used.reduce((sum, { coordinates }) => sum + Object.keys(coordinates).length, 0);
  const kept = Math.min(MOST, Math.floor(ROOM / (CHARACTERS * numbers)));
  return kept < FEWEST ? 0 : kept;
}

const KEPT = [
  "law",
  "target",
  "formula",
  "objective",
  "delta",
  "fixed",
  "tied",
  "units",
  "coordinates",
  "center",
  "frame",
  "train",
  "test",
  "degreesOfFreedom",
  "residualSd",
  "errors",
  "noise",
  "covariance",
  "backtests",
] as const satisfies readonly (keyof Fit)[];

function slimFit(fit: Fit, kept: number): Fit {
  const { search, certificate, bootstrap, verdict } = fit;
  return {
    ...pick(fit, KEPT),
    parameters: {},
    standardErrors: null,
    search: { ...pick(search, ["starts", "reachedBest", "hops", "status", "ended", "origin"]) },
    certificate: { ...certificate, spectrum: [], directions: [] },
    bootstrap: bootstrap === null || kept === 0 ? null : firstReplicates(bootstrap, fit, kept),
    verdict: { ...verdict, findings: [] },
    warnings: [],
  };
}

function firstReplicates(bootstrap: Bootstrap, fit: Fit, most: number): Bootstrap {
  const replicates = Math.min(bootstrap.replicates, most);
  const numbers = replicates * Object.keys(fit.coordinates).length;
  return {
    ...bootstrap,
    replicates,
    interval: "percentile",
    parameters: {},
    standardErrors: {},
    coordinates: encode64(decode64(bootstrap.coordinates).subarray(0, numbers)),
    jackknife: "",
  };
}
