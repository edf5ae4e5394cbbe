/** Small multiples: panels side by side, as many in a row as have room. */
import { element } from "./dom.ts";
import { shortened } from "./labels.ts";
import type { Frame } from "./view.ts";

/** One of several pictures of the same kind. */
export interface Panel {
  /** What stands above it. */
  readonly title: string;
  /** A few words below the title. */
  readonly note?: string;
  /** Draws it at the width that it gets. */
  readonly draw: (frame: Frame) => Element;
}

/** Pixels of a character of a panel's title, on average. */
const BOLD = 8;
/** Pixels between panels, as the style sheet has it. */
const GAP = 20;

/**
 * The panels, all of one width.
 *
 * @param least the least width at which a panel can be read; one of its own row may have less
 * @param most the largest width that is of use
 */
export function panels(
  { document, width }: Frame,
  all: readonly Panel[],
  { least, most }: { readonly least: number; readonly most: number },
): HTMLElement {
  const fitting = Math.floor((width + GAP) / (least + GAP));
  // Rows of about equal length: six panels are two rows of three rather than five and one.
  const rows = Math.ceil(all.length / Math.max(1, fitting));
  const columns = Math.max(1, Math.ceil(all.length / rows));
  const room = Math.floor((width - GAP * (columns - 1)) / columns);
  const each = Math.min(most, room);
  const drawn = all.map(({ title, note, draw }) => {
    const panel = element(document, "div", { class: "panel" });
    panel.style.setProperty("width", `${each}px`);
    const heading = element(document, "h4", { title }, shortened(title, Math.floor(each / BOLD)));
    const words = note === undefined ? [] : [element(document, "p", { class: "note" }, note)];
    panel.append(heading, ...words, draw({ document, width: each }));
    return panel;
  });
  return element(document, "div", { class: "panels" }, ...drawn);
}
