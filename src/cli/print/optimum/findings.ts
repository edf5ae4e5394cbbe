/** What is printed of an optimum under its tables. */
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { optimumSentences } from "../../../words/optimum-sentences.ts";
import { proofSentence } from "../../../words/proof.ts";
import { wrap } from "../../text/layout.ts";
import type { Style } from "../../text/style.ts";
import { findingBlocks } from "./told.ts";

/** How the verdict looks: the words before the colon of its sentence. */
const PAINTS = { global: "good", local: "bold", plateau: "warn", "not-certified": "warn" } as const;
const VERDICT = /^[^:]+/;

/** Sentences under the tables. */
export function findings(
  optimum: Optimum,
  { width, style }: { readonly width: number; readonly style: Style },
): string {
  const { verdict } = optimum;
  const proof = proofSentence(optimum);
  const paint = style[PAINTS[verdict.status]];
  const lines = optimumSentences(optimum).map((line) =>
    wrap(line === proof ? line.replace(VERDICT, paint) : line, width),
  );
  return [
    lines.join("\n"),
    // What stands above the tables is not said twice.
    ...findingBlocks(
      verdict.findings.filter(({ code }) => code !== "replicates-change-basin"),
      { width, style },
    ),
  ].join("\n\n");
}
