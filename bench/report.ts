/** The results as Markdown. */
import type { Case } from "./cases.ts";
import type { Machine } from "./machine.ts";
import type { KernelReport, Measured } from "./measure.ts";
import type { PeerResult } from "./peers/run-peers.ts";

/** mixlaw and its peers on some cases. */
export interface Compared {
  readonly cases: readonly Measured[];
  readonly peers: readonly PeerResult[];
}

export interface Results extends Compared {
  readonly schema: "mixlaw/bench@1";
  readonly tiny: boolean;
  readonly machine: Machine;
  readonly kernels: KernelReport | undefined;
  /** Why there are no peers; undefined where there are. */
  readonly noPeers: string | undefined;
}

type Cells = readonly string[];

export function table(head: Cells, rows: readonly Cells[]): string {
  const line = (cells: Cells): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}

/** Three significant digits, without an exponent where that reads well. */
export function digits(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
  return size >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** The worst of the targets; references are met within 0.01 %. */
const worst = (excess: Readonly<Record<string, number>> | undefined): number | undefined => {
  const values = Object.values(excess ?? {});
  return values.length === 0 ? undefined : Math.max(...values);
};

const quality = (excess: number | undefined): string =>
  excess === undefined ? "" : excess <= 1e-4 ? "yes" : `no: ${percent(excess)} above`;

/** What results were measured on. */
export function described(on: Machine, adapter?: string): string {
  const versions = Object.entries({ node: on.node, ...on.versions }).map(
    ([name, version]) => `${name} ${version}`,
  );
  return `${on.date}: ${on.cpu}, ${on.cores} cores, ${on.memoryGiB} GiB, ${on.system}; ${versions.join(", ")}${adapter === undefined ? "" : `; adapter ${adapter}`}.`;
}

/** The titles of cases by their names. */
export const titleOf =
  (cases: readonly Case[]) =>
  (name: string): string =>
    cases.find((c) => c.name === name)?.title ?? name;

/** mixlaw's own figures. */
function ownTable({ cases: measured }: Compared, title: (name: string) => string): string[] {
  return [
    "cold: from the start of the process, with the driver's shader cache off. warm: the median of later runs in the same process. reference: every target's objective within 0.01 % of the best known, or below.",
    table(
      ["case", "backend", "cold s", "warm s", "reference", "fits/s", "samples/s", "memory MiB"],
      measured.map((c) => [
        `${c.case}: ${title(c.case)}`,
        c.backend,
        digits(c.cold),
        digits(c.warm),
        quality(worst(c.excess)),
        digits(c.fitsPerSecond),
        digits(c.samplesPerSecond),
        digits(c.memory / 2 ** 20),
      ]),
    ),
  ];
}

/** The tables of `npm run bench:peers`. */
export function peersMarkdown(
  results: Compared & {
    readonly commit: string;
    readonly machine: Machine;
    readonly settings: { readonly tiny: boolean };
    readonly lost: readonly {
      readonly case: string;
      readonly name: string;
      readonly why: string;
    }[];
  },
  cases: readonly Case[],
): string {
  const title = titleOf(cases);
  const lost = results.lost.map((one) => `* ${one.case}, ${one.name}: ${one.why}`);
  const parts = [
    "# mixlaw beside other tools",
    `Commit ${results.commit}; ${described(results.machine)}${results.settings.tiny ? " Tiny sizes: these figures say nothing about speed." : ""}`,
    "## mixlaw",
    ...ownTable(results, title),
    "## Peers",
    ...peers(results, title),
    ...(lost.length === 0 ? [] : ["Without a result:", lost.join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

export function markdown(results: Results, cases: readonly Case[]): string {
  const { machine } = results;
  const title = titleOf(cases);
  const parts = [
    "# Benchmark results",
    `${described(machine, results.kernels?.adapter ?? "none")}${results.tiny ? " Tiny sizes: these figures say nothing about speed." : ""}`,
    "## mixlaw",
    ...ownTable(results, title),
  ];
  if (results.kernels !== undefined) parts.push(...roofline(results.kernels));
  parts.push("## Peers");
  if (results.noPeers === undefined) parts.push(...peers(results, title));
  else parts.push(`Not measured: ${results.noPeers}.`);
  return `${parts.join("\n\n")}\n`;
}

function roofline({ roofs, rates }: KernelReport): string[] {
  const giga = (value: number): string => (value / 1e9).toFixed(2);
  return [
    "## Roofline",
    `Measured in the same run (${roofs.clock}), before and after each kernel, at most, in 10⁹ a second: ${giga(roofs.exp)} exponentials, ${giga(roofs.log)} logarithms, ${giga(roofs.multiplyAdd)} multiply-adds (fused ${giga(roofs.fused)}, separate ${giga(roofs.separate)}), ${giga(roofs.load)} loads (storage ${giga(roofs.storageLoad)}, uniform ${giga(roofs.uniformLoad)}${roofs.stagedLoad === undefined ? "" : `, passed round in subgroups ${giga(roofs.stagedLoad)}`}; all invocations at one place).`,
    "share: the time that the binding one of exponentials and logarithms, flops and loads would take alone, over the time it took. sum: the same for all three after one another, which is how a CPU does them.",
    table(
      [
        "kernel",
        "size",
        "unit",
        "µs a unit",
        "unit/s",
        "exp+log",
        "flops",
        "loads",
        "binding",
        "share",
        "sum",
        "first call s",
      ],
      rates.map((r) => [
        r.kernel,
        r.size,
        r.unit,
        digits(1e6 / r.perSecond),
        digits(r.perSecond),
        digits(r.work.transcendentals),
        digits(r.work.flops),
        digits(r.work.loads),
        r.binding,
        percent(r.share),
        percent(r.shareOfSum),
        digits(r.first),
      ]),
    ),
  ];
}

function peers(results: Compared, title: (name: string) => string): string[] {
  const names = [...new Set(results.peers.map((p) => p.case))];
  const rows = names.flatMap((name) => {
    const own = results.cases.find((c) => c.case === name);
    return results.peers
      .filter((p) => p.case === name)
      .map((p) => {
        const least = (value: number | null | undefined, unit = ""): string =>
          value === null || value === undefined
            ? ""
            : `${p.bound ? "> " : ""}${digits(value)}${unit}`;
        const over = (seconds: number | undefined, startup = 0): number | undefined =>
          p.seconds === null || seconds === undefined ? undefined : (p.seconds + startup) / seconds;
        return [
          `${name}: ${title(name)}`,
          p.name.endsWith("-certain") ? `${p.peer}, as certain` : p.peer,
          least(p.seconds),
          least(over(own?.warm), " ×"),
          least(over(own?.bootstrap), " ×"),
          least(over(own?.cold, p.startup), " ×"),
          least(over(p.name.endsWith("bootstrap") ? undefined : own?.found, p.startup), " ×"),
          p.note,
        ];
      });
  });
  return [
    'Same machine, same run, same data, objective, bounds, start ranges and quality (within 0.01 % of the reference objective of every target). A blank: the peer cannot do it. "> ": the peer had not reached it when its time was up.',
    "as certain: from as many starts as mixlaw followed to their end, since a tool that stops at its first answer does not know that it is the best.",
    "× bootstrap: beside the bootstrap alone, since these peers are given the best fit, which mixlaw's other times include.",
    "× fits alone: cold until the last fit was found, since peers examine none and make no back-tests.",
    table(
      [
        "case",
        "peer",
        "seconds",
        "× mixlaw warm",
        "× bootstrap",
        "× mixlaw cold",
        "× fits alone",
        "how",
      ],
      rows,
    ),
  ];
}
