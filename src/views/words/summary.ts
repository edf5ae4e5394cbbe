/** The optimum in a few sentences, for who decides. */
import { element } from "../kit/dom.ts";
import type { Frame, View } from "../kit/view.ts";

export interface SummaryData {
  /** Whether the mixture may be relied on as an optimum. */
  readonly stands: boolean;
  /** What to train. */
  readonly mixture: string;
  /** What it promises. */
  readonly promise: string;
  /** How sure that is. */
  readonly certainty: string;
}

const draw = ({ stands, mixture, promise, certainty }: SummaryData, { document }: Frame): Element =>
  element(
    document,
    "div",
    { class: stands ? "summary" : "summary doubtful" },
    element(document, "p", { class: "lead" }, mixture),
    element(document, "p", {}, promise),
    element(document, "p", {}, certainty),
  );

export const summary: View<SummaryData> = {
  title: "In short",
  reading: "What to train, what the law promises for it, and what the verdict comes to.",
  draw,
  isWords: true,
};
