/**
 * `npm run bench:domains`: laws that know of repetition recovered from simulated runs, and the time
 * that many domains take. Writes bench/results/domains.md.
 *
 *     npm run bench:domains                    everything, some minutes on two cores
 *     npm run bench:domains -- --only epochs   one part: epochs, repetition, 200-log-linear, 200-epochs, 100-additive, 64-log-linear, olmix-24
 *     npm run bench:domains -- --tiny          that it works
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { machine } from "../machine.ts";
import { described, table } from "../report.ts";
import { recover, type Recovered, STUDIES } from "./recovery.ts";
import { CASES, timed, type Timed } from "./times.ts";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    tiny: { type: "boolean", default: false },
    out: { type: "string", default: "bench/results/domains" },
  },
});

/** What was measured, by part; parts that are not measured again keep what they have. */
interface Results {
  readonly recovered: Record<string, Recovered>;
  readonly timed: Record<string, Timed>;
}

const KEPT = `${flags.out}.json`;
const isWanted = (name: string): boolean => flags.only?.includes(name) ?? true;
const before = (
  existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, "utf8")) : { recovered: {}, timed: {} }
) as Results;

const results: Results = { recovered: { ...before.recovered }, timed: { ...before.timed } };

/** Measures the parts that are wanted; what is done is kept as it comes. */
async function measure<T>(
  kept: Record<string, T>,
  parts: Readonly<Record<string, unknown>>,
  measured: (name: string) => Promise<T | undefined>,
): Promise<void> {
  for (const name of Object.keys(parts).filter(isWanted)) {
    process.stderr.write(`${name}\n`);
    const result = await measured(name);
    if (result !== undefined) kept[name] = result;
    writeFileSync(KEPT, `${JSON.stringify(results, undefined, 2)}\n`);
  }
}

await measure(results.recovered, STUDIES, (name) => recover(name, flags.tiny));
await measure(results.timed, CASES, (name) => timed(name, flags.tiny));

const seconds = (x: number): string => `${x.toFixed(1)} s`;
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
const page = [
  "# Many domains, and supply",
  `Commit ${commit}. ${described(machine(), "none")} Processor time is of all threads.`,
  "Errors are root mean squares of relative errors at mixtures that were not fitted, over the noise. Regret is the true loss at the fitted optimum above that at the true one, over what the true one gains against the uniform mixture. Epochs are the most of any domain at the optimum, of 4 that are allowed.",
  table(
    ["runs of", "fit", "processor", "optimize", "error / noise", "regret", "epochs"],
    Object.entries(results.recovered).map(([name, r]) => [
      name,
      seconds(r.fit.wall),
      seconds(r.fit.processor),
      seconds(r.optimize.wall),
      r.error.toFixed(2),
      percent(r.regret),
      r.epochs.toFixed(2),
    ]),
  ),
  table(
    ["case", "runs", "targets", "fit", "processor", "ended", "optimize", "processor"],
    Object.entries(results.timed).map(([name, t]) => [
      name,
      String(t.runs),
      String(t.targets),
      seconds(t.fit.wall),
      seconds(t.fit.processor),
      t.status,
      t.optimize === null ? "" : seconds(t.optimize.wall),
      t.optimize === null ? "" : seconds(t.optimize.processor),
    ]),
  ),
].join("\n\n");
writeFileSync(`${flags.out}.md`, `${page}\n`);
process.stdout.write(`${page}\n`);
const isMissed = Object.values(results.recovered).some(
  ({ error, regret, epochs }) => error > 1.5 || regret > 0.1 || epochs > 4 * (1 + 1e-9),
);
if (isMissed && !flags.tiny) process.exitCode = 1;
