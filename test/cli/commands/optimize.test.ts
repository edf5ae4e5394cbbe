import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import { mixlaw, root, rowsOf, workplace } from "../command.ts";

const place = workplace();
const here = { cwd: place.path(".") };
const DOMAINS = ["web", "code", "papers", "books"];
const TARGETS = ["loss_web", "loss_code", "loss_general"];
const AT = ["--params", "7B", "--tokens", "150B"];
const QUICK = ["--backend", "cpu", "--samples", "2000"];

/**
 * Optimizes the shared fits: that of the additive law (and the simple one), or that of the joint
 * law.
 */
const ask = (words: readonly string[], law = "additive"): ReturnType<typeof mixlaw> =>
  mixlaw(
    ["optimize", law === "joint" ? "joint.json" : "fit.json", "--law", law, ...QUICK, ...words],
    here,
  );

async function good(words: readonly string[], law?: string): Promise<string> {
  const { code, stdout, stderr } = await ask(words, law);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^(mixlaw: warning: .*\n)*$/) as unknown,
  });
  return stdout;
}
const optimum = async (words: readonly string[], law?: string): Promise<Optimum> =>
  JSON.parse(await good([...words, "--json"], law)) as Optimum;
const sum = (weights: Readonly<Record<string, number>>): number =>
  Object.values(weights).reduce((a, b) => a + b, 0);

/** The optimum without constraints. */
let free: Optimum;

beforeAll(async () => {
  place.write("tokens.csv", "domain,tokens\nweb,1e12\ncode,5B\npapers,2e9\nbooks,4e10\n");
  place.write("today.yaml", "web: 0.7\ncode: 10%\npapers: 0.1\nbooks: 0.1\n");
  place.write(
    "candidates.csv",
    "name,h_web,h_code,h_papers,h_books\neven,0.25,0.25,0.25,0.25\nwebby,0.97,0.01,0.01,0.01\n",
  );
  const fit = (...words: string[]): ReturnType<typeof mixlaw> =>
    mixlaw(
      ["fit", join(root, "examples/runs.csv"), "--backend", "cpu", "--threads", "1", ...words],
      here,
    );
  const fits = await Promise.all([
    fit("--law", "simple,additive", "--restarts", "4", "--out", "fit.json"),
    fit(
      "--law",
      "joint",
      "--targets",
      "loss_code",
      "--where",
      "n_params < 2e8",
      "--restarts",
      "2",
      "--out",
      "joint.json",
    ),
  ]);
  for (const { code, stderr } of fits) expect({ code, stderr }).toMatchObject({ code: 0 });
  free = await optimum(AT);
});

describe("the table", () => {
  test("has shares, predicted losses beside uniform, and what proves it", async () => {
    const text = await good(AT);
    expect(text).toMatch(
      /^fit\.json · additive law\nminimizes the mean of loss_web, loss_code and loss_general\nat N 7B, D 150B \(21\.4 tokens per parameter\)\n\n/,
    );
    expect(text).toMatch(/^domain +share % +near-optimal % +tokens$/m);
    for (const domain of DOMAINS)
      expect(text).toMatch(
        new RegExp(`^${domain} +\\d+\\.\\d\\d +\\d+\\.\\d\\d … +\\d+\\.\\d\\d +\\S+$`, "m"),
      );
    for (const target of [...TARGETS, "objective"])
      expect(text).toMatch(new RegExp(`^${target} +\\d\\.\\d{4} +\\d\\.\\d{4} +\\S+$`, "m"));
    expect(text).toMatch(/^Certified as an optimum: stationarity /m);
    expect(text).toMatch(
      /^None of 2,000 random mixtures is better; the best of them is \S+ worse\.$/m,
    );
    expect(text).toMatch(/^warning: .*extrapolat/m);
    expect(text.split("\n").filter((line) => Array.from(line).length > 110)).toEqual([]);
  });

  test("with constraints has a reference, epochs and prices", async () => {
    const text = await good([
      ...AT,
      "--reference",
      "today.yaml",
      "--cap",
      "web=0.3",
      "--available",
      "tokens.csv",
      "--lattice",
      "1/1000",
    ]);
    expect(text).toMatch(
      /^domain +share % +of 1000 +near-optimal % +reference % +tokens +epochs$/m,
    );
    expect(text).toMatch(/^ +uniform +reference\npredicted +optimum +loss +gain +loss +gain$/m);
    expect(text).toMatch(/one more epoch/);
    expect(text).toMatch(/^Rounded to multiples of 1\/1000, which costs /m);
    expect(text).toMatch(/(web.*30|30.*web).*: one more percent would gain/);
  });
});

