import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import { rowsOf, workplace } from "../command.ts";
import { AT, fitExamples, optimizer } from "./optimize-fits.ts";

const place = workplace();
const { good, optimum } = optimizer(place);
const DOMAINS = ["web", "code", "papers", "books"];
const TARGETS = ["loss_web", "loss_code", "loss_general"];
const sum = (weights: Readonly<Record<string, number>>): number =>
  Object.values(weights).reduce((a, b) => a + b, 0);

/** The optimum without constraints. */
let free: Optimum;

beforeAll(async () => {
  place.write("tokens.csv", "domain,tokens\nweb,1e12\ncode,5B\npapers,2e9\nbooks,4e10\n");
  place.write("today.yaml", "web: 0.7\ncode: 10%\npapers: 0.1\nbooks: 0.1\n");
  await fitExamples(place, ["additive"]);
  free = await optimum(AT);
});

describe("the table", () => {
  test("has shares, predicted losses beside uniform, and what proves it", async () => {
    const text = await good(AT);
    expect(text).toMatch(
      /^additive\.json · additive law\nminimizes the mean of loss_web, loss_code and loss_general\nat N 7B, D 150B \(21\.4 tokens per parameter\)\n\n/,
    );
    expect(text).toMatch(/^domain +share % +near-optimal % +tokens$/m);
    for (const domain of DOMAINS)
      expect(text).toMatch(
        new RegExp(`^${domain} +\\d+\\.\\d\\d +\\d+\\.\\d\\d … +\\d+\\.\\d\\d +\\S+$`, "m"),
      );
    const loss = "\\d\\.\\d{4}";
    for (const target of TARGETS)
      expect(text).toMatch(
        new RegExp(`^${target} +${loss} +${loss} … ${loss} +${loss} +\\S+$`, "m"),
      );
    expect(text).toMatch(new RegExp(`^objective +${loss} +${loss} +\\S+$`, "m"));
    expect(text).toMatch(/^(Local|Global) optimum: /m);
    expect(text).toMatch(
      /^None of 2,000 random mixtures( \(\S+ of them feasible\))? is better; the best of them is \S+ worse\.$/m,
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
    expect(text).toMatch(
      /^ +uniform +reference\npredicted +optimum +95 %, run +loss +gain +loss +gain$/m,
    );
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
      monteCarlo: { samples: 2000 },
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
    const printed = parse(await good([...AT, "--format", "map"])) as typeof weights;
    for (const domain of DOMAINS) expect(printed[domain]).toBeCloseTo(weights[domain], 14);
    const rows = rowsOf(await good([...AT, "--format", "csv"]));
    expect(Object.fromEntries(rows.map((row) => [row["domain"], Number(row["weight"])]))).toEqual(
      printed,
    );
    const line = await good([
      ...AT,
      "--format",
      "megatron",
      "--paths",
      "web=/data/web,code=/data/code",
    ]);
    expect(line).toMatch(/^\S+ \/data\/web \S+ \/data\/code \S+ papers \S+ books\n$/);
    expect(line.split(" ").filter((_, i) => i % 2 === 0).map(Number)).toEqual(Object.values(printed)); // prettier-ignore
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
