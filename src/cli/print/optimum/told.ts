/**
 * The findings of a verdict under an answer: first what to beware of, then what is only to know.
 */
import type { Finding } from "../../../base/verdict.ts";
import { withFlagNames } from "../../../words/option-flags.ts";
import type { Style } from "../../text/style.ts";
import { labelOf, uniqueFindings } from "../../../words/finding-label.ts";
import { wrap } from "../../text/layout.ts";

/** A block of warnings and one of notes; fewer where there are none. */
export function findingBlocks(
  findings: readonly Finding[],
  { width, style }: { readonly width: number; readonly style: Style },
): string[] {
  return (["warning", "note"] as const).flatMap((label) => {
    const some = uniqueFindings(findings).filter(({ code }) => labelOf(code) === label);
    const paint = label === "warning" ? style.warn : style.dim;
    const lines = some.map(({ sentence }) =>
      wrap(withFlagNames(sentence), width, paint(`${label}: `)),
    );
    return lines.length === 0 ? [] : [lines.join("\n")];
  });
}