describe("--json", () => {
  test("is mixlaw/optimum@1", async () => {
    const found = free;
    expect(found).toMatchObject({
      schema: "mixlaw/optimum@1",
      at: { params: 7e9, tokens: 150e9 },
      laws: { loss_web: "additive", loss_code: "additive", loss_general: "additive" },
      certificate: { certified: true },
      monteCarlo: { samples: 2000, feasible: 2000 },
    });
    expect(Object.keys(found.weights)).toEqual(DOMAINS);
    expect(Object.keys(found.predicted)).toEqual(TARGETS);
    expect(sum(found.weights)).toBeCloseTo(1, 12);
    expect(found.objective).toBeLessThan(found.uniform.objective);
    expect(found.objective).toBeLessThanOrEqual(found.monteCarlo?.best ?? NaN);
    for (const [domain, share] of Object.entries(found.weights)) {
      const [low, high] = found.sharpness.ranges[domain];
      expect(share).toBeGreaterThanOrEqual(low);
      expect(share).toBeLessThanOrEqual(high);
    }
  });

  test("is the same whatever the samples, the solver, and whether --out says where", async () => {
    const mirrored = await optimum([
      ...AT,
      "--solver",
      "mirror",
      "--samples",
      "0",
      "--out",
      "best.json",
    ]);
    expect(JSON.parse(place.read("best.json"))).toEqual(mirrored);
    expect(mirrored.monteCarlo).toBeNull();
    expect(mirrored.objective).toBeCloseTo(free.objective, 6);
    for (const domain of DOMAINS)
      expect(mirrored.weights[domain]).toBeCloseTo(free.weights[domain], 3);
  });

  test("keeps every kind of constraint, alone and together", async () => {
    const words =
      "--floor code=30% --cap web=0.35 --group papers+books<=0.3 --fix books=0.05 --at-least-or-zero papers=0.1".split(
        " ",
      );
    const { weights, certificate } = await optimum([...AT, ...words]);
    expect(weights["code"]).toBeGreaterThanOrEqual(0.3 - 1e-9);
    expect(weights["web"]).toBeLessThanOrEqual(0.35 + 1e-9);
    expect(weights["books"]).toBeCloseTo(0.05, 9);
    expect(weights["papers"] === 0 || weights["papers"] >= 0.1 - 1e-9).toBe(true);
    expect(certificate.certified).toBe(true);
    place.write("limits.yaml", "floors:\n  code: 0.3\ncaps:\n  web: 0.35\n");
    const filed = await optimum([...AT, "--constraints", "limits.yaml", ...words.slice(4)]);
    expect(filed.weights).toEqual(weights);
  });

  test("weighs targets, takes the worst, and keeps a target from getting worse", async () => {
    const code = await optimum([...AT, "--objective", "loss_code=1"]);
    expect(Object.keys(code.predicted)).toContain("loss_code");
    const worst = await optimum([
      ...AT,
      "--objective",
      "worst",
      "--reference",
      "web=0.7,code=10%,papers=0.1,books=0.1",
    ]);
    expect(worst.goal).toBe("worst");
    expect(worst.objective).toBeLessThan(1);
    expect(worst.reference.weights["web"]).toBeCloseTo(0.7, 12);
    const bound = await optimum([
      ...AT,
      "--objective",
      "loss_code=1",
      "--no-worse",
      "loss_web=1",
      "--trust",
      "l1<=0.5",
    ]);
    expect(bound.predicted["loss_code"]).toBeGreaterThanOrEqual(code.predicted["loss_code"] - 1e-9);
  });
});

describe("--format", () => {
  test("yaml, csv, megatron and map say the same", async () => {
    const { weights } = free;
    expect(parse(await good([...AT, "--format", "yaml"]))).toEqual(free);
    expect(parse(await good([...AT, "--format", "map"]))).toEqual(weights);
    const rows = rowsOf(await good([...AT, "--format", "csv"]));
    expect(Object.fromEntries(rows.map((row) => [row["domain"], Number(row["weight"])]))).toEqual(
      weights,
    );
    const line = await good([
      ...AT,
      "--format",
      "megatron",
      "--paths",
      "web=/data/web,code=/data/code",
    ]);
    expect(line).toMatch(/^\S+ \/data\/web \S+ \/data\/code \S+ papers \S+ books\n$/);
    expect(line.split(" ").filter((_, i) => i % 2 === 0).map(Number)).toEqual(Object.values(weights)); // prettier-ignore
  });

  test("--out goes by the file's name, and an optimum can be the next reference", async () => {
    expect(await good([...AT, "--out", "best.yaml"])).toContain("Wrote best.yaml.");
    expect(parse(place.read("best.yaml"))).toEqual(free);
    place.write("best.csv", await good([...AT, "--format", "csv", "--out", "same.csv"]));
    expect(place.read("same.csv")).toBe(place.read("best.csv"));
    for (const file of ["best.yaml", "best.csv"]) {
      const { reference } = await optimum([...AT, "--reference", file]);
      for (const domain of DOMAINS)
        expect(reference.weights[domain]).toBeCloseTo(free.weights[domain], 12);
      expect(reference.objective).toBeCloseTo(free.objective, 9);
    }
  });
});

