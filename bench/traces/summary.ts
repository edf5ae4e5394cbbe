/** What a trace says of a fit: for each stage and each thread, where the time went. */
import type { ChromeTrace, CompleteEvent } from "../../src/trace/chrome-trace.ts";
import { CALLS } from "../../src/trace/first-calls.ts";
import { median } from "../timing.ts";
import { type Interval, seconds, union, within, without } from "./intervals.ts";

/** A stage of a fit, without the stages within it. Times in seconds. */
export interface StageRow {
  readonly stage: string;
  readonly wall: number;
  /** Of the fit's wall time. */
  readonly share: number;
  /** In which neither a thread nor the GPU had anything to do: the main thread alone. */
  readonly mainAlone: number;
  /** Of all worker threads together. */
  readonly workers: number;
  /** Kernels on the device; where it has no timestamps, undefined. */
  readonly kernels: number | undefined;
  /** In which a buffer's map or an error scope was waited for. */
  readonly waiting: number;
  readonly submits: number;
  readonly dispatches: number;
  /** Maps and error scopes. */
  readonly roundTrips: number;
  /** What compiles and starts, and the first evaluations of a thread, on all tracks together. */
  readonly warmUp: number;
  /** Of all threads together. */
  readonly garbage: number;
}

/** A thread during a fit. Times in seconds. */
export interface ThreadRow {
  readonly thread: string;
  /** Undefined for the main thread, of which a trace does not know what it waits for. */
  readonly busy: number | undefined;
  /** Its start, and formulas that become code. */
  readonly start: number;
  /** What its first evaluations of a problem took more than as many later ones. */
  readonly firstEvaluations: number;
  readonly garbage: number;
}

/** Where the time of a fit went. */
export interface FitSummary {
  /** Seconds. */
  readonly wall: number;
  readonly stages: readonly StageRow[];
  readonly threads: readonly ThreadRow[];
}

/** A span with the name of its track, of which several lines are one. */
interface Placed extends Interval {
  readonly event: CompleteEvent;
  readonly track: string;
}

function placed({ traceEvents }: ChromeTrace): Placed[] {
  const names = new Map<number, string>();
  for (const event of traceEvents)
    if (event.ph === "M" && event.name === "thread_name" && "name" in event.args)
      names.set(event.tid, event.args.name.replace(/ \(\d+\)$/, ""));
  return traceEvents.flatMap((event) => {
    if (event.ph !== "X") return [];
    const { ts, dur, tid } = event;
    return [{ event, track: names.get(tid) ?? "", from: ts / 1e6, to: (ts + dur) / 1e6 }];
  });
}

/** What happened in each fit of a trace, in their order. */
export function summariesOf(trace: ChromeTrace): FitSummary[] {
  const spans = placed(trace);
  return spans
    .filter(({ event, track }) => track === "main" && event.name === "fit")
    .map((fit) => ({
      wall: fit.to - fit.from,
      stages: stagesOf(fit, spans),
      threads: threadsOf(fit, spans),
    }));
}

const isWithin = (inner: Interval, outer: Interval): boolean =>
  inner.from >= outer.from && inner.to <= outer.to;

/** The stages, in their order; those of one name are one. */
function stagesOf(fit: Placed, spans: readonly Placed[]): StageRow[] {
  const stages = spans.filter(({ event, track, ...span }) =>
    track === "main" && event.cat === "stage" && isWithin(span, fit)); // prettier-ignore
  const own = new Map<string, Interval[]>();
  for (const stage of stages) {
    const inner = stages.filter((other) => other !== stage && isWithin(other, stage));
    const name = stage === fit ? "between stages" : stage.event.name;
    own.set(name, [...(own.get(name) ?? []), ...without(stage, inner)]);
  }
  return [...own].map(([stage, windows]) => stageRow(stage, union(windows), fit, spans));
}

function stageRow(
  stage: string,
  windows: readonly Interval[],
  fit: Interval,
  spans: readonly Placed[],
): StageRow {
  const some = (accept: (span: Placed) => boolean): Placed[] => spans.filter(accept);
  const time = (accept: (span: Placed) => boolean): number =>
    seconds(within(union(some(accept)), windows));
  const tracks = [...new Set(spans.map(({ track }) => track))];
  const each = (accept: (span: Placed) => boolean): number =>
    tracks.reduce((sum, track) => sum + time((span) => span.track === track && accept(span)), 0);
  const begun = some(({ from }) => windows.some((w) => w.from <= from && from < w.to));
  const isTask = ({ track, event }: Placed): boolean =>
    track.startsWith("worker") && event.cat === "task";
  const isTrip = ({ track, event }: Placed): boolean =>
    track === "GPU calls" && event.name !== "submit";
  const isKernel = ({ track }: Placed): boolean => track === "GPU kernels";
  const isCompiling = ({ track }: Placed): boolean => track === "GPU warm-up";
  const submits = begun.filter(({ event }) => event.name === "submit");
  const wall = seconds(windows);
  return {
    stage,
    wall,
    share: wall / (fit.to - fit.from),
    mainAlone: wall - time((s) => isTask(s) || isTrip(s) || isKernel(s) || isCompiling(s)),
    workers: each(isTask),
    kernels: spans.some(isKernel) ? time(isKernel) : undefined,
    waiting: time(isTrip),
    submits: submits.length,
    dispatches: submits.reduce((sum, s) => sum + Number(s.event.args?.["dispatches"] ?? 0), 0),
    roundTrips: begun.filter(isTrip).length,
    warmUp: each(({ event }) => event.cat === "warm-up"),
    garbage: each(({ event }) => event.cat === "garbage"),
  };
}

function threadsOf(fit: Interval, spans: readonly Placed[]): ThreadRow[] {
  const isThread = (track: string): boolean => track === "main" || track.startsWith("worker");
  const tracks = [...new Set(spans.map(({ track }) => track))].filter(isThread);
  return tracks.map((thread) => {
    const own = spans.filter(({ track, ...span }) => track === thread && within([span], [fit])[0]);
    const time = (accept: (event: CompleteEvent) => boolean): number =>
      seconds(within(union(own.filter(({ event }) => accept(event))), [fit])); // prettier-ignore
    return {
      thread,
      busy: thread === "main" ? undefined : time(({ cat }) => cat === "task"),
      start: time(({ cat, name }) => cat === "warm-up" && name !== "evaluation"),
      firstEvaluations: firstEvaluations(own.map(({ event }) => event)),
      garbage: time(({ cat }) => cat === "garbage"),
    };
  });
}

/** Seconds of the first evaluations of each problem beyond those of as many later ones. */
function firstEvaluations(events: readonly CompleteEvent[]): number {
  const problems: CompleteEvent[][] = [];
  for (const event of events.filter(({ name }) => name === "evaluation")) {
    if (event.args?.["call"] === 1 || problems.length === 0) problems.push([]);
    problems.at(-1)?.push(event);
  }
  return problems.reduce((sum, calls) => {
    const times = calls.map(({ dur }) => dur / 1e6);
    const first = times.slice(0, CALLS.first);
    const later = times.slice(CALLS.first);
    const usual = later.length === 0 ? Math.min(...first) : median(later.slice(-50));
    return sum + first.reduce((total, time) => total + Math.max(0, time - usual), 0);
  }, 0);
}
