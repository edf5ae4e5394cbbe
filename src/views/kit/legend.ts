/** Legends as lists, which wrap where there is little room and are read aloud in order. */
import { element } from "./dom.ts";

/** What a color stands for. */
export interface Key {
  readonly label: string;
  /** A color of `palette.ts`. */
  readonly color: string;
}

/** @example legend(document, [{ label: "optimum", color: COLOR.optimum }]) */
export function legend(document: Document, keys: readonly Key[]): HTMLElement {
  const items = keys.map(({ label, color }) => {
    const swatch = element(document, "span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.setProperty("--mark", color);
    return element(document, "li", {}, swatch, label);
  });
  return element(document, "ul", { class: "legend" }, ...items);
}
