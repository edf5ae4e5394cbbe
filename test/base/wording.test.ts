import { expect, test } from "vitest";
import { count, editDistance, nearest, plural, shorten, suggest } from "../../src/base/wording.ts";

test("near names", () => {
  expect(editDistance("splti", "split")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
  expect(nearest("splt", ["seed", "split"])).toBe("split");
  expect(nearest("tokens", ["n_params", "n_tokens"])).toBe("n_tokens");
  expect(nearest("SPLIT", ["seed", "split"])).toBe("split");
  expect(nearest("xyz", ["seed", "split"])).toBeUndefined();
  expect(shorten(["a", "b", "c"], 2)).toBe("a, b and 1 more");
  expect(suggest("xyz", ["seed"], "columns")).toBe("the columns are: seed");
});

test("things are counted", () => {
  expect([0, 1, 2].map((n) => count(n, "row"))).toEqual(["0 rows", "1 row", "2 rows"]);
  expect([0, 1, 2].map((n) => plural(n, "row"))).toEqual(["rows", "row", "rows"]);
});
