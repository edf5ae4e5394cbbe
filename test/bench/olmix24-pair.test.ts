/** The job of olmix's pair of files, at small settings: from its proxy runs to configs. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { runJob } from "../../src/cli/job/run.ts";
import { describeData } from "../support/data.ts";
import { root } from "../cli/command.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-olmix-"));
afterAll(() => rmSync(folder, { recursive: true }));

describeData("olmix24-pair", "examples/olmix24-pair.yaml", (data) => {
  test("goes from the runs to a config of each trainer in one command", async () => {
    for (const name of ["ratios.csv", "metrics.csv"]) cpSync(join(data, name), join(folder, name));
    cpSync(join(root, "examples/olmix24-tokens.csv"), join(folder, "olmix24-tokens.csv"));
    const text = readFileSync(join(root, "examples/olmix24-pair.yaml"), "utf8");
    const small = text
      .replace("bootstrap: 200", "restarts: 2")
      .replace("folds: 5", "folds: 2")
      .replace("name: 7B", "name: 7B\n  samples: 200");
    const path = join(folder, "job.yaml");
    writeFileSync(path, `${small}backend: cpu\nthreads: 1\n`);
    const spies = (["stdout", "stderr"] as const).map((name) =>
      vi.spyOn(process[name], "write").mockReturnValue(true),
    );
    const code = await runJob(path, {}).finally(() => spies.forEach((spy) => spy.mockRestore()));
    expect([0, 2]).toContain(code);
    const results = join(folder, readdirSync(folder).find((name) => name.startsWith("job-")) ?? "");
    const files = readdirSync(results).filter((name) => !/^(records|run|job|commands)/.test(name));
    expect(files.toSorted()).toEqual(["7B-levanter.yaml", "7B-map.yaml", "7B-megatron.txt", "7B-nemo.yaml", "7B-olmo-core.yaml", "7B.json", "fit.json", "report.html", "validation.json"]); // prettier-ignore
    expect(readFileSync(join(results, "7B-olmo-core.yaml"), "utf8")).toContain("/data/software_development/*.npy"); // prettier-ignore
    const optimum = JSON.parse(readFileSync(join(results, "7B.json"), "utf8")) as {
      readonly weights: Readonly<Record<string, number>>;
      readonly laws: unknown;
    };
    // 4 epochs of 187B tokens are 74.8 % of 1T, and of 37B 14.8 %.
    expect(optimum.laws).toEqual({ mean: "log-linear" });
    expect(optimum.weights["software_development"]).toBeLessThanOrEqual(0.748 + 1e-9);
    expect(optimum.weights["fashion_and_beauty"]).toBeLessThanOrEqual(0.148 + 1e-9);
    expect(Object.values(optimum.weights).reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 9);
  });
});
