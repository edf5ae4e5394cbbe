/**
 * `npm run bench:scalebench`: the eight tables of ScaleBench (arXiv 2604.22753). For each it fits
 * several laws to the pool, judges them by cross-validation of the pool, chooses runs of the pool
 * for a share of its cost, and predicts the target rows with each budget and with all data. The
 * targets' losses are withheld: predictions go to bench/results/scalebench/TABLE.csv, figures to
 * bench/results/scalebench.md and .json.
 *
 *     npm run bench:scalebench                      all tables
 *     npm run bench:scalebench -- --only farseer    one table; figures of the others stay
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openEngine } from "../src/node.ts";
import { mean } from "../src/stats/moments.ts";
import { table } from "./report.ts";
import { clipped, type Fitted, runTable, type TableResult } from "./scalebench/run-table.ts";
import { TABLES } from "./scalebench/tables.ts";

const KEPT = "bench/results/scalebench.json";

const { values: flags } = parseArgs({ options: { only: { type: "string", default: "" } } });

const range = (values: readonly number[]): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? String(low) : `${low} … ${high}`;
};

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
  return [
    "# ScaleBench",
    "",
    "Written by `npm run bench:scalebench`; [docs/scalebench.md](../../docs/scalebench.md) says how to read it.",
    "",
    table(["table", "law", "parameters", "converged", "held-out R²", "picked", "objective", "processor s"], laws), // prettier-ignore
    "",
    table(["table", "budget", "runs", "% spent", "laws"], budgets),
    "",
  ].join("\n");
}

const kept: TableResult[] = existsSync(KEPT)
  ? (JSON.parse(readFileSync(KEPT, "utf8")) as TableResult[])
  : [];
const engine = await openEngine({ backend: "cpu" });
for (const bench of TABLES.filter(({ name }) => name.includes(flags.only))) {
  const result = await runTable(engine, bench);
  const place = kept.findIndex((each) => each.table === bench.name);
  if (place < 0) kept.push(result);
  else kept[place] = result;
  const order = kept.toSorted((a, b) => TABLES.findIndex(({ name }) => name === a.table) - TABLES.findIndex(({ name }) => name === b.table)); // prettier-ignore
  writeFileSync(KEPT, `${JSON.stringify(order, undefined, 2)}\n`);
  writeFileSync(KEPT.replace(/json$/, "md"), page(order));
  console.log(page([result]));
}
await engine.close();
