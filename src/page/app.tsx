/** The page: its steps in order, each when there is something for it. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { count } from "../base/wording.ts";
import type { ReportBody, ShownReport } from "../report/app/show-report.ts";
import type { Model } from "./model.ts";
import { problemOf, ProblemLine } from "./controls/problem.tsx";
import { loadSliders, loadViews } from "./load-views.ts";
import type { Machine, Problem } from "./protocol/workshop.ts";
import type { PageState } from "./state.ts";
import { BootstrapPanel } from "./steps/bootstrap-panel.tsx";
import { ColumnsStep } from "./steps/columns-step.tsx";
import { DataStep } from "./steps/data-step.tsx";
import { FitProgress } from "./steps/fit-progress.tsx";
import { LawsStep } from "./steps/laws-step.tsx";
import { OptimizeStep } from "./steps/optimize-step.tsx";
import { ResultsStep } from "./steps/results-step.tsx";

export function App({ model }: { readonly model: Model }): VNode {
  const state = useModel(model);
  const { fault, fit, fits, run } = state;
  return (
    <>
      <header class="top">
        <h1>mixlaw</h1>
        <p>Fits scaling laws to training runs, and finds the data mixture to train on.</p>
        <MachineLine machine={state.machine} />
        {fault === undefined ? null : (
          <p class="problem" role="alert">
            The page’s worker has failed ({fault}). Load the page again.
          </p>
        )}
      </header>
      <DataStep
        current={currentOf(state)}
        isBusy={state.isReading}
        problem={state.fileProblem}
        onFile={model.openFile}
        onExample={() => void model.openExample()}
      />
      <Choosing model={model} state={state} />
      {run === undefined ? null : <FitProgress run={run} onStop={model.stop} />}
      {fit === undefined || run !== undefined ? null : (
        <Results key={fits} model={model} state={state} />
      )}
    </>
  );
}

/** The model's state, as it is after each change. */
function useModel(model: Model): PageState {
  const [state, setState] = useState(model.state);
  useEffect(() => {
    setState(model.state); // what changed before this
    return model.subscribe(() => setState(model.state));
  }, [model]);
  return state;
}

function currentOf({ table, fit }: PageState): string | undefined {
  if (table !== undefined) return `${table.source}: ${count(table.rows, "row")}, ${count(table.columns.length, "column")}`; // prettier-ignore
  return fit === undefined ? undefined : `A fit of ${fit.source} by ${fit.laws.join(", ")}`;
}

/** What the visitor's machine offers, in a line. */
function MachineLine({ machine }: { readonly machine: Machine | undefined }): VNode {
  if (machine === undefined) return <p class="machine">Looking at this machine…</p>;
  const { adapter, threads } = machine;
  const cores = `float64 on ${count(threads, "processor core")}`;
  return (
    <p class="machine" role="status">
      {adapter === undefined
        ? `${cores}: ${"gpu" in navigator ? "this browser has no WebGPU adapter" : isSecureContext ? "this browser has no WebGPU" : "WebGPU needs https or localhost"}`
        : `WebGPU: ${adapter}, and ${cores}`}
    </p>
  );
}

/** Columns and laws, of a table. */
function Choosing({
  model,
  state,
}: {
  readonly model: Model;
  readonly state: PageState;
}): VNode | null {
  // prettier-ignore
  const { table, choice, checked, how, leftOut, run, fitProblem } = state;
  if (table === undefined || choice === undefined) return null;
  return (
    <>
      <ColumnsStep
        key={table.source}
        table={table}
        choice={choice}
        checked={checked}
        onChange={model.setChoice}
      />
      {checked === undefined || how === undefined ? null : (
        <LawsStep
          checked={checked}
          how={how}
          leftOut={leftOut}
          problem={fitProblem}
          isBusy={run !== undefined}
          onChange={model.setHow}
          onTargets={model.setLeftOut}
          onFit={() => void model.fit()}
        />
      )}
    </>
  );
}

function Results({
  model,
  state,
}: {
  readonly model: Model;
  readonly state: PageState;
}): VNode | null {
  // prettier-ignore
  const { fit, optimumChoice, optimum, report } = state;
  if (fit === undefined) return null;
  return (
    <>
      <ResultsStep fit={fit} workshop={model.workshop} hasOptimum={optimum !== undefined} />
      <BootstrapPanel
        fit={fit}
        isBusy={state.run !== undefined}
        onBootstrap={() => void model.bootstrap()}
      />
      {!fit.hasMixture || optimumChoice === undefined ? null : (
        <OptimizeStep
          fit={fit}
          choice={optimumChoice}
          view={optimum}
          isSolving={state.isSolving}
          problem={state.optimumProblem}
          onChange={model.setOptimum}
        />
      )}
      <Views report={report} />
    </>
  );
}

/** What the report shows. */
function Views({ report }: { readonly report: ReportBody | undefined }): VNode {
  const root = useRef<HTMLDivElement>(null);
  const shown = useRef<ShownReport>(null);
  const latest = useRef(report);
  latest.current = report;
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    if (report === undefined) return;
    if (shown.current !== null) return shown.current.update(report);
    const show = async (): Promise<void> => {
      const { showReport } = await loadViews();
      if (root.current === null || latest.current === undefined) return;
      if (shown.current === null)
        shown.current = showReport(root.current, latest.current, loadSliders);
      else shown.current.update(latest.current);
    };
    show().catch((error: unknown) => setProblem(problemOf(error)));
  }, [report]);
  useEffect(() => () => shown.current?.close(), []);
  return (
    <>
      <ProblemLine problem={problem} />
      <div class="views" ref={root} />
    </>
  );
}
