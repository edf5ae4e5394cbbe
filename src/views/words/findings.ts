/** What was found of a result, in words: what to beware of first, then what is only to know. */
import { element } from "../kit/dom.ts";
import type { Frame, View } from "../kit/view.ts";

/** How a sentence is announced; null for one that only states what is so. */
export type SentenceLabel = "failed" | "warning" | "note" | null;

export interface Sentence {
  readonly label: SentenceLabel;
  readonly text: string;
}

/** Sentences about the same. */
export interface SentenceGroup {
  readonly title: string;
  readonly sentences: readonly Sentence[];
}

export interface FindingsData {
  readonly groups: readonly SentenceGroup[];
}

function draw({ groups }: FindingsData, { document }: Frame): Element {
  const item = ({ label, text }: Sentence): HTMLElement =>
    element(
      document,
      "li",
      {},
      label === null ? undefined : element(document, "strong", { class: `tag ${label}` }, label),
      element(document, "span", {}, text),
    );
  const parts = groups.flatMap(({ title, sentences }) => [
    element(document, "h4", {}, title),
    element(document, "ul", { class: "findings" }, ...sentences.map(item)),
  ]);
  return element(document, "div", {}, ...parts);
}

export const optimumFindings: View<FindingsData> = {
  title: "The verdict on the optimum",
  reading:
    "A warning is something to look into before the mixture is trained, a note only something to know.",
  draw,
  isWords: true,
};

export const fitFindings: View<FindingsData> = {
  title: "Findings on the fits and the runs",
  reading: "What is said of several fits alike is said once, with the fits that it is said of.",
  draw,
  isWords: true,
};
