/** Legends as lists, which wrap where there is little room and are read aloud in order. */
import { element } from "./dom.ts";

/**
 * How a mark looks. area: a filled square. line, dashed, band: a thin, a broken and a thick line
 * across. tick: a line upright. dot, ring: a circle, filled or not. outline: a range without a
 * filling. triangle, diamond: not filled.
 */
export type Mark =
  | "area"
  | "line"
  | "dashed"
  | "band"
  | "tick"
  | "dot"
  | "ring"
  | "outline"
  | "triangle"
  | "diamond";

/** What a mark stands for. */
export interface Key {
  readonly label: string;
  /** A color of `palette.ts`. */
  readonly color: string;
  /** Default: area. */
  readonly mark?: Mark;
}

/** @example legend(document, [{ label: "optimum", color: COLOR.optimum, mark: "dot" }]) */
export function legend(document: Document, keys: readonly Key[]): HTMLElement {
  const items = keys.map(({ label, color, mark = "area" }) => {
    const swatch = element(document, "span", { class: `swatch ${mark}`, "aria-hidden": "true" });
    swatch.style.setProperty("--mark", color);
    return element(document, "li", {}, swatch, label);
  });
  return element(document, "ul", { class: "legend" }, ...items);
}
