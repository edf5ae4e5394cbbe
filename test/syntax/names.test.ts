import { describe, expect, test } from "vitest";
import { byNames } from "../../src/base/objects.ts";
import { entryOf, ownOf } from "../../src/base/known.ts";
import { InputError } from "../../src/base/errors.ts";
import {
  knownNames,
  listReadings,
  onlyReading,
  orPlain,
  quoted,
  readPairs,
} from "../../src/syntax/names.ts";

const pairs = (known: readonly string[], ...texts: readonly string[]): Record<string, number> =>
  readPairs(texts, {
    where: "--floor",
    known: new Set(known),
    value: (text) => (/^[\d.]+$/.test(text) ? Number(text) : undefined),
    wrong: (piece) => new InputError(`--floor: ${piece}?`),
  });

describe("NAME=VALUE lists", () => {
  test.each<[readonly string[], string, Record<string, number>]>([
    [[], "web=0.1, code=2", { web: 0.1, code: 2 }],
    [[], "", {}],
    [["a,b", "c"], "a,b=1,c=2", { "a,b": 1, c: 2 }],
    [["a=1,b"], "a=1,b=2", { "a=1,b": 2 }],
    [["a=b"], "a=b=2", { "a=b": 2 }],
    [["c++", "c#"], "c++=1,c#=2", { "c++": 1, "c#": 2 }],
    [["it's", "web"], "it's=1,web=2", { "it's": 1, web: 2 }],
    [['"web"'], '"web"=1', { '"web"': 1 }],
    [["中文", " x"], "中文=1", { 中文: 1 }],
    [[], '"a,b=1"=2,`c"d`=3', { "a,b=1": 2, 'c"d': 3 }],
    [[], '"say ""hi"""=2', { 'say "hi"': 2 }],
    [["a", "b"], '"a=1,b"=2', { "a=1,b": 2 }],
    [["__proto__", "constructor"], "__proto__=1,constructor=2,toString=3", JSON.parse('{"__proto__":1,"constructor":2,"toString":3}') as Record<string, number>], // prettier-ignore
  ])("%j: %s", (known, text, values) => {
    expect(Object.entries(pairs(known, text))).toEqual(Object.entries(values));
  });

  test("with known names there is one way, or none is taken", () => {
    expect(() => pairs(["a", "b", "a=1,b"], "a=1,b=2")).toThrow(
      '--floor: "a=1,b=2" can be read as "a"=1,"b"=2 and as "a=1,b"=2: put the names that are meant in quotes, as here',
    );
    expect(pairs(["a", "b", "a=1,b"], '"a"=1,"b"=2')).toEqual({ a: 1, b: 2 });
  });

  test("what cannot be read is named, and names are given once", () => {
    expect(() => pairs([], "web=1,code")).toThrow("--floor: code?");
    expect(() => pairs([], "web=1,=2")).toThrow("--floor: =2?");
    expect(() => pairs([], '"web=1')).toThrow('--floor: "web=1?');
    expect(() => pairs([], "web=1", "web=2")).toThrow('--floor names "web" twice');
  });
});

test("lists are cut where pieces can be read, empty ones left out or refused", () => {
  const known = knownNames(new Set(["a", "b", "a+b", "c++"]));
  expect(listReadings("a+b", "+", known)).toEqual([["a", "b"], ["a+b"]]);
  expect(listReadings("c+++a", "+", known)).toEqual([["c++", "a"]]);
  expect(listReadings("a++b", "+", known, "refused")).toEqual([]);
  expect(listReadings("a++b", "+", known)).toEqual([["a", "b"]]);
  expect(listReadings("x,y z", ",", orPlain(known, /,/))).toEqual([["x", "y z"]]);
});

test("one way with known names is taken before those with others", () => {
  const read = (known: readonly string[], plain: readonly string[]): string | undefined =>
    onlyReading("--x", "text", { known: () => known, plain: () => plain }, (way) => quoted(way));
  expect(read(["a"], ["b"])).toBe("a");
  expect(read([], ["b", "c"])).toBe("b");
  expect(read([], [])).toBeUndefined();
  expect(() => read(["a", "b"], [])).toThrow('--x: "text" can be read as "a" and as "b"');
});

test("objects by name have the names that were given, and no others", () => {
  const values = byNames([
    ["__proto__", 1],
    ["constructor", 2],
  ]);
  expect(Object.keys(values)).toEqual(["__proto__", "constructor"]);
  expect([values["__proto__"], values["toString"]]).toEqual([1, undefined]);
  expect(JSON.stringify(values)).toBe('{"__proto__":1,"constructor":2}');
  const plain: Record<string, number> = { web: 1 };
  expect([ownOf(plain, "web"), ownOf(plain, "constructor"), ownOf(undefined, "web")]).toEqual([1, undefined, undefined]); // prettier-ignore
  expect(() => entryOf(plain, "toString")).toThrow('nothing is called "toString"');
});
