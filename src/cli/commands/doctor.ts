/** `mixlaw doctor`: what this machine offers, and what `--backend auto` makes of it. */
import { itemAt } from "../../base/known.ts";
import { arch, cpus, platform, release } from "node:os";
import type { Command } from "commander";
import { drawTruth } from "../../simulate/draw-truth.ts";
import { simulate } from "../../simulate/simulate.ts";
import { NODE_REMEDY } from "../../fit/backends.ts";
import { cheaper } from "../../fit/search/choose-backend.ts";
import { expectedIterations } from "../../fit/search/search.ts";
import { poseProblem } from "../../fit/search/pose-problem.ts";
import { bind } from "../../laws/bind.ts";
import {
  type EngineReport,
  type Law,
  laws,
  listAdapters,
  type ListedAdapter,
  openEngine,
  VERSION,
} from "../../node.ts";
import { DEFAULTS } from "../../options/fit-options.ts";
import { json } from "../../base/json.ts";
import { wrap } from "../text/layout.ts";
import { padRight } from "../text/width.ts";
import { endHelp } from "../io/help.ts";
import { print, style, width } from "../io/output.ts";
import { quietly } from "../io/quiet-driver.ts";
import { count } from "../../base/wording.ts";
import { seconds } from "../../base/format-number.ts";

const EXAMPLES = `
Examples:
  mixlaw doctor
  mixlaw doctor --json`;

export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .summary(
      "what this machine offers, whether it computes right, and which backend auto would pick",
    )
    .description(
      "Says which WebGPU adapter there is, whether it computes right, or how to get one, and which backend a fit with --backend auto would run on.",
    )
    .option("--json", "print JSON");
  endHelp(command, EXAMPLES).action(doctor);
}

interface Choice {
  readonly job: string;
  readonly size: string;
  readonly backend: "webgpu" | "cpu";
  readonly why: string;
}

async function doctor(flags: { json?: true }): Promise<void> {
  const engine = await openEngine();
  try {
    const engineReport = await quietly(() => engine.describe());
    const adapters = await quietly(() => listAdapters());
    const auto = jobs().map((job) => choose(job, engineReport));
    const machine = {
      version: VERSION,
      node: process.version,
      platform: `${platform()} ${arch()}, ${release()}`,
      cores: cpus().length,
      threads: engineReport.threads,
    };
    if (flags.json === true)
      print(
        json({
          ...machine,
          adapter: engineReport.adapter ?? null,
          adapters,
          why: engineReport.why ?? null,
          refused: engineReport.refused ?? null,
          checks: engineReport.checks,
          float64: engineReport.float64,
          remedy: isWithout(engineReport) ? REMEDIES : null,
          auto,
        }),
      );
    else print(report(machine, engineReport, adapters, auto));
  } finally {
    await engine.close();
  }
}

/** Whether there is no adapter at all. */
const isWithout = ({ adapter, refused }: EngineReport): boolean =>
  adapter === undefined && refused === undefined;

/** How to get an adapter, by system; docs/platforms.md has the sources. */
const REMEDIES: readonly (readonly [string, string])[] = [
  [
    "Debian 13, Ubuntu 24.04+",
    "apt-get install mesa-vulkan-drivers libvulkan1   (a software adapter, and drivers for AMD and Intel)",
  ],
  [
    "Debian 12",
    "the same from bookworm-backports (-t bookworm-backports): its own Mesa 22.3 is too old",
  ],
  ["NVIDIA on Linux", "NVIDIA's driver with its Vulkan part (libnvidia-gl), and libvulkan1"],
  [
    "macOS",
    "nothing to install: Metal comes with the system; WebGPU's library is built for macOS 26, and earlier ones may not load it",
  ],
  [
    "Windows",
    "Microsoft's Visual C++ redistributable, for x64 or arm64 as Node is, and a graphics driver for Direct3D 12",
  ],
];

interface Job {
  readonly title: string;
  readonly law: Law;
  readonly domains: number;
  readonly targets: number;
  readonly sizes: number;
  readonly mixtures: number;
}

const jobs = (): Job[] => [
  { title: "small", law: laws.chinchilla, domains: 0, targets: 1, sizes: 25, mixtures: 1 },
  { title: "large", law: laws.joint, domains: 7, targets: 8, sizes: 6, mixtures: 60 },
];

