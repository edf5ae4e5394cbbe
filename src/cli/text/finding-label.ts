/** How a finding is announced: what is no fault of anything is a note. */
import type { Claim } from "../../base/claims.ts";

const NOTES: ReadonlySet<Claim> = new Set<Claim>([
  "held-out-error",
  "other-laws",
  "optimistic-at-own-optimum",
]);

/** "note" or "warning". */
export const labelOf = (code: Claim): "note" | "warning" => (NOTES.has(code) ? "note" : "warning");
