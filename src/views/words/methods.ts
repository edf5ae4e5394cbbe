/** How the numbers were made, and the commands that make them again. */
import { element } from "../kit/dom.ts";
import type { Frame, View } from "../kit/view.ts";

/** What is said under a heading. */
export interface MethodsPart {
  readonly title: string;
  /** Names with what is to say of each. */
  readonly items: readonly { readonly name: string; readonly lines: readonly string[] }[];
}

export interface MethodsData {
  readonly parts: readonly MethodsPart[];
  /** Commands, and the files that they read, each with what it is. */
  readonly commands: readonly { readonly caption: string; readonly text: string }[];
  readonly references: readonly string[];
}

function draw({ parts, commands, references }: MethodsData, { document }: Frame): Element {
  const said = parts.flatMap(({ title, items }) => [
    element(document, "h4", {}, title),
    element(
      document,
      "dl",
      {},
      ...items.flatMap(({ name, lines }) => [
        element(document, "dt", {}, name),
        ...lines.map((line) => element(document, "dd", {}, line)),
      ]),
    ),
  ]);
  const repeated = commands.flatMap(({ caption, text }) => [
    element(document, "p", { class: "caption" }, caption),
    element(document, "pre", { tabindex: "0" }, text),
  ]);
  const list = references.map((reference) => element(document, "li", {}, reference));
  return element(
    document,
    "div",
    {},
    ...said,
    element(document, "h4", {}, "To repeat it"),
    ...repeated,
    element(document, "h4", {}, "References"),
    element(document, "ul", {}, ...list),
  );
}

export const methods: View<MethodsData> = {
  title: "Methods",
  reading:
    "All that is needed to repeat the numbers: the runs, the laws, how they were fitted, and the commands.",
  draw,
  isWords: true,
};
