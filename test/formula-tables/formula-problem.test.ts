import { expect, test } from "vitest";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { lawOfDefinition } from "../../src/laws/formula/formula.ts";
import { formulaProblem } from "../../src/formula-tables/formula-problem.ts";

const table = await parseTable(
  new TextEncoder().encode("y,x,z\n1,0,3\n2,1,3\n4,2,4\n8,3,5\n"),
  "csv",
  "runs.csv",
);

test("the left side names the response, or a function of it", () => {
  const plain = formulaProblem(table, "y = a*exp(b*x)");
  expect(plain.runs.targets).toEqual(["y"]);
  expect(Object.keys(plain.runs.train.inputs)).toEqual(["x"]);
  const changed = formulaProblem(table, "log( y ) = a + b*x + c*z");
  expect(changed.runs.targets).toEqual(["log(y)"]);
  expect([...changed.runs.train.losses[0]]).toEqual([1, 2, 4, 8].map(Math.log));
  expect(formulaProblem(table, "a + b*x", { response: "z" }).runs.targets).toEqual(["z"]);
});

test("letters that usually mean a column are parameters where the table has no such column", async () => {
  const parametersOf = (formula: string, of = table): string[] =>
    Object.keys(formulaProblem(of, formula).law.parameters({ signs: "positive" }));
  expect(parametersOf("y = exp(k*x)/h")).toEqual(["k", "h"]);
  expect(parametersOf("y = N*exp(-x/D) + i")).toEqual(["N", "D", "i"]);
  const { law } = formulaProblem(table, "y = exp(k*x)/h");
  expect(law.definition && lawOfDefinition(law.definition).equation).toBe("exp(k*x)/h");
  const shares = await parseTable(
    new TextEncoder().encode("y,x,h_a,h_b,n_params,max\n1,0,1,0,5e6,2\n2,1,0.5,0.5,6e6,3\n"),
    "csv",
    "shares.csv",
  );
  expect(() => parametersOf("y = exp(k*x)/h", shares)).toThrow(/h has a value for each domain/);
  expect(parametersOf("y = sum(w[i]*h[i]) + a*N + max(b, x)", shares)).toEqual(["w", "a", "b"]);
});

test.each([
  ["constructor(y) = a*x", /the left side "constructor\(y\)" must be the response, or log/],
  ["y + 1 = a*x", /the left side "y\+1" must be the response/],
  ["a*x", /which column is the response\?/],
  ["w = a*x", /no column "w"/],
  ["log(x) = a*y", /log\(x\) of 0 is no finite number: correct it, or fit x itself/],
])("%s is refused", (formula, message) => {
  expect(() => formulaProblem(table, formula)).toThrow(message);
});
