/** The command as users start it: good command lines with hostile flags and files in them. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { fc } from "../../support/property.ts";
import { csvText } from "../../../src/data/write/csv-text.ts";
import { addCommands } from "../commands.ts";
import { type Harness, harness } from "../harness.ts";
import { CELLS, NAMES, SIGNS } from "../hostile.ts";
import { noLeak } from "../judge.ts";
import { mutatedBytes, mutatedJson, mutatedText } from "../mutate.ts";
import { root, ROWS, TABLES } from "../seeds.ts";
import { FIT_FILES, OPTIMUM } from "./fitted.ts";

const script = join(root, "dist/cli.js");

/** Files that stand beside the hostile one. */
const COLUMNS = Object.keys(ROWS[0] ?? {});
const FILES: Readonly<Record<string, string>> = {
  "runs.csv": csvText(COLUMNS, ROWS.map((row) => COLUMNS.map((name) => row[name] ?? null))), // prettier-ignore
  "points.csv": "n_params,n_tokens,h_web,h_code\n1e8,1e10,0.5,0.5\n",
  "fit.json": JSON.stringify(FIT_FILES[0]),
  "optimum.json": JSON.stringify(OPTIMUM),
  "limits.yaml": "floors: { web: 5% }\n",
  "job.yaml":
    "data: { tables: runs.csv }\nlaws: { law: simple }\nfit: { restarts: 3, backtest: false, backend: cpu, threads: 1 }\noptimize: { params: 4e7, tokens: 4e9, samples: 64, backend: cpu }\n",
  "law.yaml": "name: mine\nformula: L = E + A/params^alpha\n",
};

const CPU = ["--backend", "cpu", "--threads", "1"];
/** Command lines that work, by command, with what of it where there are several. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  fit: ["runs.csv", "--law", "simple", "--restarts", "3", "--no-backtest", ...CPU],
  validate: ["runs.csv", "--law", "chinchilla", "--restarts", "2", "--folds", "2", ...CPU],
  optimize: ["fit.json", "--law", "simple", "--params", "4e7", "--tokens", "4e9", "--samples", "64", "--backend", "cpu"], // prettier-ignore
  predict: ["fit.json", "points.csv", "--law", "simple"],
  report: ["fit.json", "optimum.json", "--out", "report.html"],
  design: ["fit.json", "--pool", "runs.csv", "--law", "simple", "--params", "1e9", "--tokens", "1e10"], // prettier-ignore
  simulate: ["--law", "simple", "--domains", "web,code", "--sizes", "1e7,1e8"],
  verify: ["fit.json", "runs.csv", ...CPU],
  laws: ["simple"],
  run: ["job.yaml"],
  "export table": ["fit.json", "--parameters"],
  "export optimum": ["optimum.json", "--format", "levanter"],
  schema: ["job"],
  completion: ["bash", "--", "mixlaw fit runs.csv --targets "],
};

/** Work that is asked for is work: flags that say how much get small numbers, or none. */
const AMOUNTS = /^--(?:restarts|bootstrap|samples|mixtures|runs|threads|folds|checkpoints|port|shards?|count|deadline)$/; // prettier-ignore
/** Flags that start something else than the command, or write where they are told to. */
const LEFT_OUT = /^--(?:help|version|submit|resume|trace|out|truth)$/;

const program = addCommands(new Command());
const verbOf = (line: string): string => /^\w+/.exec(line)?.[0] ?? "";
const flagsOf = (line: string): { readonly long: string; readonly hasValue: boolean }[] =>
  (program.commands.find((command) => command.name() === verbOf(line))?.options ?? []).flatMap(
    ({ long, required, optional }) =>
      long === undefined || long === null || LEFT_OUT.test(long)
        ? []
        : [{ long, hasValue: required || optional }],
  );

const LISTS = ["web=0.5,code=50%", "web+code>=0.2", "web/code=0.5:2", "l1<=0.5", "loss_a=2,loss_b=1", "h_*", "n_params > 1e7", "L = E + A/params^alpha", "alpha=0.3,E=1", "tokens=1e9,2e9", "params=1e8:1e10:3", "q95", "worst"]; // prettier-ignore
const text = fc
  .oneof(
    { weight: 3, arbitrary: mutatedText(LISTS, [...SIGNS, ...CELLS, ...NAMES]) },
    { weight: 2, arbitrary: fc.constantFrom(...CELLS, ...NAMES, ...LISTS) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.keys(FILES), "hostile", "absent.csv", ".") },
  )
  // Arguments end at a zero byte, and values stay in the folder.
  .map((value) =>
    value
      .replaceAll(/\0|\.\.|^\/|\p{Cs}/gu, "_")

      .slice(0, 2000),
  );
