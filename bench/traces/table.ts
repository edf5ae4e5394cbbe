/** Tables of what traces say. */
import { digits, table } from "../report.ts";
import type { TracedCase } from "./record.ts";
import type { FitSummary, StageRow } from "./summary.ts";

/** Seconds to the millisecond; nothing for less. */
const ms = (value: number | undefined): string =>
  value === undefined || value < 5e-4 ? "" : value.toFixed(3);

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

function stageTable({ wall, stages }: FitSummary): string {
  const sum = (field: (row: StageRow) => number | undefined): number =>
    stages.reduce((total, row) => total + (field(row) ?? 0), 0);
  const all: StageRow = {
    stage: "all",
    wall,
    share: 1,
    mainAlone: sum((row) => row.mainAlone),
    workers: sum((row) => row.workers),
    kernels: stages.some(({ kernels }) => kernels !== undefined)
      ? sum((row) => row.kernels)
      : undefined,
    waiting: sum((row) => row.waiting),
    submits: sum((row) => row.submits),
    dispatches: sum((row) => row.dispatches),
    roundTrips: sum((row) => row.roundTrips),
    warmUp: sum((row) => row.warmUp),
    garbage: sum((row) => row.garbage),
  };
  return table(
    ["stage", "wall s", "share", "main alone", "workers", "kernels", "waiting", "submits", "dispatches", "round trips", "warm-up", "garbage"], // prettier-ignore
    [...stages.filter(({ wall: own }) => own > 0.001), all].map((row) => [
      row.stage,
      ms(row.wall),
      percent(row.share),
      ...[row.mainAlone, row.workers, row.kernels, row.waiting].map(ms),
      ...[row.submits, row.dispatches, row.roundTrips].map((count) =>
        count === 0 ? "" : String(count),
      ),
      ...[row.warmUp, row.garbage].map(ms),
    ]),
  );
}

const threadTable = ({ threads }: FitSummary): string =>
  table(
    ["thread", "busy s", "start, code", "first evaluations", "garbage"],
    threads.map((row) => [
      row.thread,
      ...[row.busy, row.start, row.firstEvaluations, row.garbage].map(ms),
    ]),
  );

const FITS = ["the first fit of the process", "the second"];

/** Sections, one a case; `titles` by the cases' names. */
export const traceSections = (
  cases: readonly TracedCase[],
  title: (name: string) => string,
): string[] => [
  "Seconds. A stage is without those within it. main alone: neither a thread nor the GPU had anything to do. workers: of all threads together. kernels: on the device, by its own clock. waiting: for maps and error scopes, which are the round trips. warm-up: kernels and formulas that are compiled, threads that start, and the first 50 evaluations of a thread and problem, of all tracks together. first evaluations: what those took more than as many later ones.",
  ...cases.flatMap((each) => [
    `## ${each.case}: ${title(each.case)}`,
    `${each.adapter}, threads: ${each.threads}.`,
    ...each.fits.flatMap((fit, n) => [
      `### ${each.case}, ${FITS[n] ?? `fit ${n + 1}`}: ${digits(fit.wall)} s`,
      stageTable(fit),
      threadTable(fit),
    ]),
  ]),
];
