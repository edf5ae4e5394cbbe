import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { gpuEnvironment } from "./scripts/adapter.mjs";
import { Sequencer } from "./test/support/sequencer.ts";

/** `.wgsl` files are imported as text, as in the build. */
const wgsl = {
  name: "wgsl",
  enforce: "pre" as const,
  load(id: string): string | undefined {
    const [path = ""] = id.split("?");
    return path.endsWith(".wgsl")
      ? `export default ${JSON.stringify(readFileSync(path, "utf8"))};`
      : undefined;
  },
};

/** The test files that use the GPU are those that import `support/gpu`. */
function gpuFiles(): string[] {
  const files = readdirSync(join(import.meta.dirname, "test"), {
    recursive: true,
    encoding: "utf8",
  });
  return files
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${file.replaceAll("\\", "/")}`)
    .filter((file) =>
      /from "[^"]*\/support\/gpu\.ts"/.test(readFileSync(join(import.meta.dirname, file), "utf8")),
    );
}

process.env["XDG_RUNTIME_DIR"] ??= gpuEnvironment()["XDG_RUNTIME_DIR"];

const gpu = gpuFiles();

/** The benchmarks and studies at tiny sizes: continuous integration runs them, `npm test` does not. */
const BENCH = "test/bench";

/** Milliseconds until a test counts as hung: a loaded machine is slow, and no test judges speed. */
const PATIENCE = 240_000;

/** The one file of tests in a browser that `npm test` runs too. */
const SMOKE = "test/browser/smoke.test.ts";

/** Tests of faults wait for what hangs: they take minutes, and are not in `npm test`. */
const FAULTS = "test/faults/**";

/** Kernels of teams take software adapters long to compile: they are not in `npm test`. */
const TEAMS = "test/teams/*.test.ts";

/** That searches are by teams, in the projects in which all are. */
const BY_TEAMS = "test/by-teams/*.test.ts";

/** What takes long, mostly checks of the same name at more domains: they are not in `npm test`. */
const SLOW = "test/**/*.slow.test.ts";

/** Kernels as other adapters get them: SwiftShader compiles those that are written out for minutes. */
const WRITTEN = ["test/fit/search/style.test.ts", "test/fit/ridge-gpu.test.ts"];

/** Where Chromium of Debian and Ubuntu has its software adapter. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** A minute of fuzzing, for `npm run test:fuzz` alone. */
const FUZZ = "test/fuzz/fuzz.test.ts";

/** On a real Slurm, for `npm run test:slurm` alone. */
const SLURM = "test/slurm/slurm.test.ts";

/** In real shells, for `npm run test:shells` alone. */
const SHELLS = "test/shells/shells.test.ts";

/**
 * A project of vitest: files of it run one at a time, each in a process of its own, unless `test`
 * says otherwise. Projects that run together do so in the order of their places.
 */
function project(
  name: string,
  place: number,
  test: TestProjectInlineConfiguration["test"],
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      pool: "forks",
      maxWorkers: 1,
      testTimeout: PATIENCE,
      hookTimeout: PATIENCE,
      ...test,
      sequence: { groupOrder: place },
    },
  };
}

/** Finds the adapter, and tells the tests of it; ends what they open. */
const withGpu = {
  globalSetup: ["test/support/setup.ts"],
  setupFiles: ["test/support/device-setup.ts"],
};

/**
 * The projects of `npm test` are one queue for two workers, so that neither is idle before the end.
 * A worker reads the modules once: its files run one after another in one process. For files of
 * another project it begins a new one.
 */
const inTwo = { maxWorkers: 2, isolate: false };

/**
 * The tests of the GPU, with all searches by teams: a software adapter takes minutes. Processes that
 * a test starts search as the adapter does.
 */
const byTeams = {
  ...withGpu,
  ...inTwo,
  setupFiles: [...withGpu.setupFiles, "test/support/teams-setup.ts"],
  include: gpu,
  exclude: [FAULTS, SLOW, TEAMS, `${BENCH}/**`],
};

/** Tests in a browser share one process, which starts the browser once. */
const inBrowser = { globalSetup: ["test/support/browser-setup.ts"], isolate: false };

export default defineConfig({
  plugins: [wgsl],
  test: {
    reporters: ["default", "json"],
    outputFile: { json: ".cache/vitest.json" },
    sequence: { sequencer: Sequencer },
    projects: [
      project("cpu", 0, {
        ...inTwo,
        include: ["test/**/*.test.ts"],
        exclude: [...gpu, "test/browser/**", `${BENCH}/**`, FAULTS, SLOW, FUZZ, SLURM, SHELLS],
      }),
      // A software adapter compiles kernels, which is most of their time, on one core.
      project("gpu", 0, {
        ...withGpu,
        ...inTwo,
        include: gpu,
        exclude: [FAULTS, SLOW, TEAMS, BY_TEAMS, `${BENCH}/**`],
      }),
      project("smoke", 0, { ...inBrowser, ...inTwo, include: [SMOKE] }),
      project("browser", 3, {
        ...inBrowser,
        include: ["test/browser/**/*.test.ts"],
        exclude: [SMOKE],
      }),
      project("faults", 4, { ...withGpu, include: [`${FAULTS}/*.test.ts`] }),
      project("bench", 4, { ...withGpu, include: [`${BENCH}/*.test.ts`] }),
      project("slow", 4, { ...withGpu, include: [SLOW], maxWorkers: 2 }),
      project("teams", 4, { ...withGpu, include: [TEAMS] }),
      project("teams-swiftshader", 5, {
        ...withGpu,
        include: [TEAMS],
        env: { VK_DRIVER_FILES: SWIFTSHADER },
      }),
      project("by-teams", 4, byTeams),
      project("by-teams-swiftshader", 5, {
        ...byTeams,
        exclude: [...byTeams.exclude, ...WRITTEN],
        env: { VK_DRIVER_FILES: SWIFTSHADER },
      }),
      project("fuzz", 4, { include: [FUZZ] }),
      project("slurm", 4, { include: [SLURM] }),
      project("shells", 4, { include: [SHELLS] }),
    ],
  },
});
