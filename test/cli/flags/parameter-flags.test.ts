import { expect, test } from "vitest";
import { bounded, fixes, labelsOf, tied } from "../../../src/cli/flags/parameter-flags.ts";
import { mapping, words } from "../../../src/cli/flags/values.ts";

test("labels of parameters hold whatever stands in the name of a domain", () => {
  expect(fixes("alpha=0.3, gamma[a,b]=0.5,gamma[p=q]=1,gamma[x]=1]=2")).toEqual({
    alpha: 0.3,
    "gamma[a,b]": 0.5,
    "gamma[p=q]": 1,
    "gamma[x]=1]": 2,
  });
  expect(bounded("gamma[dclm:science]=0:1,alpha=0:")).toEqual({
    "gamma[dclm:science]": [0, 1],
    alpha: [0, null],
  });
  expect(tied("gamma[a,b]=gamma[c,d],gamma")).toEqual({
    "gamma[a,b]": "gamma[c,d]",
    gamma: "gamma",
  });
  expect(labelsOf("C[a,b],alpha, C[c]")).toEqual(["C[a,b]", "alpha", "C[c]"]);
  expect(Object.keys(fixes("constructor=2", fixes("__proto__=1")))).toEqual(["__proto__", "constructor"]); // prettier-ignore
  expect(fixes("toString=1")["constructor"]).toBeUndefined();
});

test.each([
  ["alpha", '--fix has "alpha"'],
  ["alpha=1,beta=many", '--fix has "beta=many"'],
  ["=1", '--fix has "=1"'],
  ["alpha=1,alpha=2", "--fix names alpha twice"],
])("--fix %s is refused", (text, message) => {
  expect(() => fixes(text)).toThrow(message);
});

test("words in lists may be in quotes, and inputs are by name", () => {
  expect(words('a, b,"c,d",it\'s,')).toEqual(["a", "b", "c,d", "it's"]);
  expect(words('"a,b')).toEqual(['"a', "b"]);
  expect(Object.entries(mapping("constructor=x=1", mapping("y")))).toEqual([["y", "y"], ["constructor", "x=1"]]); // prettier-ignore
});
