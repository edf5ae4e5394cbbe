/** The candidates of an optimum beside it. */
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { CandidatesData } from "../../../views/decision/candidates.ts";
import { brokenConstraints } from "../../../words/phrases.ts";

/** null where none were asked about. */
export function candidatesFacts(optimum: Optimum): CandidatesData | null {
  const { candidates = [], weights, objective } = optimum;
  if (candidates.length === 0) return null;
  return {
    domains: Object.entries(weights)
      .toSorted(([, a], [, b]) => b - a)
      .map(([domain]) => domain),
    optimum: { name: "optimum", shares: weights, objective, chanceBest: null, breaks: null },
    candidates: candidates.map((candidate) => ({
      name: candidate.name,
      shares: candidate.weights,
      objective: candidate.objective,
      chanceBest: candidate.chanceBest,
      breaks: brokenConstraints(candidate.violated),
    })),
  };
}
