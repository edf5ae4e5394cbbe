/** What a reader must know beside the numbers: what happened to the data, and which fits not to rely on. */
import { shorten } from "../data/names.ts";
import type { Fit, FitFile } from "../fit/result.ts";
import { count, wrap } from "./layout.ts";
import type { SummaryOptions } from "./summary.ts";

/** Marks at the number of starts that agreed. */
export const MARK: Readonly<Record<Fit["search"]["status"], string>> = { converged: "", "not-converged": "!", interrupted: "~" };

const REASONS: Readonly<Record<string, string>> = {
  where: "that no filter asks for",
  "missing input": "without an input",
  "missing weight": "without a weight",
  "missing loss": "without any loss",
};

/** Paragraphs under the tables; "" when there is nothing to say. */
export function remarks({ data, fits }: FitFile, { width, style }: SummaryOptions): string {
  const dropped = data.dropped.map(({ reason, rows }) => `${count(rows, "row")} ${REASONS[reason] ?? reason}`);
  const notes = [...(dropped.length === 0 ? [] : [`left out: ${dropped.join(", ")}`]), ...data.notes];
  const grouped = new Map<string, Fit[]>();
  const add = (text: string, fit: Fit): void => void grouped.set(text, [...(grouped.get(text) ?? []), fit]);
  for (const fit of fits) {
    for (const warning of fit.warnings) add(warning, fit);
  }
  const lines = [
    ...notes.map((note) => wrap(note, width, style.dim("note: "))),
    ...[...grouped].map(([text, of]) => wrap(`${who(of, fits)}: ${text}`, width, style.warn("warning: "))),
  ];
  return lines.join("\n");
}

/** "joint" for all targets of a law, "joint: loss_a, loss_b" for some, "every fit" for all. */
function who(of: readonly Fit[], all: readonly Fit[]): string {
  if (of.length === all.length) return all.length === 1 ? "the fit" : "every fit";
  const laws = [...new Set(of.map((fit) => fit.law))];
  return laws
    .map((law) => {
      const mine = of.filter((fit) => fit.law === law);
      const every = mine.length === all.filter((fit) => fit.law === law).length;
      return every && mine.length > 1
        ? `${law}, every target`
        : `${law} ${shorten(
            mine.map((fit) => fit.target),
            4,
          )}`;
    })
    .join("; ");
}
