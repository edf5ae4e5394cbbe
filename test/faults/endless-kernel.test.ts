/** A kernel that never ends, in the command as users have it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { startMixlaw, root, workplace } from "../cli/command.ts";
import { describeGpu } from "../support/gpu.ts";

const place = workplace();
const preload = pathToFileURL(join(root, "test/support/endless-kernel.mjs")).href;
/** Search kernels of the additive law loop for ever. */
const env = { NODE_OPTIONS: `--import=${preload}`, ENDLESS_KERNELS: "additive" };
const runs = join(root, "test/simulated/runs.csv");
const words = ["fit", runs, "--backend", "webgpu", "--progress", "json", "--out", "fit.json"];
const here = { cwd: place.path("."), env };

/** Milliseconds from the first line of stderr that has some text to the second. */
function between(): {
  readonly hear: (sofar: string, first: string, then: string) => void;
  readonly took: () => number;
} {
  let [from, to] = [NaN, NaN];
  return {
    hear(sofar, first, then) {
      if (Number.isNaN(from) && sofar.includes(first)) from = performance.now();
      if (Number.isNaN(to) && sofar.includes(then)) to = performance.now();
    },
    took: () => to - from,
  };
}

describeGpu("a kernel that never ends", () => {
  test("is the CPU's within 30 s, with a warning; other laws' fits and the exit code are as usual", async () => {
    const clock = between();
    const { code, stdout, stderr } = await startMixlaw(
      [...words, "--law", "chinchilla,additive", "--restarts", "64"],
      {
        ...here,
        onStderr: (_, sofar) =>
          clock.hear(
            sofar,
            '"law":"additive","stage":"compile"',
            '"law":"additive","stage":"search"',
          ),
      },
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(clock.took()).toBeLessThan(30_000);
    const { fits } = JSON.parse(place.read("fit.json")) as FitFile;
    const hung = fits.filter(({ verdict }) =>
      verdict.findings.some(({ code: is }) => is === "kernel-hung"),
    );
    expect(new Set(hung.map(({ law }) => law))).toEqual(new Set(["additive"]));
    expect(fits.map(({ search }) => search.status)).toEqual(fits.map(() => "converged"));
    expect(stdout).toMatch(/warning: additive.*the GPU kernel "additive" did not end on/);
  });

  test("lets a program that uses the library end by itself, with its own exit code", async () => {
    const program = place.write(
      "program.mjs",
      `import { laws, openEngine, readRuns } from ${JSON.stringify(pathToFileURL(join(root, "dist/node.js")).href)};
      const engine = await openEngine({ backend: "webgpu" });
      const signal = AbortSignal.timeout(1500);
      const failure = await engine.fit(laws.additive, await readRuns(${JSON.stringify(runs)}), { signal }).catch((error) => error);
      await engine.close();
      console.log(failure.name);
      process.exitCode = 3;`,
    );
    const child = spawn(process.execPath, [program], { env: { ...process.env, ...env } });
    let stdout = "";
    child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
    const [code] = (await once(child, "exit")) as [number | null];
    expect({ code, stdout }).toEqual({ code: 3, stdout: "AbortedError\n" });
  });

  test("is stopped by the first Ctrl-C within 2 s", async () => {
    let at = NaN;
    const { code } = await startMixlaw([...words, "--law", "additive"], {
      ...here,
      onStderr(child, sofar) {
        if (!Number.isNaN(at) || !sofar.includes('"stage":"compile"')) return;
        at = 0;
        setTimeout(() => {
          at = performance.now();
          child.kill("SIGINT");
        }, 2000);
      },
    });
    expect(code).toBe(130);
    expect(performance.now() - at).toBeLessThan(2000);
  });
});