const amount = fc.constantFrom("0", "1", "2", "3", "-1", "1.5", "1e999", "NaN", "x", "", "1/2", "auto"); // prettier-ignore

const flagged = (name: string): fc.Arbitrary<readonly string[]> => {
  const flags = flagsOf(name);
  if (flags.length === 0) return fc.constant([]);
  const one = fc.constantFrom(...flags).chain(({ long, hasValue }) => {
    const value = AMOUNTS.test(long) ? amount : text;
    return value.map((each) => (hasValue ? `${long}=${each}` : long));
  });
  return fc.array(one, { minLength: 1, maxLength: 3 });
};

/** A file that takes the place of one of the line's. */
const hostileFile = fc.oneof(
  fc.record({ for: fc.constantFrom("runs.csv", "points.csv"), bytes: mutatedBytes(TABLES.csv, [...SIGNS, ...CELLS, ...NAMES]) }), // prettier-ignore
  fc.record({ for: fc.constant("fit.json"), bytes: mutatedJson(FIT_FILES).map((each) => new TextEncoder().encode(each)) }), // prettier-ignore
  fc.record({ for: fc.constant("optimum.json"), bytes: mutatedJson([OPTIMUM]).map((each) => new TextEncoder().encode(each)) }), // prettier-ignore
);

const input = fc.constantFrom(...Object.keys(LINES)).chain((command) =>
  fc.record({
    command: fc.constant(command),
    flags: fc.oneof(fc.constant([]), flagged(command), flagged(command)),
    file: fc.option(hostileFile, { nil: undefined, freq: 1 }),
  }),
);

/** Seconds of CPU and by the clock, after which the command is ended. */
const LIMIT = { cpu: 15, clock: 150 } as const;

interface Ended {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command under limits; `ulimit` is the shell's. */
function started(folder: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      "sh",
      ["-c", `ulimit -t ${LIMIT.cpu}; exec "$0" "$@"`, process.execPath, script, ...args],
      { cwd: folder, stdio: ["ignore", "pipe", "pipe"], timeout: 1000 * LIMIT.clock },
    );
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (piece: string) => (stdout += piece));
    child.stderr.setEncoding("utf8").on("data", (piece: string) => (stderr += piece));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
}

/** Throws an Error for an end that no command line may have. */
function checkEnd({ code, stdout, stderr }: Ended, given: unknown): void {
  const told = stderr.slice(-600);
  if (code !== 0 && code !== 1 && code !== 2) throw new Error(`it ends with ${code}: ${told}`);
  if (/internal error|^\s+at .*:\d+:\d+/m.test(stderr)) throw new Error(`it fails: ${told}`);
  if (code !== 0 && stderr.trim() === "" && stdout.trim() === "") throw new Error("no word");
  if (/\(node:\d+\)/.test(stderr)) throw new Error(`node warns: ${told}`);
  noLeak(stderr, given);
  noLeak(stdout, given);
  const infinite = /(?<![\w"])-?Infinity\b/.exec(stdout)?.[0];
  if (infinite !== undefined && !JSON.stringify(given).includes("Infinity"))
    throw new Error(`${infinite} is printed`);
}

const spawned = harness(
  "commands",
  input,
  async (given) => {
    if (!existsSync(script)) throw new Error("dist/cli.js is not there: npm run bundle makes it");
    const folder = mkdtempSync(join(tmpdir(), "mixlaw-fuzz-"));
    try {
      const { command, flags, file } = given;
      mkdirSync(join(folder, "folder"));
      for (const [name, content] of Object.entries(FILES))
        writeFileSync(join(folder, name), name === file?.for ? file.bytes : content);
      writeFileSync(join(folder, "hostile"), file?.bytes ?? "");
      const ended = await started(folder, [verbOf(command), ...(LINES[command] ?? []), ...flags]);
      checkEnd(ended, [given, file === undefined ? "" : Buffer.from(file.bytes).toString()]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  LIMIT.cpu,
);

export const HARNESSES: readonly Harness[] = [spawned];
