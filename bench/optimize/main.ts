/**
 * The processor time of `mixlaw optimize` beside that of another build of mixlaw, such as an
 * earlier commit's: whole commands, in alternation.
 *
 *     npm run bench -- optimize --baseline ../earlier/dist/cli.js
 *
 * --only NAME       one request (may be given several times)
 * --repeats N       commands of each build a request (9)
 * --out FOLDER      where the fit files are kept (.cache/optimize)
 *
 * Each build fits its own file, once. Only ratios count: both are slowed down alike by what else
 * the machine does.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "../timing.ts";
import { REQUESTS, type Request } from "./requests.ts";

const DATA = process.env["MIXLAW_DATA"] ?? "../shared/data";
/** Tells the seconds of processor time of all threads, on the fourth stream, when all is done. */
const TIMED = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, String((user + system) / 1e6));
  });`)}`;

const { values } = parseArgs({
  options: {
    baseline: { type: "string" },
    only: { type: "string", multiple: true },
    repeats: { type: "string", default: "9" },
    out: { type: "string", default: ".cache/optimize" },
  },
});
const baseline = values.baseline;
if (baseline === undefined || !existsSync(baseline))
  throw new Error("--baseline needs the path of another build's dist/cli.js");
const BUILDS = { baseline, now: "dist/cli.js" } as const;

/** Runs a command; it must end with code 0 or 2. */
function mixlaw(build: string, words: readonly string[]): { text: string; seconds: number } {
  const { status, output } = spawnSync(process.execPath, ["--import", TIMED, build, ...words], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  if (status !== 0 && status !== 2)
    throw new Error(`${build} ${words.join(" ")} ended with ${String(status)}: ${output[2] ?? ""}`);
  return { text: output[1] ?? "", seconds: Number(output[3]) };
}

/** The fit file of a build, made where it is missing. */
function fitFile(build: keyof typeof BUILDS, { table, fit, name }: Request["fit"]): string {
  const path = join(values.out, `${build}-${name}.json`);
  if (!existsSync(path))
    mixlaw(BUILDS[build], ["fit", join(DATA, table), ...fit, "--backend", "cpu", "--out", path]);
  return path;
}

/** A row of the table: seconds of each build, their ratio, and the two objectives. */
function compared({ name, fit, flags }: Request): string[] {
  const files = { baseline: fitFile("baseline", fit), now: fitFile("now", fit) };
  const times = { baseline: [] as number[], now: [] as number[] };
  const objectives = { baseline: NaN, now: NaN };
  for (let n = 0; n < Number(values.repeats); n++)
    for (const build of ["baseline", "now"] as const) {
      const { text, seconds } = mixlaw(BUILDS[build], ["optimize", files[build], ...flags, "--json"]); // prettier-ignore
      times[build].push(seconds);
      objectives[build] = (JSON.parse(text) as { objective: number }).objective;
    }
  const [before, now] = [median(times.baseline), median(times.now)];
  return [
    name,
    before.toFixed(3),
    now.toFixed(3),
    (now / before).toFixed(2),
    objectives.baseline.toPrecision(10),
    objectives.now.toPrecision(10),
  ];
}

mkdirSync(values.out, { recursive: true });
const head = ["request", "baseline s", "now s", "ratio", "its objective", "objective now"];
console.log(`| ${head.join(" | ")} |\n|${"---|".repeat(head.length)}`);
for (const request of REQUESTS)
  if (values.only?.includes(request.name) ?? true)
    console.log(`| ${compared(request).join(" | ")} |`);
