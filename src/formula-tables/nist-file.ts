/**
 * NIST's Statistical Reference Datasets for nonlinear regression (StRD): one text file holds the
 * data, the model, two starts and certified results.
 */
import { InputError } from "../base/errors.ts";
import type { Table } from "../data/table/cells.ts";
import { DECIMAL } from "../syntax/number.ts";
import { textOf } from "../data/table/format.ts";
import { sha256 } from "../data/table/parse-table.ts";

/** A parameter as the file certifies it. */
export interface Certified {
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
  readonly parameters: readonly Certified[];
  readonly residualSumOfSquares: number;
  readonly residualSd: number;
  readonly degreesOfFreedom: number;
}

const NUMBER = `[-+]?${DECIMAL}`;

/**
 * Reads a file of the StRD format. The header says in which lines ("lines 41 to 47") the parameters
 * and the data are.
 *
 * @param source how messages name the file
 * @throws InputError that names the line that is not as expected.
 * @example (await parseNist(bytes, "Misra1a.dat")).parameters[0] // { name: "b1", starts: [500,
 *   250], value: 238.94212918, standardDeviation: 2.7070075241 }
 */
export async function parseNist(bytes: Uint8Array, source: string): Promise<Reference> {
  const lines = textOf(bytes, source).split("\n");
  const fail = (problem: string): never => {
    throw new InputError(
      `${source}: ${problem}; a file of NIST's StRD for nonlinear regression is expected`,
      { file: source },
    );
  };
  const range = (what: string): { from: number; to: number } => {
    const found = new RegExp(
      String.raw`^\s*${what}\s+\(lines\s+(\d+)\s+to\s+(\d+)\s*\)`,
      "im",
    ).exec(lines.slice(0, 40).join("\n"));
    if (found === null) return fail(`its header has no "${what} (lines … to …)"`);
    const [from, to] = [Number(found[1]), Number(found[2])];
    return from >= 1 && to >= from && to <= lines.length
      ? { from, to }
      : fail(`it has no lines ${from} to ${to} (${what})`);
  };
  const after = (label: string): number => {
    const found = new RegExp(String.raw`^\s*${label}:\s*(${NUMBER})\s*$`, "im").exec(
      lines.join("\n"),
    );
    return found === null ? fail(`it has no line "${label}: NUMBER"`) : Number(found[1]);
  };
  const at = range("Starting Values");
  const parameters = lines.slice(at.from - 1, at.to).map((line, i): Certified => {
    const found = new RegExp(String.raw`^\s*([A-Za-z]\w*)\s*=((?:\s+${NUMBER}){3,})\s*$`).exec(
      line,
    );
    if (found === null)
      return fail(
        `line ${at.from + i} is ${JSON.stringify(line.trim())}, not "b1 = START… VALUE DEVIATION"`,
      );
    const numbers = found[2].trim().split(/\s+/).map(Number);
    return {
      name: found[1],
      starts: numbers.slice(0, -2),
      value: numbers[numbers.length - 2],
      standardDeviation: numbers[numbers.length - 1],
    };
  });
  const body = range("Data");
  const heading =
    lines.slice(0, body.from - 1).findLast((line) => line.startsWith("Data:")) ??
    fail('it has no line "Data:" with the names of the columns');
  const names = heading
    .replace(/^Data:/, "")
    .trim()
    .split(/\s+/);
  const columns = names.map((name) => ({ name, cells: [] as string[] }));
  for (const [i, line] of lines.slice(body.from - 1, body.to).entries()) {
    const cells = line.trim().split(/\s+/);
    if (cells.length !== names.length)
      fail(
        `line ${body.from + i} has ${cells.length} values for the ${names.length} columns ${names.join(", ")}`,
      );
    for (const [c, cell] of cells.entries()) columns[c].cells.push(cell);
  }
  return {
    name: /^Dataset Name:\s+(\S+)/m.exec(lines.join("\n"))?.[1] ?? source,
    table: {
      source,
      sha256: await sha256(bytes),
      rows: body.to - body.from + 1,
      columns: new Map(columns.map((c) => [c.name, c])),
    },
    model: modelOf(lines.slice(0, at.from - 1)),
    parameters,
    residualSumOfSquares: after("Residual Sum of Squares"),
    residualSd: after("Residual Standard Deviation"),
    degreesOfFreedom: after("Degrees of Freedom"),
  };
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
