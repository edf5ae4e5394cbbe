import { expect, test } from "vitest";
import { parseTable } from "../../src/data/table/parse-table.ts";
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

test.each([
  ["constructor(y) = a*x", /the left side "constructor\(y\)" must be the response, or log/],
  ["y + 1 = a*x", /the left side "y\+1" must be the response/],
  ["a*x", /which column is the response\?/],
  ["w = a*x", /no column "w"/],
  ["log(x) = a*y", /log\(x\) of 0 is no finite number: correct it, or fit x itself/],
])("%s is refused", (formula, message) => {
  expect(() => formulaProblem(table, formula)).toThrow(message);
});
