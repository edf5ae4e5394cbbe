/** Names of domains and targets as labels: any length, any script. */
import stringWidth from "string-width";

/** Pixels of a character of a label, at the font size of pictures (12 px), on average. */
const CHARACTER = 7.1;

/** A name in at most `columns` columns of text, with an ellipsis where it is cut. */
export function shortened(name: string, columns: number): string {
  if (stringWidth(name) <= columns) return name;
  let text = "";
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    if (stringWidth(text + segment) > columns - 1) break;
    text += segment;
  }
  return `${text}…`;
}

/** Room for names beside a picture. */
export interface LabelRoom {
  /** In pixels. */
  readonly pixels: number;
  /** A name as it fits in; hovering shows all of it where the mark has a title. */
  readonly label: (name: string) => string;
}

/**
 * Room for the longest of some names, at most a share of the width.
 *
 * @param most the largest part of the width that labels may take
 */
export function labelRoom(names: readonly string[], width: number, most = 0.35): LabelRoom {
  const columns = Math.max(4, Math.floor((most * width) / CHARACTER));
  const label = (name: string): string => shortened(name, columns);
  const widest = Math.max(1, ...names.map((name) => stringWidth(label(name))));
  return { pixels: Math.ceil(widest * CHARACTER) + 12, label };
}
