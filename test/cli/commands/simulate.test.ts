import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Truth } from "../../../src/simulate/draw-truth.ts";
import { root, rowsOf, workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const simulate = (...arguments_: string[]) =>
  mixlaw(["simulate", ...arguments_], { cwd: place.path(".") });

test("the command in test/simulated/README.md makes the files beside it, byte for byte", async () => {
  const readme = readFileSync(join(root, "test/simulated/README.md"), "utf8");
  const command = /mixlaw simulate ((?:.*\\\n)*.*)/.exec(readme)?.[1] ?? "";
  const { code } = await simulate(
    ...command.replaceAll(/\\\n/g, " ").replaceAll("test/simulated/", "").trim().split(/\s+/),
  );
  expect(code).toBe(0);
  for (const name of ["runs.csv", "truth.json"])
    expect(place.read(name)).toBe(readFileSync(join(root, "test/simulated", name), "utf8"));
});

describe("simulate", () => {
  test("prints CSV, the same for the same seed", async () => {
    const design = "--domains 3 --sizes 1e7,1e8 --mixtures 4 --tokens 1e9,2e9,5e9".split(" ");
    const { code, stdout, stderr } = await simulate(...design);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows = rowsOf(stdout);
    expect(rows).toHaveLength(2 * 4 * 3);
    expect(Object.keys(rows[0] ?? {}).join(" ")).toBe(
      "mixture_id run_id n_params n_tokens h_web h_code h_papers loss_web loss_code loss_papers",
    );
    expect(rows.slice(0, 3).map((row) => row["n_tokens"])).toEqual([
      "1000000000",
      "2000000000",
      "5000000000",
    ]);
    const again = await simulate(...design);
    expect(again.stdout).toBe(stdout);
  });

  test("--truth writes the truth, then reads it; what is given on the command line wins", async () => {
    const first = await simulate(
      "--law",
      "joint",
      "--domains",
      "a,b",
      "--seed",
      "4",
      "--mixtures",
      "5",
      "--truth",
      "joint.json",
      "--out",
      "one.csv",
    );
    expect(first.stderr).toMatch(/wrote joint.json: the true parameters, drawn with seed 4/);
    const truth = JSON.parse(place.read("joint.json")) as Truth;
    expect(truth).toMatchObject({
      schema: "mixlaw/truth@1",
      law: "joint",
      domains: ["a", "b"],
      seed: 4,
      noise: { kind: "lognormal", sigma: 0.005 },
    });
    const second = await simulate("--truth", "joint.json", "--mixtures", "5", "--out", "two.csv");
    expect(second.stderr).toMatch(/the true parameters are those of joint.json/);
    expect(place.read("two.csv")).toBe(place.read("one.csv"));
    const third = await simulate(
      "--truth",
      "joint.json",
      "--mixtures",
      "5",
      "--seed",
      "5",
      "--noise",
      "0",
      "--targets",
      "b",
    );
    expect(third.stdout.split("\n")[0]).toBe("mixture_id,run_id,n_params,n_tokens,h_a,h_b,loss_b");
    const other = await simulate("--truth", "joint.json", "--law", "additive");
    expect({ code: other.code, stderr: other.stderr }).toEqual({
      code: 1,
      stderr:
        "mixlaw: --truth joint.json is of the law joint, not additive: change --law, or name another file\n",
    });
  });

  test("runs with phases are fitted and optimized with the same --phases, and the truth has them", async () => {
    const asked = "--law log-linear-by-phase --domains a,b --targets a --mixtures 30 --sizes 1e8 --checkpoints 1".split(" "); // prettier-ignore
    const phases = ["--phases", "main=0.8,anneal=rest"];
    const files = ["--truth", "phased.json", "--out", "phased.csv"];
    expect((await simulate(...asked, ...phases, ...files)).code).toBe(0);
    const truth = JSON.parse(place.read("phased.json")) as Truth;
    expect(truth.phases).toEqual({ main: 0.8, anneal: "rest" });
    const again = await simulate("--truth", "phased.json", ...asked.slice(6));
    expect(again.stdout).toBe(place.read("phased.csv"));
    const run = (...words: string[]) => mixlaw(words, { cwd: place.path(".") });
    const law = ["--law", "log-linear-by-phase", "--restarts", "8", "--loss", "squared"];
    const fit = await run("fit", "phased.csv", ...phases, ...law, "--out", "phased-fit.json");
    expect(fit.code).toBe(0);
    const optimum = await run("optimize", "phased-fit.json", "--beyond", "--json");
    const { weights } = JSON.parse(optimum.stdout) as { weights: Record<string, number> };
    // A log-linear law is least at a corner: all of the domain with the least t in each phase.
    const t = (truth.targets[0]?.parameters["t"] ?? {}) as Record<string, number>;
    for (const [phase, part] of [
      ["main", 0.8],
      ["anneal", 0.2],
    ] as const) {
      // prettier-ignore
      const best = (t[`${phase}/a`] ?? NaN) < (t[`${phase}/b`] ?? NaN) ? "a" : "b";
      expect(weights[`${phase}/${best}`]).toBeCloseTo(part, 6);
    }
  });

  test("a law without a mixture has no shares", async () => {
    const { stdout, stderr } = await simulate("--law", "chinchilla", "--mixtures", "3");
    expect(stdout.split("\n")[0]).toBe("mixture_id,run_id,n_params,n_tokens,loss_total");
    expect(stderr).toMatch(/note: the law chinchilla has no mixture/);
  });
});
