/** What `npm run bench:gpu` has measured, as Markdown. */
import type { Roofs } from "../kernels/roofline.ts";
import type { Measured } from "../measure.ts";
import { described, digits, table } from "../report.ts";
import type { TracedCase } from "../traces/record.ts";
import { traceSections } from "../traces/table.ts";
import type { CandidateRate } from "./by-candidates.ts";
import type { Facts } from "./facts.ts";
import type { JaxReport } from "./jax.ts";
import type { TestCounts } from "./tests.ts";

/** What was measured so far; what is missing is named in `missing`. */
export interface GpuResults {
  readonly schema: "mixlaw/bench-gpu@1";
  readonly tiny: boolean;
  readonly facts: Facts;
  readonly cases: Measured[];
  roofs?: Roofs;
  readonly rates: CandidateRate[];
  readonly traces: TracedCase[];
  tests?: TestCounts;
  jax?: JaxReport;
  /** Parts that failed or were cut off, and why. */
  readonly missing: { readonly part: string; readonly why: string }[];
  /** Of the whole run, so far. */
  seconds: number;
}

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

export function gpuMarkdown(results: GpuResults, title: (name: string) => string): string {
  const { facts, tiny, missing, seconds } = results;
  const card = Object.entries(facts.card).map(([name, value]) => `${name} ${value}`);
  const parts = [
    `# ${facts.card["name"] ?? facts.adapter}`,
    `Commit ${facts.commit}. ${described(facts.machine, facts.adapter)}${tiny ? " Tiny sizes: these figures say nothing about speed." : ""}`,
    ...(card.length === 0 ? [] : [`nvidia-smi: ${card.join(", ")}.`]),
    `\`npm run bench:gpu\` took ${digits(seconds)} s.${missing.length === 0 ? " All of it was done." : ` What is missing: ${missing.map(({ part, why }) => `${part} (${why})`).join("; ")}.`}`,
    ...testLines(results.tests),
    "## Cases",
    "cold: from the start of the process, with the driver's shader cache off. warm: the median of later runs in the same process. All with --backend webgpu.",
    table(
      ["case", "backend", "cold s", "warm s", "fits/s", "samples/s", "memory MiB"],
      results.cases.map((c) => [
        `${c.case}: ${title(c.case)}`,
        c.backend,
        ...[c.cold, c.warm, c.fitsPerSecond, c.samplesPerSecond, c.memory / 2 ** 20].map(digits),
      ]),
    ),
    ...rateLines(results),
    ...jaxLines(results.jax),
  ];
  if (results.traces.length > 0)
    parts.push("## Where the time goes", ...traceSections(results.traces, title));
  return `${parts.join("\n\n")}\n`;
}

function testLines(tests: TestCounts | undefined): string[] {
  if (tests === undefined) return [];
  const { files, passed, failed, skipped, failures, why } = tests;
  const counts = `Tests of the GPU: ${passed} passed, ${failed} failed, ${skipped} skipped, in ${files} files`;
  return [
    "## Tests",
    `${counts}${why === undefined ? "" : ` (${why})`}.`,
    ...(failures.length === 0 ? [] : [failures.map((name) => `* ${name}`).join("\n")]),
  ];
}

function rateLines({ roofs, rates }: GpuResults): string[] {
  if (roofs === undefined) return [];
  const giga = (value: number): string => (value / 1e9).toFixed(0);
  return [
    "## Share of the roofline",
    `In 10⁹ a second (${roofs.clock}): ${giga(roofs.exp)} exponentials, ${giga(roofs.log)} logarithms, ${giga(roofs.multiplyAdd)} multiply-adds, ${giga(roofs.load)} loads. share: of what binds. An iteration is of all candidates.`,
    table(
      ["case", "size", "form", "candidates", "iteration ms", "share", "binding", "of multiply-adds", "first call s"], // prettier-ignore
      rates.map((r) => [
        r.case,
        r.size,
        r.variant,
        String(r.candidates),
        digits(1000 * r.iteration),
        percent(r.share),
        r.binding,
        percent(r.multiplyAdds),
        digits(r.first),
      ]),
    ),
  ];
}

function jaxLines(jax: JaxReport | undefined): string[] {
  if (jax === undefined) return [];
  const { device = "no device", results, why } = jax;
  return [
    "## JAX on the same card",
    `${device}${why === undefined ? "" : `; ${why}`}.`,
    ...(results.length === 0
      ? []
      : [
          table(
            ["peer", "seconds", "how"],
            results.map(({ peer, seconds, bound, note }) => [
              peer,
              `${bound ? "> " : ""}${digits(seconds ?? undefined)}`,
              note,
            ]),
          ),
        ]),
  ];
}
