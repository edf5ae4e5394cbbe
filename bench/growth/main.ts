/**
 * `npm run bench:growth`: time and memory of fits against restarts, rows, domains and replicates.
 * Results go to bench/results/growth.json and .md, the plot to docs/growth.svg, or beside the
 * results where it is not all of it.
 *
 *     npm run bench:growth                           everything, each point in a process of its own
 *     npm run bench:growth -- --axis restarts        one series (may be given several times)
 *     npm run bench:growth -- --most 1e5             no larger sizes
 *     npm run bench:growth -- --tiny                 that it works; says nothing about speed
 *     npm run bench:growth -- --plot                 the plot again, from the results there are
 *
 * --backend auto|webgpu|cpu
 * --out FOLDER                                       instead of bench/results
 * --docs FOLDER                                      for the plot, instead of docs
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { child, keep } from "../child.ts";
import { figure } from "./figure.ts";
import { type Machine, machine } from "../machine.ts";
import type { Point } from "./point.ts";
import { digits, described, table } from "../report.ts";
import { MANY, pointsOf, SERIES, type Series } from "./series.ts";

/** Series that were measured, with their points. */
export interface Growth {
  readonly schema: "mixlaw/growth@1";
  readonly tiny: boolean;
  readonly machine: Machine;
  readonly series: readonly (Pick<Series, "axis" | "title"> & {
    readonly points: readonly Point[];
  })[];
}

const MIB = 2 ** 20;

function markdown({ machine: on, series, tiny }: Growth): string {
  const all = series.flatMap(({ points }) => points);
  const many = all.filter((p) => p.restarts >= MANY);
  const spread = (of: (p: Point) => number): string => {
    const costs = many.map(of);
    return `${(100 * (Math.max(...costs) / Math.min(...costs) - 1)).toFixed(1)} %`;
  };
  const most = Math.max(...all.map((p) => p.memory)) / MIB;
  return `${[
    "# Growth",
    `${described(on, all[0]?.adapter ?? "none")}${tiny ? " Tiny sizes: these figures say nothing about speed." : ""}`,
    "Fits to simulated runs, of the additive law where no other is named, each in a process of its own. seconds: the median of fits after the first, or the first where it takes 20 s or more. CPU s: processor time of all threads. search: what comes before the polish; of the command with the polish. backend: of the search. memory: the peak of the process.",
    ...series.flatMap(({ axis, title, points }) => [
      `## ${title.charAt(0).toUpperCase()}${title.slice(1)}`,
      table(
        [
          axis,
          "backend",
          "seconds",
          "CPU s",
          "search s",
          "CPU s",
          `ms per ${axis === "restarts" ? "fit" : axis.slice(0, -1)}`,
          "memory MiB",
        ],
        points.map((p) => [
          String(p[axis]),
          p.backend,
          ...[p.seconds, p.cpu, p.search.seconds, p.search.cpu].map((x) =>
            typeof x === "number" && Number.isFinite(x) ? digits(x) : "",
          ),
          digits(
            axis === "restarts" ? (1000 * p.search.seconds) / p.fits : (1000 * p.seconds) / p[axis],
          ),
          digits(p.memory / MIB),
        ]),
      ),
    ]),
    ...(many.length < 2
      ? []
      : [
          `From ${MANY} starts on, the search's cost per fit (a start or a hop), in those of a fit of always the same size that is measured before and after, differs by ${spread((p) => p.relative ?? NaN)}: ${many.map((p) => `${p.restarts}: ${digits(p.relative ?? NaN)}`).join(", ")}. As the clock had it, ${spread((p) => p.search.seconds / p.fits)}; in processor time ${spread((p) => p.search.cpu / p.fits)}.`,
        ]),
    `The most memory at any size: ${digits(most)} MiB.`,
  ].join("\n\n")}\n`;
}

const { values } = parseArgs({
  options: {
    axis: { type: "string", multiple: true },
    most: { type: "string", default: "Infinity" },
    tiny: { type: "boolean", default: false },
    plot: { type: "boolean", default: false },
    backend: { type: "string", default: "auto" },
    out: { type: "string", default: "bench/results" },
    docs: { type: "string" },
  },
});
const unknown = values.axis?.find((axis) => !SERIES.some((s) => s.axis === axis));
if (unknown !== undefined)
  throw new Error(`nothing grows by ${unknown}; there are ${SERIES.map((s) => s.axis).join(", ")}`);

async function measure(): Promise<Growth> {
  const series: Growth["series"][number][] = [];
  for (const growing of SERIES.filter((s) => values.axis?.includes(s.axis) ?? true)) {
    const points: Point[] = [];
    for (const sizes of pointsOf(growing, values.tiny)) {
      if (sizes[growing.axis] > Number(values.most)) continue;
      process.stderr.write(`growth: ${growing.axis} ${sizes[growing.axis]}\n`);
      const { command } = growing;
      const [script, how] =
        command === undefined ? ["point.js", values.tiny ? "no" : "yes"] : ["command.js", command];
      const point = await child<Point>(script, [JSON.stringify(sizes), values.backend, how], false);
      if (point !== undefined) points.push(point);
    }
    series.push({ axis: growing.axis, title: growing.title, points });
  }
  return { schema: "mixlaw/growth@1", tiny: values.tiny, machine: machine(), series };
}

const results = values.plot
  ? (JSON.parse(readFileSync(join(values.out, "growth.json"), "utf8")) as Growth)
  : await measure();
keep(values.out, "growth", results, markdown(results));
const whole =
  !results.tiny && values.most === "Infinity" && results.series.length === SERIES.length;
const plot = join(values.docs ?? (whole ? "docs" : values.out), "growth.svg");
writeFileSync(plot, figure(results.series));
process.stderr.write(`growth: ${plot}\n`);
