/** How good an optimum is as one: proved, the best of several, or not even that. */
import { number } from "../base/format-number.ts";
import type { Optimum } from "../mixture/request/optimum.ts";

/** The sentence on it; what is missing of a proof is a finding of the verdict. */
export function proofSentence(optimum: Optimum): string {
  const { stationarity, feasibility, complementarity } = optimum.certificate;
  const residuals = `stationarity ${residual(stationarity)}, feasibility ${residual(feasibility)}, complementarity ${residual(complementarity)}`;
  return optimum.verdict.status === "not-certified"
    ? `${proofWords(optimum)}: ${residuals}.`
    : `${proofWords(optimum)} (${residuals}).`;
}

/** The same without numbers. @example proofWords(optimum) // "Global optimum: the objective …" */
export function proofWords({ verdict, certificate, search, lattice }: Optimum): string {
  const before = lattice === null || lattice.exact ? "" : ", before it is rounded";
  switch (verdict.status) {
    case "global":
      return `Global optimum${before}: ${proofIn(search)}`;
    case "local":
      return `Local optimum${before}: ${conditionsOf(certificate)}`;
    case "plateau":
      return "On a plateau: other mixtures are as good";
    case "not-certified":
      return "Not certified as an optimum";
  }
}

/** What branch and bound says of all mixtures; empty where it was not done. */
export function boundSentence({ search: { lowerBound }, objective }: Optimum): string {
  if (lowerBound === null || !Number.isFinite(lowerBound)) return "";
  return `No allowed mixture has an objective below ${number(lowerBound, 8)} by the law, by branch and bound; this one has ${number(objective, 8)}.`;
}

/** Conditions that were looked at and hold. Curvature is not looked at by the mirror solver. */
const conditionsOf = ({ curvature }: Optimum["certificate"]): string =>
  curvature === null
    ? "the first-order conditions of one hold"
    : "the first- and second-order conditions of one hold";

/**
 * What proves that no allowed mixture is better. Where reasons stand against convexity and
 * stationary points are global all the same, the losses are increasing functions of convex ones.
 */
function proofIn({ proof, reasons }: Optimum["search"]): string {
  if (proof === "bound")
    return "branch and bound shows that no allowed mixture is better by the law, to 1e-7 of the objective";
  const convex =
    reasons.length === 0
      ? "the objective and the constraints are convex"
      : "every loss in it is an increasing function of a convex one and has no other minima";
  return `${convex}, so no allowed mixture is better by the law`;
}

/** Rounding errors are 0 to a reader. */
const residual = (x: number): string => (Math.abs(x) < 1e-15 ? "0" : number(x, 1));