/** What auto picks for a job, by the estimate that a fit uses. */
function choose(
  { title, law, domains: k, targets, sizes, mixtures }: Job,
  { adapter, threads }: EngineReport,
): Choice {
  const domains = Array.from({ length: k }, (_, i) => `d${i + 1}`);
  const bound = bind(law, domains, { signs: "positive" }, { params: 1e8, tokens: 2e9 });
  const truth = drawTruth(law, domains, ["loss_a"], {
    signs: "positive",
    seed: 1,
    noise: { kind: "lognormal", sigma: 0 },
  });
  const counts = Array.from({ length: sizes }, (_, i) => 2e7 * 1.2 ** i);
  const { rows } = simulate(law, truth, {
    domains,
    targets: ["loss_a"],
    sizes: counts,
    tokens: { perParam: 20, checkpoints: 4 },
    mixtures,
  });
  const column = (c: number): Float64Array => Float64Array.from(rows, (row) => itemAt(row, c));
  const weights = Float64Array.from(rows.flatMap((row) => row.slice(4, 4 + k)));
  const inputs = { params: column(2), tokens: column(3) };
  const runs = { rows: rows.length, inputs, weights, losses: [column(4 + k)] };
  const problem = poseProblem(bound, runs, DEFAULTS);
  const size = `${law.name}, ${count(bound.size, "parameter")}, ${count(rows.length, "row")}, ${count(targets, "target")}, at most ${DEFAULTS.restarts} starts`;
  if (adapter === undefined)
    return { job: title, size, backend: "cpu", why: "there is no adapter that can be used" };
  const iterations = expectedIterations(targets, DEFAULTS);
  const estimate = cheaper(problem, iterations, threads, adapter);
  const times = `an estimated ${seconds(estimate.seconds.cpu)} on the CPU, ${seconds(estimate.seconds.webgpu)} with WebGPU`;
  return { job: title, size, backend: estimate.cpu ? "cpu" : "webgpu", why: times };
}

/** Where there are several adapters: all of them, with the numbers that --adapter takes. */
const listLines = (
  adapters: readonly ListedAdapter[],
  line: (name: string, text: string) => string,
): string[] =>
  adapters.length < 2
    ? []
    : adapters.map(({ name, backend }, n) =>
        line(n === 0 ? "--adapter" : "", `${n}  ${name} (${backend})`),
      );

function report(
  machine: Readonly<Record<string, string | number>>,
  engine: EngineReport,
  adapters: readonly ListedAdapter[],
  auto: readonly Choice[],
): string {
  const { bold, dim } = style();
  const line = (name: string, text: string): string => wrap(text, width(), padRight(dim(name), 10));
  const first = [
    line("mixlaw", String(machine["version"])),
    line("node", `${machine["node"]} on ${machine["platform"]}`),
    line(
      "cores",
      `${machine["cores"]}, ${count(Number(machine["threads"]), "thread")} for float64 work`,
    ),
    line("float64", float64Text(engine)),
  ];
  const picks = auto.map(({ job, size, backend, why }) =>
    wrap(`${size}: ${why}`, width(), `  ${job} job  ${padRight(bold(backend), 8)}`),
  );
  return [
    first.join("\n"),
    [...adapterLines(engine, line), ...listLines(adapters, line)].join("\n"),
    ["--backend auto would pick", ...picks].join("\n"),
  ].join("\n\n");
}

const float64Text = ({ float64: { kind, why = "" } }: EngineReport): string =>
  kind === "webassembly"
    ? "WebAssembly, two numbers at once"
    : `JavaScript, whose evaluations take three to five times as long as in WebAssembly: ${why}`;

/** What is said of the adapter, by lines. */
function adapterLines(
  { adapter, checks, refused, why = "" }: EngineReport,
  line: (name: string, text: string) => string,
): string[] {
  const { bold, warn } = style();
  if (adapter === undefined)
    return refused === undefined
      ? [
          warn("No WebGPU adapter: fits run in float64 on the CPU."),
          ...(why.includes(NODE_REMEDY) ? [] : [wrap(why, width(), "")]),
          "",
          ...REMEDIES.map(([system, what]) => wrap(what, width(), `  ${padRight(system, 26)}`)),
        ]
      : [
          line("adapter", `${bold(refused)}, refused`),
          wrap(`${why} Fits run in float64 on the CPU. A newer driver may help.`, width(), ""),
        ];
  const kind = adapter.software ? ", a software adapter (the CPU's vector units)" : "";
  const family = [adapter.vendor, adapter.architecture].filter((text) => text !== "").join(", ");
  return [
    line("adapter", bold(adapter.description) + kind),
    line("vendor", family || "not told"),
    line("computes", `${checks.join(", ")}: right, by a test kernel`),
    ...Object.entries(adapter.limits).map(([name, value], i) =>
      line(i === 0 ? "limits" : "", `${name} ${value}`),
    ),
  ];
}
