/** Help: how it is laid out, and what stands under the options. */
import type { Command, Help } from "commander";
import { wrap } from "../text/layout.ts";
import type { Style } from "../text/style.ts";
import { padRight, widthOf } from "../text/width.ts";
import { style, width } from "./output.ts";

/** Columns that a description has beside its term; with fewer it stands below. */
const LEAST = 40;
const [INDENT, BELOW] = ["  ", "      "];
const GAP = "  ";

/** How commander lays help out. Commands are listed by name: their own help has the arguments. */
export const helpLayout = (): Partial<Help> => ({
  helpWidth: width(),
  minWidthToWrap: 20,
  subcommandTerm: (command) => command.name(),
  styleTitle: (title) => style().bold(title),
  formatItem(term, termWidth, description) {
    const before = INDENT + padRight(term, termWidth) + GAP;
    const isBeside = width() - widthOf(before) >= LEAST;
    if (description === "" || isBeside) return wrap(description, width(), before).trimEnd();
    return `${INDENT}${term}\n${wrap(description, width(), BELOW)}`;
  },
});

/**
 * Ends the help of a command: `--help` in the group of the options before it, and text under all of
 * them. Blocks of the text stand apart by an empty line; prose is broken at the width, and the
 * lines under "Examples:" are not, each a command line with what it does three columns behind it.
 */
export const endHelp = (command: Command, text: string): Command =>
  command
    .helpOption("-h, --help", "show help")
    .addHelpText("after", () => `\n${helpText(text, width(), style())}`);

/** The text of a help as it is printed. */
export const helpText = (text: string, columns: number, look: Style): string =>
  text
    .trim()
    .split("\n\n")
    .map((block) => {
      const [first = "", ...lines] = block.split("\n");
      return first === "Examples:"
        ? [look.bold(first), ...examples(lines, columns, look)].join("\n")
        : wrap([first, ...lines].join(" "), columns);
    })
    .join("\n\n");

/** Command lines, with what they do beside them or, where one has no room for it, below each. */
function examples(lines: readonly string[], columns: number, look: Style): string[] {
  const parts = lines.map((line) => line.trim().split(/ {3,}/));
  const longest = Math.max(
    ...parts.map(([line = "", does]) => (does === undefined ? 0 : widthOf(line))),
  );
  const beside = ([line = "", does]: readonly string[]): string =>
    INDENT + (does === undefined ? line : padRight(line, longest) + INDENT + GAP + does);
  const isBeside = parts.every((part) => part[1] === undefined || widthOf(beside(part)) <= columns);
  return parts.flatMap((part) => {
    const [line = "", does] = part;
    if (isBeside || does === undefined) return [beside(part)];
    return [INDENT + line, look.dim(wrap(does, columns, BELOW))];
  });
}
