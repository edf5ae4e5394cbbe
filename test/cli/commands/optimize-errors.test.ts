/** What `mixlaw optimize` says of bad input, on a fit file that was made up. */
import { describe, expect, test } from "vitest";
import { workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";
import { drawLosses, fileOf } from "../../mixture/fixture.ts";
import { AT, QUICK } from "./optimize-fits.ts";

const place = workplace();
const here = { cwd: place.path(".") };
const DOMAINS = ["web", "code", "papers", "books"];
const TARGETS = ["loss_web", "loss_code", "loss_general"];

const [additive, simple] = (["additive", "simple"] as const).map((law) =>
  fileOf(drawLosses(law, DOMAINS.length, TARGETS.length, 1)),
);
const file = { ...additive, fits: [...simple.fits, ...additive.fits] };
place.write(
  "fit.json",
  JSON.stringify(file)
    .replaceAll(/\bd(\d)\b/g, (_, i: string) => DOMAINS[Number(i)])
    .replaceAll(/\bloss_(\d)\b/g, (_, t: string) => TARGETS[Number(t)]),
);
place.write(
  "candidates.csv",
  "name,h_web,h_code,h_papers,h_books\neven,0.25,0.25,0.25,0.25\nwebby,0.97,0.01,0.01,0.01\n",
);

const ask = (words: readonly string[]): ReturnType<typeof mixlaw> =>
  mixlaw(["optimize", "fit.json", "--law", "additive", ...QUICK, ...words], here);

describe("bad input is one clear line and exit code 1:", () => {
  test.each([
    [
      "an unknown target",
      ["--objective", "loss_cod=1"],
      /--objective names "loss_cod".*did you mean "loss_code"\?\n$/,
    ],
    [
      "a phase, of a fit without phases",
      ["--phase", "main"],
      /--phase is "main", and the optimum has one mixture: leave it out\n$/,
    ],
    [
      "a phase along a path",
      ["--phase", "main", "--path", "flops=1e20,1e21"],
      /--phase writes one mixture, and --path gives several: leave one out\n$/,
    ],
    ["an unknown domain", ["--floor", "wbe=0.1"], /"wbe".*did you mean "web"\?\n$/],
    [
      "an unknown domain of the reference",
      ["--reference", "wbe=1"],
      /--reference names the domain "wbe".*\n$/,
    ],
    [
      "an unknown domain of the paths",
      ["--paths", "wbe=/data"],
      /--paths.*"wbe"; did you mean "web"\?\n$/,
    ],
    [
      "a reference that is no mixture",
      ["--reference", "web=0.5,code=0.4"],
      /--reference.* sum.* 0\.9.*\n$/,
    ],
    [
      "passes over tokens of which nothing is said",
      ["--max-epochs", "2"],
      /^mixlaw: --max-epochs needs to know what there is: give --available\n$/,
    ],
    ["an infeasible set", ["--floor", "web=0.6", "--floor", "code=0.5"], /web.*code.*\n$/],
    [
      "a format nobody reads",
      ["--format", "xml"],
      /--format is "xml"; it must be one of table, json, yaml, csv, map, olmo-core, nemo, levanter, megatron\n$/,
    ],
    [
      "--flops with --path",
      ["--flops", "1e21", "--path", "tokens=1e9"],
      /--flops chooses N and D, and --/,
    ],
    [
      "a list of weights along a path",
      ["--path", "params=1e9", "--format", "map"],
      /--format map is a list of one mixture.*\n$/,
    ],
    [
      "an epsilon below 0",
      ["--epsilon", "-1"],
      /--epsilon is "-1"; it must be a number of at least 0\n$/,
    ],
    ["text for a number", ["--samples", "many"], /--samples is "many"; .*\n$/],
  ] as const)("%s", async (_, words, says) => {
    const { code, stdout, stderr } = await ask([...AT, ...words]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^mixlaw: [^\n]*\n$/);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain("internal error");
  });

  test("no --params for a law that needs it, and several laws without --law", async () => {
    expect(await ask(["--tokens", "1e10"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--params, such as/) as unknown,
    });
    expect(await ask(["--params", "seven"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--params is "seven"; .*7B/) as unknown,
    });
    const { code, stderr } = await mixlaw(["optimize", "fit.json", ...AT, ...QUICK], here);
    expect(code).toBe(1);
    expect(stderr).toMatch(/several laws .*simple, additive.*--law/);
  });
});

test("what needs a bootstrap says so", async () => {
  expect(await ask([...AT, "--robust", "mean"])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/--robust needs fits with a bootstrap/) as unknown,
  });
});

test("candidates are ranked without one, and those that break a constraint are marked", async () => {
  const candidates = [...AT, "--candidates", "candidates.csv", "--cap", "web=0.9"];
  const { stdout } = await ask(candidates);
  expect(stdout).toMatch(/^candidate +objective +above the best\n─+\neven .*\nwebby \* /m);
  expect(stdout).toMatch(/^\* webby is not allowed: it breaks .*cap web ≤ 90 % \(by 0\.07\)$/m);
});
