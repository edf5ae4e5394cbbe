/** What stands under the tables of fits. */
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import { fitRemarks, type Remark } from "../../../words/fit-remarks.ts";
import type { SummaryOptions } from "../../io/output.ts";
import { wrap } from "../../text/layout.ts";
import { isSmall } from "./parameters.ts";

/** Marks at the number of starts that agreed. */
export const MARK: Readonly<Record<Fit["search"]["status"], string>> = {
  converged: "",
  "not-converged": "!",
  interrupted: "~",
};

const LEGEND =
  "%: mean relative error. agreed: of the starts followed to their end, how many ended within 0.1 % of the best objective, a mean over the fitted rows.";

/** Paragraphs under the tables. */
export function remarks(file: FitFile, { width, style, parameters }: SummaryOptions): string {
  const isShown = (fit: Fit): boolean => parameters || isSmall(fit);
  const elsewhere = "--parameters says which and why.";
  const lines = fitRemarks(file, { isShown, elsewhere }).map(({ label, sentence }) =>
    wrap(sentence, width, paint(label, style)),
  );
  const legend = wrap(LEGEND, width).split("\n").map(style.dim).join("\n");
  return [legend, ...(lines.length === 0 ? [] : [lines.join("\n")])].join("\n\n");
}

const PAINTS = { note: "dim", warning: "warn", failed: "bad" } as const;

const paint = (label: Remark["label"], style: SummaryOptions["style"]): string =>
  style[PAINTS[label]](`${label}: `);
