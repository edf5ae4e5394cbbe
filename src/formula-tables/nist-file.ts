/**
 * NIST's Statistical Reference Datasets for nonlinear regression (StRD): one text file holds the
 * data, the model, two starts and certified results.
 */
import { itemAt, lastOf } from "../base/known.ts";
import { InputError } from "../base/errors.ts";
import type { Column, Table } from "../data/table/cells.ts";
import { DECIMAL } from "../syntax/number.ts";
import { textOf } from "../data/table/format.ts";
import { tableOfColumns } from "../data/table/table-of-columns.ts";
import { sha256Hex } from "../base/sha256.ts";

/** A parameter as the file certifies it. */
export interface CertifiedParameter {
  readonly name: string;
  /** Start 1, Start 2, … */
  readonly starts: readonly number[];
  readonly value: number;
  readonly standardDeviation: number;
}

/** A reference problem. */
export interface Reference {
  readonly name: string;
  readonly table: Table;
  /** The model as the header writes it, on one line: "y = b1*(1-exp[-b2*x]) + e". */
  readonly model: string;
  readonly parameters: readonly CertifiedParameter[];
  readonly residualSumOfSquares: number;
  readonly residualSd: number;
  readonly degreesOfFreedom: number;
}

const NUMBER = `[-+]?${DECIMAL}`;

/** A file being read. */
interface TextFile {
  /** How messages name it. */
  readonly source: string;
  readonly lines: readonly string[];
}

const problemIn = ({ source }: TextFile, problem: string): InputError =>
  new InputError(
    `${source}: ${problem}; a file of NIST's StRD for nonlinear regression is expected`,
    { file: source },
  );

/**
 * Reads a file of the StRD format. The header says in which lines ("lines 41 to 47") the parameters
 * and the data are.
 *
 * @param source how messages name the file
 * @throws InputError that names the line that is not as expected.
 * @example parseNist(bytes, "Misra1a.dat").parameters[0] // { name: "b1", starts: [500,
 *   250], value: 238.94212918, standardDeviation: 2.7070075241 }
 */
export function parseNist(bytes: Uint8Array, source: string): Reference {
  const file: TextFile = { source, lines: textOf(bytes, source).split("\n") };
  const parameters = rangeOf(file, "Starting Values");
  const data = rangeOf(file, "Data");
  return {
    name: /^Dataset Name:\s+(\S+)/m.exec(file.lines.join("\n"))?.[1] ?? source,
    table: tableOfColumns(columnsOf(file, data), source, () => sha256Hex(bytes)),
    model: modelOf(file.lines.slice(0, parameters.from - 1)),
    parameters: parametersOf(file, parameters),
    residualSumOfSquares: numberAfter(file, "Residual Sum of Squares"),
    residualSd: numberAfter(file, "Residual Standard Deviation"),
    degreesOfFreedom: numberAfter(file, "Degrees of Freedom"),
  };
}

/** Lines of the file, from 1, both ends included. */
interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** The lines that the header gives for a part: "Data (lines 61 to 74)". */
function rangeOf(file: TextFile, part: string): LineRange {
  const pattern = new RegExp(String.raw`^\s*${part}\s+\(lines\s+(\d+)\s+to\s+(\d+)\s*\)`, "im");
  const match = pattern.exec(file.lines.slice(0, 40).join("\n"));
  if (match === null) throw problemIn(file, `its header has no "${part} (lines … to …)"`);
  const [from, to] = [Number(match[1]), Number(match[2])];
  if (from >= 1 && to >= from && to <= file.lines.length) return { from, to };
  throw problemIn(file, `it has no lines ${from} to ${to} (${part})`);
}

/** The number on the line that begins with a label. */
function numberAfter(file: TextFile, label: string): number {
  const pattern = new RegExp(String.raw`^\s*${label}:\s*(${NUMBER})\s*$`, "im");
  const match = pattern.exec(file.lines.join("\n"));
  const value = Number(match?.[1]);
  if (!Number.isFinite(value)) throw problemIn(file, `it has no line "${label}: NUMBER"`);
  return value;
}

/** Lines such as "b1 = 500 250 2.3894212918E+02 2.7070075241E+00". */
function parametersOf(file: TextFile, { from, to }: LineRange): CertifiedParameter[] {
  const pattern = new RegExp(String.raw`^\s*([A-Za-z]\w*)\s*=((?:\s+${NUMBER}){3,})\s*$`);
  return file.lines.slice(from - 1, to).map((line, i) => {
    const [, name = "", values = ""] = pattern.exec(line) ?? [];
    const numbers = values.trim().split(/\s+/).map(Number);
    if (name === "" || !numbers.every(Number.isFinite))
      throw problemIn(
        file,
        `line ${from + i} is ${JSON.stringify(line.trim())}, not "b1 = START… VALUE DEVIATION"`,
      );
    return {
      name,
      starts: numbers.slice(0, -2),
      value: itemAt(numbers, numbers.length - 2),
      standardDeviation: lastOf(numbers),
    };
  });
}

/** The data, under the names on the line "Data:". */
function columnsOf(file: TextFile, { from, to }: LineRange): Column[] {
  const heading = file.lines.slice(0, from - 1).findLast((line) => line.startsWith("Data:"));
  if (heading === undefined)
    throw problemIn(file, 'it has no line "Data:" with the names of the columns');
  const names = heading.slice("Data:".length).trim().split(/\s+/);
  const rows = file.lines.slice(from - 1, to).map((line, i) => {
    const cells = line.trim().split(/\s+/);
    if (cells.length === names.length) return cells;
    throw problemIn(
      file,
      `line ${from + i} has ${cells.length} values for the ${names.length} columns ${names.join(", ")}`,
    );
  });
  return names.map((name, c) => ({ name, cells: rows.map((cells) => itemAt(cells, c)) }));
}

/** The equation between "Model:" and the starting values, on one line. */
function modelOf(header: readonly string[]): string {
  const from = header.findIndex((line) => line.startsWith("Model:"));
  const to = header.findLastIndex((line) => /^\s+Starting values/i.test(line));
  const text = header.slice(from + 1, to).filter((line) => !/\d+ Parameters|^\s*pi\s*=/.test(line));
  return text.join(" ").replaceAll(/\s+/g, " ").trim();
}

/**
 * A header's model in the spelling of formulas: square brackets round, arctan as atan, without the
 * error term.
 *
 * @example formulaOf("y = b1*(1-exp[-b2*x]) + e") // "y = b1*(1-exp(-b2*x))"
 */
export const formulaOf = (model: string): string =>
  model
    .replace(/\+\s*e\s*$/, "")
    .replaceAll("[", "(")
    .replaceAll("]", ")")
    .replaceAll("arctan", "atan")
    .replaceAll("**", "^")
    .trim();
