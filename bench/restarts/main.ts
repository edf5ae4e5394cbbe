/**
 * `npm run bench -- restarts`: do searches that stop by themselves end where 512 starts do? Fits
 * every public table both ways. Writes bench/results/restarts.md, from restarts.json beside it, to
 * which each law of a table is added when it is done: a run that was stopped goes on there.
 *
 *     npm run bench -- restarts                          all tables, on the CPU
 *     npm run bench -- restarts --backend webgpu         on the GPU
 *     npm run bench -- restarts --only chinchilla        tables with this in their name
 *     npm run bench -- restarts --laws joint --again     one law; what is known is measured again
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type FitFile, type FitOptions, type Law, openEngine, type Runs } from "../../src/node.ts";
import { dataFolder } from "../../test/support/data.ts";
import { table } from "../report.ts";
import { type Study, STUDIES } from "./tables.ts";

/** A law on a table, fitted both ways. */
interface Compared {
  readonly table: string;
  readonly law: string;
  readonly backend: string;
  readonly targets: number;
  /** Starts and hops of all targets together. */
  readonly starts: number;
  readonly hops: number;
  /** The same of the search with 512 starts. */
  readonly fixedHops: number;
  /** Targets whose objective is the same, higher or lower. */
  readonly same: number;
  readonly worse: number;
  readonly better: number;
  /** The largest share by which an objective is higher; 0 where none is. */
  readonly worst: number;
  /** Seconds of the fits in one process, after one of the first kind. */
  readonly seconds: number;
  readonly fixedSeconds: number;
}

/** Objectives that differ by no more than this share are the same. */
const SAME = 1e-9;
const KEPT = "bench/results/restarts.json";

const { values: flags } = parseArgs({
  options: {
    backend: { type: "string", default: "cpu" },
    only: { type: "string", default: "" },
    laws: { type: "string", default: "" },
    again: { type: "boolean", default: false },
  },
});

const sum = (file: FitFile, number: (fit: FitFile["fits"][number]) => number): number =>
  file.fits.reduce((total, fit) => total + number(fit), 0);

async function compare({ name, options }: Study, law: Law, runs: Runs): Promise<Compared> {
  const engine = await openEngine({ backend: flags.backend as "cpu" | "webgpu" });
  const plain: FitOptions = { ...options, backtest: false, rows: false };
  await engine.fit(law, runs, plain); // compiles, and warms up
  const fixed = await engine.fit(law, runs, { ...plain, restarts: 512 });
  const auto = await engine.fit(law, runs, plain);
  await engine.close();
  const changes = auto.fits.map(
    ({ objective }, i) => objective / (fixed.fits[i]?.objective ?? NaN) - 1 || 0,
  );
  return {
    table: name,
    law: law.name,
    backend: flags.backend,
    targets: auto.fits.length,
    starts: sum(auto, ({ search }) => search.starts),
    hops: sum(auto, ({ search }) => search.hops.starts),
    fixedHops: sum(fixed, ({ search }) => search.hops.starts),
    same: changes.filter((change) => Math.abs(change) <= SAME).length,
    worse: changes.filter((change) => change > SAME).length,
    better: changes.filter((change) => change < -SAME).length,
    worst: Math.max(0, ...changes),
    seconds: auto.timing["total"] ?? NaN,
    fixedSeconds: fixed.timing["total"] ?? NaN,
  };
}

const known = existsSync(KEPT) ? (JSON.parse(readFileSync(KEPT, "utf8")) as Compared[]) : [];
const isOf = (study: Study, law: Law) => (row: Compared) =>
  row.table === study.name && row.law === law.name && row.backend === flags.backend;

write();
for (const study of STUDIES) {
  if (!study.name.includes(flags.only)) continue;
  const { laws, runs } = await study.read(join(dataFolder, study.file));
  for (const law of laws) {
    if (flags.laws !== "" && !flags.laws.split(",").includes(law.name)) continue;
    const place = known.findIndex(isOf(study, law));
    if (place >= 0 && !flags.again) continue;
    const row = await compare(study, law, runs);
    known.splice(place < 0 ? known.length : place, place < 0 ? 0 : 1, row);
    write();
    process.stderr.write(`${cells(row).join("  ")}\n`);
  }
}

function cells(row: Compared): string[] {
  const { seconds, fixedSeconds, targets, starts, hops, worst } = row;
  const each = (total: number): string => (total / targets).toFixed(0);
  return [
    row.table,
    row.law,
    row.backend,
    `${targets}`,
    each(starts),
    each(hops),
    each(row.fixedHops),
    `${row.same}`,
    `${row.worse}`,
    `${row.better}`,
    worst === 0 ? "" : worst.toExponential(0),
    fixedSeconds.toFixed(2),
    (fixedSeconds / seconds).toFixed(1),
  ];
}

function write(): void {
  const head = ["table", "law", "backend", "targets", "starts a target", "hops", "hops with 512", "same", "worse", "better", "by at most", "512: s", "times faster"]; // prettier-ignore
  const text = `# Searches that stop by themselves, beside 512 starts\n\n${table(head, known.map(cells))}\n`;
  writeFileSync(KEPT, `${JSON.stringify(known, undefined, 2)}\n`);
  writeFileSync(KEPT.replace(/json$/, "md"), text);
}
