/** The format of NIST's reference problems. */
import { describe, expect, test } from "vitest";
import { formulaOf, parseNist } from "../../src/formula-tables/nist-file.ts";
import { InputError } from "../../src/base/errors.ts";
import { BOXBOD } from "../support/nist.ts";

const parse = (text: string) => parseNist(new TextEncoder().encode(text), "BoxBOD.dat");
const refused = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("accepted");
};

describe("a file", () => {
  test("gives name, model, starts, certified results and data", () => {
    const { table, ...rest } = parse(BOXBOD);
    expect(rest).toEqual({
      name: "BoxBOD",
      model: "y = b1*(1-exp[-b2*x]) + e",
      parameters: [
        { name: "b1", starts: [1, 100], value: 213.80940889, standardDeviation: 12.354515176 },
        { name: "b2", starts: [1, 0.75], value: 0.54723748542, standardDeviation: 0.10455993237 },
      ],
      residualSumOfSquares: 1168.0088766,
      residualSd: 17.088072423,
      degreesOfFreedom: 4,
    });
    expect([...table.columns.keys()]).toEqual(["y", "x"]);
    expect(table.columns.get("y")?.cells.map(Number)).toEqual([109, 149, 149, 191, 213, 224]);
  });

  test("may have the line ends of Windows", () => {
    expect(parse(BOXBOD.replaceAll("\n", "\r\n")).parameters).toEqual(parse(BOXBOD).parameters);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ["no lines of data in the header", (t) => t.replace(/ +Data +\(lines.*\n/, "\n"), /header has no "Data \(lines … to …\)"/],
    ["lines that are not there", (t) => t.replace("33 to 38", "33 to 380"), /no lines 33 to 380/],
    ["a parameter without certified values", (t) => t.replace("2.1380940889E+02  1.2354515176E+01", ""), /line 21 is "b1 =   1           100".*START… VALUE DEVIATION/],
    ["a value too many", (t) => t.replace("      109             1\n", "      109 1 2\n"), /line 33 has 3 values for the 2 columns y, x/],
    ["no residual sum of squares", (t) => t.replace("Residual Sum of Squares", "Sum"), /no line "Residual Sum of Squares: NUMBER"/],
    ["another text", () => "a,b\n1,2\n", /header has no "Starting Values/],
  ])("with %s is refused", (_, change, message) => {
    expect(refused(change(BOXBOD))).toMatch(message);
  }); // prettier-ignore
});

test("models become formulas", () => {
  expect(formulaOf("y = b1*(1-exp[-b2*x]) + e")).toBe("y = b1*(1-exp(-b2*x))");
  expect(formulaOf("y = b1 - b2*x - arctan[b3/(x-b4)]/pi + e")).toBe(
    "y = b1 - b2*x - atan(b3/(x-b4))/pi",
  );
  expect(formulaOf("log[y] = b1 - b2*x1 * exp[-b3*x2] + e")).toBe(
    "log(y) = b1 - b2*x1 * exp(-b3*x2)",
  );
});
