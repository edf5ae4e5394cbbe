/** A slider with a field beside it, for one number. */
import { element } from "../../views/kit/dom.ts";

export interface SliderOptions {
  /** What stands before it, and after that in a lighter color. */
  readonly label: string;
  readonly explained?: string;
  /** What screen readers say. */
  readonly name: string;
  /** Where the slider ends, and what an arrow key moves it by, as positions on it. */
  readonly positions: { readonly low: number; readonly high: number; readonly step: number };
  readonly positionOf: (value: number) => number;
  readonly valueAt: (position: number) => number;
  /** What stands in the field. */
  readonly textOf: (value: number) => string;
  /** What screen readers say of the slider's value. */
  readonly spoken: (value: number) => string;
  /** The value of a text, undefined for a text that is none. */
  readonly parse: (text: string) => number | undefined;
  /** Said where it is none. */
  readonly refusal: string;
  /** What the runs had, as positions. */
  readonly trained: readonly [number, number] | undefined;
  /** Of the optimum, as a position. */
  readonly mark: number | undefined;
  readonly onMove: (value: number) => void;
  readonly onRefuse: (refusal: string) => void;
}

export interface Slider {
  readonly row: HTMLElement;
  readonly show: (value: number) => void;
}

export function slider(document: Document, options: SliderOptions): Slider {
  const { label, name, positions, positionOf, valueAt, textOf, spoken, parse, onMove } = options;
  const range = element(document, "input", {
    type: "range",
    "aria-label": name,
    min: String(positions.low),
    max: String(positions.high),
    step: String(positions.step),
  });
  const field = element(document, "input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `${name}, typed`,
  });
  let shown = NaN;
  const show = (value: number): void => {
    field.removeAttribute("aria-invalid");
    if (value === shown) return;
    shown = value;
    range.value = String(positionOf(value));
    range.setAttribute("aria-valuetext", spoken(value));
    if (document.activeElement !== field) field.value = textOf(value);
  };
  range.addEventListener("input", () => onMove(valueAt(Number(range.value))));
  field.addEventListener("change", () => {
    const value = parse(field.value);
    if (value === undefined) {
      field.setAttribute("aria-invalid", "true");
      options.onRefuse(options.refusal);
    } else {
      shown = NaN;
      onMove(value);
      field.value = textOf(shown);
    }
  });
  const track = element(document, "span", { class: "track" }, ...marksOf(document, options), range);
  const explained = options.explained === undefined ? undefined : element(document, "small", {}, ` ${options.explained}`); // prettier-ignore
  const row = element(document, "div", { class: "slider" }, element(document, "span", { class: "name", title: name }, label, explained), track, field); // prettier-ignore
  return { row, show };
}

/** What was trained as a band, and the optimum as a tick. */
function marksOf(document: Document, options: SliderOptions): HTMLElement[] {
  const { positions, trained, mark } = options;
  const part = (position: number): string =>
    String(Math.min(1, Math.max(0, (position - positions.low) / (positions.high - positions.low))));
  const marks: HTMLElement[] = [];
  if (trained !== undefined) {
    const band = element(document, "span", { class: "band", "aria-hidden": "true" });
    band.style.setProperty("--from", part(trained[0]));
    band.style.setProperty("--to", part(trained[1]));
    marks.push(band);
  }
  if (mark !== undefined) {
    const tick = element(document, "span", { class: "tick", "aria-hidden": "true" });
    tick.style.setProperty("--at", part(mark));
    marks.push(tick);
  }
  return marks;
}
