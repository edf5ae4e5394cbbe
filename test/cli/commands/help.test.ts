import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CATALOG } from "../../../src/laws/catalog/catalog.ts";
import { root, startMixlaw } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const FLAGS = {
  fit: "law law-file formula response inputs nist targets params tokens units weights phases normalize join long input available supply where test sigma row-weights group loss delta residual signs fix tie bounds ridge common range start restarts bootstrap backtest no-backtest resampling level interval seed backend adapter threads resume deadline shard out no-rows json parameters profile progress trace",
  predict:
    "law at params tokens units input weights phases available supply interval-of level interval out",
  optimize:
    "params tokens units phases flops input path objective law reference no-worse floor cap fix group ratio available max-epochs trust max-change at-least-or-zero lattice constraints beyond solver samples seed epsilon no-intervals interval-of level interval robust candidates format json paths phase out register backend adapter threads resume deadline shard progress trace",
  validate:
    "law law-file formula response inputs by folds at backtest no-backtest choose curve targets params tokens units weights phases normalize join long input available supply where test sigma row-weights loss delta residual signs fix tie bounds ridge common range start restarts seed level backend adapter threads resume deadline shard out json progress trace",
  page: "port host",
  design:
    "domains phases flops sizes ratios mixtures pool goal points params tokens units objective law mixture budget cost runs floor cap fix group ratio available max-epochs trust max-change at-least-or-zero lattice constraints beyond seed json out",
  check: "plan hash within params tokens units weights normalize phases input where out json",
  verify: "backend adapter threads resume deadline out json progress",
  run: "print out",
  schema: "out",
  slurm: "shards resume submit time partition account cpus adapter sbatch",
  export:
    "parameters replicates predictions runs interval-of level interval format paths phase out",
  laws: "json",
  doctor: "json",
  completion: "",
  simulate:
    "law domains targets sizes input mixtures checkpoints tokens-per-param tokens units available phases noise noise-kind signs seed out truth",
} as const;

test("--version prints exactly what package.json says", async () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  expect(await startMixlaw(["--version"])).toEqual({
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: "",
  });
});

describe("--help", () => {
  test("of mixlaw names every command and shows examples", async () => {
    const { code, stdout } = await mixlaw(["--help"]);
    expect(code).toBe(0);
    for (const command of Object.keys(FLAGS))
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    expect(stdout).toContain("Examples:");
  });

  test.each(Object.entries(FLAGS))(
    "of %s names every flag, shows examples and fits in 115 columns",
    async (command, flags) => {
      const { code, stdout } = await mixlaw([command, "--help"]);
      expect(code).toBe(0);
      const named = [...stdout.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)]
        .map((match) => match[1])
        .filter((flag) => flag !== "help");
      expect(named.toSorted()).toEqual(
        flags
          .split(" ")
          .filter((flag) => flag !== "")
          .toSorted(),
      );
      expect(stdout).toContain("Examples:");
      expect(stdout.split("\n").filter((line) => line.length > 115)).toEqual([]);
    },
  );
});

describe("laws", () => {
  test("lists the catalog with equations, sources and numbers of parameters", async () => {
    const { code, stdout } = await mixlaw(["laws"]);
    expect(code).toBe(0);
    for (const law of CATALOG.values())
      for (const text of [law.name, law.equation, law.source]) expect(stdout).toContain(text);
    expect(stdout).toMatch(/^additive +5 \+ 2k +L = /m);
    expect(stdout).toMatch(/^simple +6 \+ k +L = /m);
    expect(stdout).toContain("NAME-by-phase");
  });

  test("prints JSON, of all and of one", async () => {
    const all = JSON.parse((await mixlaw(["laws", "--json"])).stdout) as {
      name: string;
      parameters: { formula: string };
    }[];
    expect(all.map(({ name }) => name)).toEqual([...CATALOG.keys()]);
    const one = JSON.parse(
      (await mixlaw(["laws", "joint", "--json"])).stdout,
    ) as (typeof all)[number];
    expect(one).toEqual(all.find(({ name }) => name === "joint"));
    expect(one.parameters.formula).toBe("5 + 4k");
  });

  test("describes one with its coordinates and an example", async () => {
    const { stdout } = await mixlaw(["laws", "chinchilla"]);
    expect(stdout).toMatch(/^lnA +law +\S+ +\S+ +-60 … 60 +ln A, size term$/m);
    expect(stdout).toContain("mixlaw fit runs.csv --law chinchilla --out fit.json");
    const { stdout: phased } = await mixlaw(["laws", "linear-by-phase"]);
    expect(phased).toContain("<phase>_<domain> (shares hᵢ)");
    expect(phased).toContain("--law linear-by-phase --phases main=0.8,anneal=rest --out fit.json");
  });
});

test("doctor says what there is and what auto would pick", async () => {
  const { code, stdout } = await startMixlaw(["doctor", "--json"]);
  expect(code).toBe(0);
  const found = JSON.parse(stdout) as {
    version: string;
    adapter: object | null;
    remedy: unknown;
    auto: { job: string; backend: string; why: string }[];
  };
  expect(found.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(found.auto.map(({ job }) => job)).toEqual(["small", "large"]);
  if (found.adapter === null)
    expect(found).toMatchObject({
      remedy: expect.any(Array) as unknown,
      auto: [{ backend: "cpu" }, { backend: "cpu" }],
    });
  const text = (await startMixlaw(["doctor"])).stdout;
  expect(text).toMatch(found.adapter === null ? /mesa-vulkan-drivers/ : /maxBufferSize/);
  expect(text).toMatch(/^ {2}small job {2}(cpu|webgpu) /m);
});

test("doctor says what each system needs where there is no adapter", async () => {
  const env = { VK_DRIVER_FILES: "/none", VK_ICD_FILENAMES: "/none" };
  const { stdout } = await startMixlaw(["doctor", "--json"], { env });
  const { remedy } = JSON.parse(stdout) as { remedy: [string, string][] | null };
  if (process.platform !== "linux") return;
  expect(Object.fromEntries(remedy ?? [])).toMatchObject({
    "Debian 13, Ubuntu 24.04+": expect.stringContaining("mesa-vulkan-drivers") as unknown,
    macOS: expect.stringContaining("macOS 26") as unknown,
    Windows: expect.stringContaining("Visual C++ redistributable") as unknown,
  });
});
