/** Lists in flags that are given several times: each adds to those before. */
import { Command } from "commander";
import { expect, test } from "vitest";
import { takeFilesOnce } from "../../../src/cli/flags/one-file.ts";
import { checkInputs } from "../../../src/cli/flags/values.ts";
import { addCommands } from "../../fuzz/commands.ts";

/** What a command line gives to its command. */
function flagsOf(...line: readonly string[]): Record<string, unknown> {
  const program = addCommands(new Command().exitOverride());
  const [name = ""] = line;
  const command = program.commands.find((each) => each.name() === name);
  if (command !== undefined) takeFilesOnce(command);
  command?.action(() => undefined);
  program.parse(line, { from: "user" });
  return { ...command?.opts<Record<string, unknown>>() };
}

test("laws, columns and conditions of a fit add up", () => {
  const line = "fit runs.csv --law a,b --law c --targets loss_x --targets !loss_y --weights w_* --weights v --sigma s_* --sigma t --inputs p --inputs q --profile alpha --profile C[web] --units params=1e6 --units tokens=1e9"; // prettier-ignore
  expect(flagsOf(...line.split(" "), "--where", "a > 1", "--where", "b or c == 2", "--test", "d", "--test", "e")).toMatchObject({
    law: "a,b,c",
    targets: "loss_x,!loss_y",
    weights: "w_*,v",
    sigma: "s_*,t",
    inputs: ["p", "q"],
    profile: ["alpha", "C[web]"],
    units: { params: 1e6, tokens: 1e9 },
    where: "(a > 1) and (b or c == 2)",
    test: "(d) or (e)",
  }); // prettier-ignore
});

test("so do the lists of the other commands", () => {
  expect(flagsOf(..."optimize fit.json --law a=joint --law b=additive --reference web=0.5 --reference code=0.5 --available web=1T --available code=2T --paths web=w --paths code=c".split(" "))).toMatchObject({
    law: "a=joint,b=additive",
    reference: "web=0.5,code=0.5",
    available: ["web=1T", "code=2T"],
    paths: "web=w,code=c",
  }); // prettier-ignore
  expect(flagsOf(..."predict fit.json p.csv --law joint --law additive,simple --weights a --weights b".split(" "))).toMatchObject({ law: ["joint", "additive", "simple"], weights: "a,b" }); // prettier-ignore
  expect(flagsOf(..."validate runs.csv --at params=7B --at tokens=1T".split(" "))).toMatchObject({ at: { params: 7e9, tokens: 1e12 } }); // prettier-ignore
  expect(flagsOf(..."design --domains web --domains code,books --sizes 1M --sizes 2M,3M --ratios 5 --ratios 20".split(" "))).toMatchObject({
    domains: ["web", "code", "books"],
    sizes: [1e6, 2e6, 3e6],
    ratios: [5, 20],
  }); // prettier-ignore
  expect(flagsOf(..."simulate --domains web --domains code --targets a --targets b --tokens 1 --tokens 2,3".split(" "))).toMatchObject({
    domains: ["web", "code"],
    targets: ["a", "b"],
    tokens: [1, 2, 3],
  }); // prettier-ignore
});

test("every flag whose value is a list may be given several times", () => {
  const lists = /^<(COLS|LAWS|NAMES|NAMES\|[KT]|LIST|WEIGHTS|MIX|UNITS|PATHS|SHARES|TOKENS|FACTORS|NAME=.*)>$/; // prettier-ignore
  // Long tables name two to four columns by their places.
  const places = ["--long"];
  const once = addCommands(new Command()).commands.flatMap((command) =>
    command.options
      .filter(({ flags }) => lists.test(/<.*>/.exec(flags)?.[0] ?? ""))
      .filter(({ long, parseArg }) => !places.includes(long ?? "") && (parseArg === undefined || !("repeats" in parseArg)))
      .map(({ long }) => `${command.name()} ${long ?? ""}`),
  ); // prettier-ignore
  expect(once).toEqual([]);
});

test.each([
  ["optimize fit.json --constraints a.yaml --constraints b.yaml", /^--constraints is given twice, as "a\.yaml" and "b\.yaml"; it takes one value: leave one out$/],
  ["fit runs.csv -o a.json --out b.json", /^--out is given twice/],
  ["fit runs.csv --resume a --resume b", /^--resume is given twice/],
  ["optimize fit.json --trust l1<=0.1 --trust kl<=0.1", /^--trust is given twice/],
  ["report fit.json --out report.html", undefined],
  ["report fit.json --out report.html --out b.html", /^--out is given twice/],
  ["validate runs.csv --choose a.json --choose b.json", /^--choose is given twice/],
  ["report fit.json --out a.html --out b.html", /^--out is given twice/],
] as const)("%s", (line, message) => {
  const parse = (): unknown => flagsOf(...line.split(" "));
  if (message === undefined) expect(parse).not.toThrow();
  else expect(parse).toThrow(message);
}); // prettier-ignore

test.each([
  ["sparsty", "--input sparsty: the laws have no such input; did you mean \"sparsity\"?"],
  ["params", undefined],
])("--input %s", (name, message) => {
  const check = (): void => checkInputs([name], ["sparsity", "params"]);
  if (message === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(message);
}); // prettier-ignore
