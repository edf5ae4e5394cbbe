/** How findings are announced: what is no fault of anything is a note. */
import type { Claim } from "../base/claims.ts";
import type { Finding } from "../base/verdict.ts";

const NOTES: ReadonlySet<Claim> = new Set<Claim>([
  "held-out-error",
  "other-laws",
  "laws-choose-otherwise",
  "laws-averaged",
  "law-chosen",
  "laws-alike",
  "optimistic-at-own-optimum",
  "best-of-local-optima",
  "tied-optima",
  "fit-repeats",
  "undetermined-differ",
  "other-version",
  "other-adapter",
  "no-isoflop-groups",
  "other-arithmetic",
  "losses-inside",
  "choice-regret",
  "law-that-was-right",
  "not-trained",
  "runs-not-registered",
]);

/** "note" or "warning". */
export const labelOf = (code: Claim): "note" | "warning" => (NOTES.has(code) ? "note" : "warning");

/** Of findings of one code about the same, the first. */
export function uniqueFindings(findings: readonly Finding[]): Finding[] {
  const byKey = new Map<string, Finding>();
  for (const each of findings) {
    const key = JSON.stringify([each.code, each.about ?? each.sentence]);
    if (!byKey.has(key)) byKey.set(key, each);
  }
  return [...byKey.values()];
}
