/** Columns of a table by their names, by lists of names and by globs. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { nearFirst, shorten, suggest } from "../../base/wording.ts";
import { matchesGlob } from "../../syntax/glob.ts";
import { knownNames, listReadings, type NameReader, onlyReading, orPlain, quoted, type Readings } from "../../syntax/names.ts"; // prettier-ignore
import type { Column, Table } from "./cells.ts";

/** A column picked by a list of names and globs. */
export interface Pick {
  readonly column: Column;
  /**
   * The part of the name that a glob's text before its `*` does not cover; the full name for a
   * plain name.
   */
  readonly stem: string;
  /**
   * Whether the user wrote this very name, and no glob. Only then is it an error if the column
   * turns out to be useless.
   */
  readonly named: boolean;
}

/**
 * The column with a name.
 *
 * @param path the option that names it, for messages
 * @throws InputError that suggests the nearest name.
 */
export function columnOf(table: Table, name: string, path: string): Column {
  const column = table.columns.get(name);
  if (column !== undefined) return column;
  throw new InputError(
    `${option(path)}: ${table.source} has no column "${name}"; ${suggest(name, [...table.columns.keys()], "columns")}`,
    {
      file: table.source,
      column: name,
      option: path,
    },
  );
}

/**
 * The columns that a comma list names: plain names in the order given, globs (`*` any text, `?` any
 * character) in the file's order, each column once; `!name` or `!glob` takes columns out again.
 *
 * @param path the option that lists them, for messages
 * @param lenient whether the list may match nothing
 * @throws InputError for a name that is not there and a glob that matches nothing, naming the
 *   option and what columns there are.
 * @example pickColumns(table, "h_*,!h_other", "weights")
 */
export function pickColumns(table: Table, list: string, path: string, lenient = false): Pick[] {
  const picks = new Map<string, Pick>();
  const items = itemsOf(table, list, path);
  for (const { item } of items.filter(({ isLeftOut }) => !isLeftOut)) {
    for (const pick of matching(table, item, path, lenient))
      if (!picks.has(pick.column.name)) picks.set(pick.column.name, pick);
  }
  for (const { item } of items.filter(({ isLeftOut }) => isLeftOut))
    for (const pick of matching(table, item, path, lenient)) picks.delete(pick.column.name);
  if (picks.size === 0 && !lenient)
    throw new InputError(`${option(path)} ${list} leaves no column: name at least one`, {
      file: table.source,
      option: path,
    });
  return [...picks.values()];
}

/** A name or a glob of a list, and whether its columns are taken out. */
interface Item {
  readonly item: string;
  readonly isLeftOut: boolean;
}

/** The items of a list: columns come first, whatever signs their names hold. */
function itemsOf(table: Table, list: string, path: string): readonly Item[] {
  const exact = knownNames(new Set(table.columns.keys()));
  const itemsBy =
    (name: NameReader) =>
    (piece: string): Readings<Item> => {
      const text = piece.trim();
      const found = name(text).map((item) => ({ item, isLeftOut: false }));
      if (found.length > 0 || !text.startsWith("!")) return found;
      return name(text.slice(1)).map((item) => ({ item, isLeftOut: true }));
    };
  const glob: NameReader = (piece) =>
    /^[^!,]*[*?][^,]*$/.test(piece.trim()) ? [piece.trim()] : [];
  const known: NameReader = (piece) => [...exact(piece), ...glob(piece)].slice(0, 1);
  const plain = orPlain(known, /[,!]/);
  return (
    onlyReading<readonly Item[]>(
      option(path),
      list,
      {
        known: () => listReadings(list, ",", itemsBy(known)),
        plain: () => listReadings(list, ",", itemsBy(plain)),
      },
      (items) =>
        items.map(({ item, isLeftOut }) => `${isLeftOut ? "!" : ""}${quoted(item)}`).join(","),
    ) ?? list.split(",").map((item) => ({ item: item.trim(), isLeftOut: false }))
  );
}

/** The columns that one name or glob means. */
function matching(table: Table, item: string, path: string, lenient: boolean): Pick[] {
  const exact = table.columns.get(item);
  if (exact !== undefined) return [{ column: exact, stem: item, named: true }];
  if (lenient && !/[*?]/.test(item)) return [];
  if (!/[*?]/.test(item)) return [{ column: columnOf(table, item, path), stem: item, named: true }];
  const prefix = item.slice(0, item.search(/[*?]/));
  const found = [...table.columns.values()].filter(
    (column) => matchesGlob(item, column.name) && !isSummary(table, column.name),
  );
  if (found.length === 0 && !lenient) {
    const near = nearFirst(item.replaceAll(/[*?]/g, ""), table.columns.keys());
    throw new InputError(
      `${option(path)}: no column of ${table.source} matches ${item}; the columns are: ${shorten(near)}`,
      { file: table.source, option: path },
    );
  }
  return found.map((column) => ({
    column,
    stem: column.name.slice(prefix.length) || column.name,
    named: false,
  }));
}

/** What Weights & Biases adds to the name of a column for its least, largest and last values. */
const SUMMARY = /__(MIN|MAX|STEP)$/;

/** Whether a column summarizes another of the table: globs leave it out. */
const isSummary = (table: Table, name: string): boolean =>
  SUMMARY.test(name) && table.columns.has(name.replace(SUMMARY, ""));
