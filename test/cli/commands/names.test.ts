import { expect, test } from "vitest";
import { describeData, sharedData } from "../../support/data.ts";
import { type Result, workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

interface Optimum {
  readonly weights: Readonly<Record<string, number>>;
  readonly constraints: readonly { readonly constraint: string }[];
}

const files = workplace();

/** Fits a table once, and gives what optimizes the fit. */
async function fitted(
  path: string,
  ...more: readonly string[]
): Promise<(...flags: readonly string[]) => Promise<Result>> {
  const out = files.path(`${path.split("/").at(-1)}.json`);
  const fit = await mixlaw(["fit", path, "--law", "additive", "--restarts", "4", "--backend", "cpu", "--threads", "1", "--out", out, ...more]); // prettier-ignore
  expect(fit.stderr, fit.stderr).not.toContain("mixlaw:");
  const usual = ["--params", "1e8", "--tokens", "1e9", "--samples", "0", "--backend", "cpu", "--beyond"]; // prettier-ignore
  return (...flags) => {
    const format = flags.includes("--format") ? [] : ["--json"];
    return mixlaw(["optimize", out, ...usual, ...format, ...flags]);
  };
}

const weightsOf = ({ stdout, stderr }: Result): Optimum["weights"] => {
  expect(stdout, stderr).not.toBe("");
  return (JSON.parse(stdout) as Optimum).weights;
};

describeData("../cases/hostile/proto.csv", "domains called like an object's properties", (path) => {
  test("are domains in every flag", async () => {
    const optimize = await fitted(path, "--fix", "gamma[__proto__]=0.5,gamma[constructor]=0.4,gamma[toString]=0.3"); // prettier-ignore
    const [bounded, summed, near, odd] = await Promise.all([
      optimize("--floor", "__proto__=0.3,constructor=0.1", "--cap", "toString=0.2", "--reference", "__proto__=0.3,constructor=0.5,toString=0.2"), // prettier-ignore
      optimize("--group", "__proto__+constructor<=0.5", "--at-least-or-zero", "toString=0.1"),
      optimize("--available", "constructor=1e8", "--max-epochs", "1", "--ratio", "__proto__/toString>=1"), // prettier-ignore
      optimize("--cap", "hasOwnProperty=0.2"),
    ]);
    const weights = weightsOf(bounded);
    expect(Object.keys(weights)).toEqual(["__proto__", "constructor", "toString"]);
    expect(weights["toString"]).toBeLessThanOrEqual(0.2 + 1e-9);
    expect(Object.getOwnPropertyDescriptor(weights, "__proto__")?.value).toBeGreaterThan(0.299);
    expect(weightsOf(summed)["toString"]).toBeGreaterThanOrEqual(0.5 - 1e-9);
    expect(weightsOf(near)["constructor"]).toBeLessThan(0.1 + 1e-9);
    expect(odd.code).toBe(1);
    expect(odd.stderr).toMatch(/^mixlaw: the cap names the domain "hasOwnProperty".*\n$/m);
  });
});

describeData("../cases/tables/colon-names.csv", "domains with a colon", (path) => {
  test("are bounded by their names, and two meanings are one too many", async () => {
    const optimize = await fitted(path, "--targets", "loss_val");
    const [own, two] = await Promise.all([
      optimize("--group", "dclm:science<=0.01", "--floor", "dclm:art=0.2"),
      optimize("--group", "nature:dclm:science+wiki<=0.3"),
    ]);
    const weights = weightsOf(own);
    expect(weights["dclm:science"]).toBeLessThanOrEqual(0.01 + 1e-9);
    expect(weights["science"]).toBeGreaterThan(0.01);
    expect(weights["dclm:art"]).toBeGreaterThanOrEqual(0.2 - 1e-9);
    expect(two.code).toBe(1);
    expect(two.stderr).toContain("put the names that are meant in quotes");
  });
});

describeData("../cases/tables/c-plus-plus.csv", "domains with + and #", (path) => {
  test("are summed and divided", async () => {
    const optimize = await fitted(path);
    const result = await optimize("--group", "c+++c#>=0.4", "--ratio", "c++/visual basic .net<=0.5", "--cap", "c#=0.3"); // prettier-ignore
    const weights = weightsOf(result);
    expect((weights["c++"] ?? 0) + (weights["c#"] ?? 0)).toBeGreaterThanOrEqual(0.4 - 1e-9);
    expect(weights["c#"]).toBeLessThanOrEqual(0.3 + 1e-9);
    expect(weights["c++"]).toBeLessThanOrEqual(0.5 * (weights["visual basic .net"] ?? 0) + 1e-9);
  });
});

describeData("../cases/hostile/cmd.csv", "domains that shells would run", (path) => {
  test("are names in flags, and no words for megatron", async () => {
    const optimize = await fitted(path);
    const [capped, line, named] = await Promise.all([
      optimize("--cap", "$(touch${IFS}sec/PWNED)=0.2,=cmd|' /C calc'!A0=0.1"),
      optimize("--format", "megatron"),
      optimize("--group", "web 0.9 /etc/passwd+=cmd|' /C calc'!A0<=0.5"),
    ]);
    expect(weightsOf(capped)["=cmd|' /C calc'!A0"]).toBeLessThanOrEqual(0.1 + 1e-9);
    expect(weightsOf(named)["$(touch${IFS}sec/PWNED)"]).toBeGreaterThanOrEqual(0.5 - 1e-9);
    expect(line.code).toBe(1);
    expect(line.stdout).toBe("");
    expect(line.stderr).toMatch(
      /is no plain word .* give its data path with --paths, or choose --format map/,
    );
  });
});

describeData("../cases/hostile/space-domain.csv", "domains with spaces", (path) => {
  test("are fixed and listed", async () => {
    const optimize = await fitted(path, "--targets", "loss_*,!loss_general", "--weights", "h_Stack Exchange,h_web,h_code,h_books"); // prettier-ignore
    const fixed = weightsOf(await optimize("--fix", "Stack Exchange=10%", "--objective", "loss_web=1,loss_code=2")); // prettier-ignore
    expect(fixed["Stack Exchange"]).toBeCloseTo(0.1, 9);
  });
});

describeData("../cases/tables/cjk.csv", "domains and targets in other scripts", (path) => {
  test("are named like others", async () => {
    const optimize = await fitted(path);
    const weights = weightsOf(await optimize("--floor", "中文=50%", "--objective", "loss_中文=1", "--no-worse", "loss_中文=1.5")); // prettier-ignore
    expect(weights["中文"]).toBeGreaterThanOrEqual(0.5 - 1e-9);
  });
});

test.each([
  [
    "law-constructor",
    'has a fit of the law "constructor", which this version of mixlaw does not know',
  ],
  ["law-proto", 'has a fit of the law "__proto__", which this version of mixlaw does not know'],
  ["dup-domains", 'is damaged: data.domains is ["web","web"]; a domain is named twice'],
])("a fit file with an odd name is refused with one line: %s", async (name, line) => {
  const path = sharedData(`../cases/hostile/${name}.json`);
  if (path === undefined) return;
  const { code, stdout, stderr } = await mixlaw(["optimize", path, "--params", "1e8", "--tokens", "1e9", "--backend", "cpu"]); // prettier-ignore
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(line);
  expect(stderr.trimEnd().split("\n").filter((each) => each.startsWith("mixlaw:"))).toHaveLength(1); // prettier-ignore
});
