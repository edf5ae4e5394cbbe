/** Float64 in WebAssembly is right to its last place; the large study is `npm run evidence`. */
import { expect, test } from "vitest";
import { float64Part } from "../../bench/evidence/float64.ts";

test("a small study of the last places finds nothing amiss, and has a row for each function", () => {
  const { rows, failures } = float64Part(1000);
  expect(failures).toEqual([]);
  expect(rows.map(([name]) => name)).toEqual(["exp", "log", "log1p", "phi2", "phi3", "phi4"]);
});
