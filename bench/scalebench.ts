/**
 * `npm run bench:scalebench`: the eight tables of ScaleBench (arXiv 2604.22753). For each it fits
 * several laws to the pool, judges them by cross-validation of the pool, chooses runs of the pool
 * for a share of its cost, and predicts the target rows with each budget and with all data. The
 * targets' losses are withheld: predictions go to bench/results/scalebench/TABLE.csv, figures to
 * bench/results/scalebench.md and .json.
 *
 *     npm run bench:scalebench                      all tables
 *     npm run bench:scalebench -- --only farseer    one table; figures of the others stay
 *     npm run bench:scalebench -- --random 5        chosen runs beside random ones of 5 seeds alone:
 *                                                   to bench/results/scalebench-random.md and .json
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openEngine } from "../src/node.ts";
import { mean } from "../src/stats/moments.ts";
import { table } from "./report.ts";
import { besideRandom, type Compared } from "./scalebench/beside-random.ts";
import { clipped } from "./scalebench/groups.ts";
import { type Fitted, runTable, type TableResult } from "./scalebench/run-table.ts";
import { TABLES } from "./scalebench/tables.ts";

const KEPT = "bench/results/scalebench.json";

const KEPT_RANDOM = "bench/results/scalebench-random.json";

const { values: flags } = parseArgs({
  options: { only: { type: "string", default: "" }, random: { type: "string" } },
});

const range = (values: readonly number[]): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? String(low) : `${low} … ${high}`;
};

/** A page of tables, with what writes it. */
const pageOf = (title: string, command: string, tables: readonly string[]): string =>
  [
    `# ${title}`,
    `Written by \`${command}\`; [docs/scalebench.md](../../docs/scalebench.md) says how to read it.`,
    `${tables.join("\n\n")}\n`,
  ].join("\n\n");

/** The results as a page. */
function page(results: readonly TableResult[]): string {
  const laws = results.flatMap(({ table: name, fits }) =>
    [...new Set(fits.map(({ law }) => law))].map((law) => {
      const some = fits.filter((fit) => fit.law === law);
      const count = (is: (fit: Fitted) => boolean): string => `${some.filter(is).length} of ${some.length}`; // prettier-ignore
      const objectives = some.flatMap(({ objective }) => (objective === null ? [] : [objective]));
      return [
        name,
        law,
        range(some.map(({ parameters }) => parameters)),
        count(({ converged }) => converged),
        mean(some.map(({ heldOut }) => clipped(heldOut))).toFixed(4),
        count(({ picked }) => picked),
        mean(objectives).toPrecision(6),
        Math.max(...some.map(({ processor }) => processor)).toFixed(1),
      ];
    }),
  );
  const budgets = results.flatMap(({ table: name, chosen }) =>
    [...new Set(chosen.map(({ budget }) => budget))].map((budget) => {
      const some = chosen.filter((each) => each.budget === budget);
      return [
        name,
        `${Math.round(100 * budget)} %`,
        range(some.map(({ runs }) => runs)),
        range(some.map(({ spent }) => Number((100 * spent).toFixed(2)))),
        [...new Set(some.flatMap(({ laws: names }) => names))].join(", "),
      ];
    }),
  );
  return pageOf("ScaleBench", "npm run bench:scalebench", [
    table(["table", "law", "parameters", "converged", "held-out R²", "picked", "objective", "processor s"], laws), // prettier-ignore
    table(["table", "budget", "runs", "% spent", "laws"], budgets),
  ]);
}

/** Chosen runs beside random ones, as a page. */
function randomPage(all: readonly Compared[]): string {
  const rows = all.map(({ table: name, budget, chosen, random }) => {
    const each = random.map(({ r2 }) => r2);
    return [
      name,
      `${Math.round(100 * budget)} %`,
      chosen.runs.toFixed(1),
      mean(random.map(({ runs }) => runs)).toFixed(1),
      chosen.r2.toFixed(3),
      mean(each).toFixed(3),
      `${Math.min(...each).toFixed(3)} … ${Math.max(...each).toFixed(3)}`,
      `${each.filter((r2) => r2 > chosen.r2).length} of ${each.length}`,
    ];
  });
  return pageOf(
    "ScaleBench: chosen runs beside random ones",
    "npm run bench:scalebench -- --random SEEDS",
    [
      table(["table", "budget", "runs chosen", "random", "R² by chosen", "random, mean", "least … most", "random better"], rows), // prettier-ignore
    ],
  );
}

/** What an earlier run of the bench has written. */
const keptIn = <T>(path: string): T[] =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T[]) : [];

/** Results with those of one table in place of its earlier ones, in the order of the tables. */
function merged<T extends { readonly table: string }>(
  before: readonly T[],
  fresh: readonly T[],
): T[] {
  const names = new Set(fresh.map(({ table: name }) => name));
  const place = ({ table: name }: T): number => TABLES.findIndex((each) => each.name === name);
  return [...before.filter(({ table: name }) => !names.has(name)), ...fresh].toSorted((a, b) => place(a) - place(b)); // prettier-ignore
}

function write(path: string, results: readonly object[], text: string): void {
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(path.replace(/json$/, "md"), text);
}

const engine = await openEngine({ backend: "cpu" });
for (const bench of TABLES.filter(({ name }) => name.includes(flags.only))) {
  if (flags.random === undefined) {
    const result = await runTable(engine, bench);
    const all = merged(keptIn<TableResult>(KEPT), [result]);
    write(KEPT, all, page(all));
    console.log(page([result]));
  } else {
    const compared = await besideRandom(engine, bench, Number(flags.random));
    const all = merged(keptIn<Compared>(KEPT_RANDOM), compared);
    write(KEPT_RANDOM, all, randomPage(all));
    console.log(randomPage(compared));
  }
}
await engine.close();
