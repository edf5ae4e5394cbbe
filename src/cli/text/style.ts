/** Styles of text on a terminal: which there are, and the codes that switch them. */
import { styleText } from "node:util";

/** What text can be marked as, with how it looks then. Colors mean something. */
const FORMATS = {
  /** Headings, and the number to look at. */
  bold: "bold",
  /** What is beside the point. */
  dim: "dim",
  /** What to beware of. */
  warn: "yellow",
  /** What is proved. */
  good: "green",
  /** What failed. */
  bad: "red",
  /** Bars and points of a chart. */
  bar: "cyan",
  /** What they are compared with. */
  mark: "magenta",
} as const;

/** Functions that mark a text. */
export type Style = Readonly<Record<keyof typeof FORMATS, (text: string) => string>>;

const NAMES = Object.keys(FORMATS) as (keyof Style)[];
const styles = (paint: (name: keyof Style, text: string) => string): Style =>
  Object.fromEntries(NAMES.map((name) => [name, (text: string) => paint(name, text)])) as Style;

/** Text as it is. */
export const PLAIN: Style = styles((_, text) => text);

/** Text with codes. Whether a stream shows them is decided before: `styleText` need not ask. */
export const COLORED: Style = styles((name, text) =>
  styleText(FORMATS[name], text, { validateStream: false }),
);

/** What stands in a column of a chart, and with which style. */
export type Cell = readonly [text: string, style: keyof Style | null];

/** Cells beside each other; neighbors of one style are marked together. */
export function painted(cells: readonly Cell[], style: Style): string {
  const runs: Cell[] = [];
  for (const [text, name] of cells) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === name) runs[runs.length - 1] = [last[0] + text, name];
    else runs.push([text, name]);
  }
  return runs.map(([text, name]) => (name === null ? text : style[name](text))).join("");
}

/** A code of a style: "Select Graphic Rendition" of ECMA-48. */
const CODE = "\u001b\\[[\\d;]*m";

/** Codes at the ends of a text, and what is between them. */
const ENDS = new RegExp(`^((?:${CODE})*)(.*?)((?:${CODE})*)$`, "s");

/** Does something to a text that gives several, each of which is styled as the whole was. */
export function eachStyled(text: string, split: (inner: string) => readonly string[]): string[] {
  const [, before = "", inner = "", after = ""] = ENDS.exec(text) ?? [];
  return split(inner).map((part) => before + part + after);
}

/** Control characters, and those that turn the direction of what follows. */
const CONTROL = "[\\p{Cc}\u202a-\u202e\u2066-\u2069]";
const CONTROLS = new RegExp(CONTROL, "gu");

/** Text between the codes of a style. */
const STYLED = NAMES.map((name) =>
  COLORED[name](" ").replaceAll("[", "\\[").replace(" ", "[^\u001b]*"),
);
const STYLED_OR_CONTROL = new RegExp([...STYLED, CONTROL].join("|"), "gu");

/** "␀": where Unicode has pictures of the control characters. */
const PICTURES = 0x2400;

function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(PICTURES + code);
  return code === 0x7f ? "␡" : "\ufffd";
}

/**
 * Text whose only codes are those of a style, one before and one after what it marks: a name from a
 * table that holds others (which could clear the screen, or set the title of the window) shows them
 * as pictures.
 *
 * @example harmless("a\u001b[2Jb") // "a␛[2Jb"
 */
export const harmless = (text: string): string =>
  text.replace(STYLED_OR_CONTROL, (found) =>
    found.length === 1
      ? picture(found)
      : eachStyled(found, (inner) => [inner.replace(CONTROLS, picture)]).join(""),
  );
