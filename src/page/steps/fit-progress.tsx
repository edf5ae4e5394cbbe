/** The search as it goes: each law's stage and best objective, how far it is, a way to stop. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { exponential, grouped, percent, seconds } from "../../base/format-number.ts";
import { count } from "../../base/wording.ts";
import type { WorkProgress } from "../protocol/workshop.ts";

/** What was told of a law last. */
export interface LawProgress {
  readonly law: string;
  readonly stage: NonNullable<WorkProgress["stage"]>;
  /** Best objectives so far, in the order in which they were found. */
  readonly bests: readonly number[];
  /** The starts that the stage follows, and the share of it done. */
  readonly starts: WorkProgress["starts"];
}

/** A fit under way. */
export interface Run {
  /** When it began, in milliseconds. */
  readonly began: number;
  readonly fraction: number;
  /** In the order of the work: a law after those that it contains. */
  readonly laws: readonly LawProgress[];
  readonly isStopping: boolean;
}

export const newRun = (): Run => ({ began: performance.now(), fraction: 0, laws: [], isStopping: false }); // prettier-ignore

/** The run after some progress. */
export function advanced(run: Run, { law, stage, fraction, best, starts }: WorkProgress): Run {
  if (law === undefined || stage === undefined) return { ...run, fraction };
  const before = run.laws.find((each) => each.law === law);
  const bests = before?.bests ?? [];
  const isNew = best !== undefined && Number.isFinite(best) && best !== bests.at(-1);
  const now: LawProgress = { law, stage, bests: isNew ? [...bests, best] : bests, starts };
  const laws = before === undefined ? [...run.laws, now] : run.laws.map((each) => each === before ? now : each); // prettier-ignore
  return { ...run, fraction, laws };
}

const STAGES: Readonly<Record<LawProgress["stage"], string>> = {
  compile: "getting ready",
  search: "every start a little way",
  refine: "the promising starts further",
  hop: "hops from the best",
  polish: "the last digits, in float64",
  bootstrap: "bootstrap",
  backtest: "back-tests on the smaller runs",
  profile: "profiles",
  validate: "validation",
};

export function FitProgress({
  run,
  onStop,
}: {
  readonly run: Run;
  readonly onStop: () => void;
}): VNode {
  // prettier-ignore
  const stop = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const elapsed = useElapsed(run.began);
  useEffect(() => {
    stop.current?.focus({ preventScroll: true });
    panel.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const current = run.laws.at(-1);
  return (
    <div class="panel progress" ref={panel}>
      <div class="row between">
        <label for="progress">Fitting: {percent(run.fraction, 2)}</label>
        <span class="muted">{seconds(Math.max(1, elapsed))}</span>
      </div>
      <progress id="progress" max={1} value={run.fraction} />
      <p role="status" class="unseen">
        {current === undefined ? "Fitting" : `${current.law}: ${STAGES[current.stage]}`}
      </p>
      <ul class="laws">
        {run.laws.map((law) => (
          <LawLine key={law.law} progress={law} isDone={law !== current} />
        ))}
      </ul>
      <div class="row">
        <button type="button" ref={stop} onClick={onStop} disabled={run.isStopping}>
          {run.isStopping ? "Stopping…" : "Stop and keep the best so far"}
        </button>
      </div>
    </div>
  );
}

function LawLine({
  progress,
  isDone,
}: {
  readonly progress: LawProgress;
  readonly isDone: boolean;
}): VNode {
  // prettier-ignore
  const { law, stage, bests, starts } = progress;
  const best = bests.at(-1);
  return (
    <li class={isDone ? "done" : undefined}>
      <strong>{law}</strong>
      <div>
        {isDone ? "done" : STAGES[stage]}
        {isDone || starts === undefined ? null : <Starts {...starts} />}
      </div>
      <Descent bests={bests} />
      <span class="best">{best === undefined ? "" : `best ${exponential(best, 3)}`}</span>
    </li>
  );
}

/** Squares that stand for the starts. */
const SQUARES = 48;

/** Starts that fill in as they are done. */
function Starts({ count: all, done }: NonNullable<WorkProgress["starts"]>): VNode {
  const squares = Math.min(all, SQUARES);
  return (
    <>
      {`, ${grouped(Math.round(done * all))} of ${count(all, "start")}`}
      <div class="starts" aria-hidden="true">
        {Array.from({ length: squares }, (_, i) => (
          <i key={i} class={i < done * squares ? "done" : undefined} />
        ))}
      </div>
    </>
  );
}

const CHART = { width: 120, height: 22 } as const;

/** How the best objective fell, on a logarithmic scale. */
function Descent({ bests }: { readonly bests: readonly number[] }): VNode {
  const logs = bests.map(Math.log);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const { width, height } = CHART;
  const points = logs.map((value, i) => {
    const x = 2 + ((width - 4) * i) / Math.max(1, logs.length - 1);
    const y = height - 3 - ((height - 6) * (value - low)) / (high - low || 1);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const last = points.at(-1)?.split(",");
  return (
    <svg
      class="descent"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <polyline points={points.join(" ")} />
      {last === undefined ? null : <circle cx={last[0]} cy={last[1]} r={2.5} />}
    </svg>
  );
}

/** Seconds since then, twice a second. */
function useElapsed(began: number): number {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, [began]);
  return (now - began) / 1000;
}