describe("--path", () => {
  const path = ["--path", "params=1e8:1e10:2", "--path", "tokens=20x", "--samples", "0"];

  test("of the additive law has the same shares at every scale, and says so", async () => {
    const text = await good(path);
    expect(text).toMatch(/^ *N +D +D\/N +FLOPs +objective +web +code +papers +books$/m);
    expect(text).toMatch(/^100M +2B +20 +1\.20e18 +\d\.\d{4}( +\d+\.\d\d){4}$/m);
    expect(text).toMatch(/^ *10B\* +200B\* +20 /m);
    expect(text).toContain("The optimum does not depend on scale");
    expect(text).not.toContain("∞");
    const shares = [...text.matchAll(/^ *\d+[MB].*\d\.\d{4}((?: +\d+\.\d\d){4})$/gm)].map(
      (match) => match[1],
    );
    expect(shares).toEqual([shares[0], shares[0]]);
  });

  test("of the joint law moves, and ends in a limit", async () => {
    const text = await good([...path, "--out", "path.csv"], "joint");
    expect(text).toMatch(/^ *→ ∞ +\d\.\d{4}( +\d+\.\d\d){4}$/m);
    expect(text).not.toContain("does not depend on scale");
    const rows = rowsOf(place.read("path.csv"));
    expect(rows.map((row) => Number(row["n_params"]))).toEqual([1e8, 1e10]);
    expect(rows[0]["h_web"]).not.toBe(rows[1]["h_web"]);
    type Saved = {
      readonly schema: string;
      readonly rows: readonly { readonly optimum: Optimum }[];
      readonly limit: Optimum;
    };
    const saved = JSON.parse(await good([...path, "--json"], "joint")) as Saved;
    expect(saved).toMatchObject({
      schema: "mixlaw/path@1",
      rows: [{ flops: 1.2e18, outside: [] }, {}],
    });
    expect(saved.rows.map(({ optimum: { weights } }) => weights["web"])).toEqual(
      rows.map((row) => Number(row["h_web"])),
    );
    expect(saved.limit.certificate.certified).toBe(true);
  });

  test("is kept as far as it came when it is interrupted", async () => {
    let killed = false;
    const onStderr = (child: ChildProcess): void => {
      if (!killed) killed = child.kill("SIGINT");
    };
    const words = [
      "--law",
      "additive",
      "--path",
      "params=1e8:1e10:500;tokens=20x",
      "--samples",
      "0",
      "--progress",
      "json",
    ];
    const { code, stdout } = await mixlaw(["optimize", "fit.json", "--backend", "cpu", ...words], {
      ...here,
      onStderr,
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/^ *100M +2B +20 /m);
    expect(stdout.split("\n").length).toBeLessThan(400);
  });
});

test("--flops chooses N and D, and says when that leaves the training runs", async () => {
  const text = await good(["--flops", "1e21", "--samples", "0", "--out", "compute.json"]);
  expect(text).toMatch(
    /1\.00e21 FLOPs \(6ND\) are best spent on N \S+ and D \S+: \S+ tokens\s+per parameter/,
  );
  expect(text).toMatch(
    /^warning: \S+ parameters lie outside the range of the training runs \(20M to 700M\): extrapolated$/m,
  );
  const { at } = JSON.parse(place.read("compute.json")) as Optimum;
  expect(6 * (at.params ?? 0) * (at.tokens ?? 0)).toBeCloseTo(1e21, -12);
});

describe("bad input is one clear line and exit code 1:", () => {
  test.each([
    [
      "an unknown target",
      ["--objective", "loss_cod=1"],
      /--objective names "loss_cod".*did you mean "loss_code"\?\n$/,
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
    ["an infeasible set", ["--floor", "web=0.6", "--floor", "code=0.5"], /web.*code.*\n$/],
    [
      "a format nobody reads",
      ["--format", "xml"],
      /--format is "xml"; it must be one of table, json, yaml, csv, megatron, map\n$/,
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
    [
      "a weight without a number",
      ["--objective", "loss_code"],
      /--objective: "loss_code" is no NAME=VALUE.*\n$/,
    ],
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
  expect(await ask([...AT, "--candidates", "candidates.csv"])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no bootstrap/) as unknown,
  });
});
