/** What is printed of an optimum under its tables. */
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { optimumSentences } from "../../../words/optimum-sentences.ts";
import { proofSentence } from "../../../words/proof.ts";
import { wrap } from "../../text/layout.ts";
import type { Style } from "../../text/style.ts";
import { findingBlocks } from "./told.ts";

/** Sentences under the tables. */
export function findings(
  optimum: Optimum,
  { width, style }: { readonly width: number; readonly style: Style },
): string {
  const { verdict } = optimum;
  const doubt = verdict.status === "not-certified" ? proofSentence(optimum) : undefined;
  const lines = optimumSentences(optimum).map((line) =>
    wrap(line === doubt ? style.warn(line) : line, width),
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
