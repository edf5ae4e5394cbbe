/** A table as the page shows it. */
import { significant } from "../../base/format-number.ts";
import { count, shorten } from "../../base/wording.ts";
import { type Column, showCell, type Table, toNumber } from "../../data/table/cells.ts";
import { CATALOG } from "../../laws/catalog/catalog.ts";
import type { ColumnView, Role, TableView } from "../protocol/workshop.ts";
import { differentTexts, guessRoles, isNumeric } from "./guess-roles.ts";

/** Rows of the preview. */
const PREVIEW = 5;

export function describeTable(table: Table): TableView {
  const guesses = guessRoles(table);
  const columns = [...table.columns.values()].map((column, c) =>
    describeColumn(column, guesses[c] ?? "ignored"),
  );
  return {
    kind: "table",
    source: table.source,
    rows: table.rows,
    columns,
    preview: Array.from({ length: Math.min(PREVIEW, table.rows) }, (_, row) =>
      [...table.columns.values()].map(({ cells }) => String(cells[row] ?? "")),
    ),
    inputs: otherInputs(),
  };
}

/** Inputs of laws beside N, D and the shares. */
function otherInputs(): TableView["inputs"] {
  const inputs = [...CATALOG.values()].flatMap(({ uses }) => uses.inputs ?? []);
  const byName = new Map(inputs.map(({ name, meaning }) => [name, meaning]));
  return [...byName].map(([name, meaning]) => [`input:${name}`, `${name}: ${meaning}`]);
}

function describeColumn(column: Column, guess: Role): ColumnView {
  const { name, cells } = column;
  return {
    name,
    guess,
    content: contentOf(column),
    missing: cells.filter((cell) => cell === null).length,
    ...filtersOf(column),
  };
}

/** "5 numbers, 2e7 to 7e8", or "texts: train, test". */
function contentOf(column: Column): string {
  const cells = column.cells.filter((cell) => cell !== null);
  if (cells.length === 0) return "empty";
  const different = new Set(cells.map(String));
  if (!isNumeric(column)) {
    const odd = cells.find((cell) => toNumber(cell) === undefined) ?? null;
    const texts = differentTexts(column);
    return texts.length > 0 && texts.length <= 6
      ? `texts: ${shorten(texts, 4)}`
      : `${count(different.size, "different value")}, such as ${showCell(odd)}`;
  }
  const numbers = cells.flatMap((cell) => toNumber(cell) ?? []);
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  if (least === most) return `always ${inShort(least)}`;
  return `${count(different.size, "different number")}, ${inShort(least)} to ${inShort(most)}`;
}

const inShort = (value: number): string =>
  Math.abs(value) >= 1e5 ? value.toExponential(2).replace("e+", "e") : significant(value, 4);

/** What a column of splits says of the rows: those called test or so are held out. */
function filtersOf(column: Column): Pick<ColumnView, "where" | "test"> {
  const texts = differentTexts(column);
  const isTrain = (text: string): boolean => /^(train|fit)/i.test(text);
  const isTest = (text: string): boolean => !isTrain(text) && /test|eval|held|valid/i.test(text);
  const [trained, held] = [texts.filter(isTrain), texts.filter(isTest)];
  if (trained.length === 0) return { where: "", test: "" };
  return {
    where: memberOf(column.name, trained),
    test: held.length > 0 ? memberOf(column.name, held) : "",
  };
}

/** A filter: the column holds one of some texts. */
function memberOf(column: string, texts: readonly string[]): string {
  const name = /^[A-Za-z_]\w*$/.test(column) ? column : `\`${column.replaceAll("`", "``")}\``;
  const [first = "", ...others] = texts.map((text) => `'${text.replaceAll("'", "''")}'`);
  return others.length === 0 ? `${name} == ${first}` : `${name} in (${[first, ...others].join(", ")})`; // prettier-ignore
}
