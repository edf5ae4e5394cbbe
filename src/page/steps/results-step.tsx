/** The fit: how well the laws do, what went wrong, and what can be saved. */
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { errorPercent, exponential, NONE } from "../../base/format-number.ts";
import { problemOf, inPage, ProblemLine } from "../controls/problem.tsx";
import { Step } from "../controls/step.tsx";
import type { FitView, Problem, ScoreView, Workshop } from "../protocol/workshop.ts";
import { save } from "../../views/kit/save.ts";

interface ResultsProps {
  readonly fit: FitView;
  readonly workshop: Workshop;
  readonly hasOptimum: boolean;
}

export function ResultsStep(props: ResultsProps): VNode {
  const { fit } = props;
  return (
    <Step id="results" title="4. The fits" isFocused>
      {fit.isInterrupted ? (
        <p class="caution">
          Interrupted: this is the best that was found until then. Laws and starts that were not
          reached are missing, so another fit may be better.
        </p>
      ) : null}
      <p class="hint">Computed on {fit.backend}</p>
      <Scores scores={fit.scores} />
      {fit.findings.map((finding) => (
        <p class="caution" key={finding}>
          {inPage(finding)}
        </p>
      ))}
      <Saving {...props} />
    </Step>
  );
}

function Scores({ scores }: { readonly scores: readonly ScoreView[] }): VNode {
  const hasTest = scores.some(({ test }) => test !== null);
  const percents = (value: number | null): string =>
    value === null ? NONE : `${errorPercent(value)} %`;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Errors of the laws">
      <table>
        <thead>
          <tr>
            <th scope="col">Target</th>
            <th scope="col">Law</th>
            <th scope="col">error, fitted rows</th>
            {hasTest ? <th scope="col">error, held out</th> : null}
            <th scope="col">objective</th>
            <th scope="col">starts that agree</th>
          </tr>
        </thead>
        <tbody>
          {scores.map(({ target, law, train, test, objective, agreed }) => (
            <tr key={`${law}/${target}`}>
              <th scope="row">{target}</th>
              <td>{law}</td>
              <td>{percents(train)}</td>
              {hasTest ? <td>{percents(test)}</td> : null}
              <td>{exponential(objective, 3)}</td>
              <td>{agreed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Saving({ fit, workshop, hasOptimum }: ResultsProps): VNode {
  const [problem, setProblem] = useState<Problem>();
  const [saved, setSaved] = useState("");
  const stem = fit.source.replace(/^.*[/\\]/, "").replace(/\.\w+$/, "") || "runs";
  const keep = async (name: string, type: string, text: () => Promise<string>): Promise<void> => {
    setProblem(undefined);
    try {
      save(document, name, await text(), type);
      setSaved(`Saved ${name}.`);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const button = (
    label: string,
    name: string,
    type: string,
    text: () => Promise<string>,
  ): VNode => (
    <button type="button" onClick={() => void keep(name, type, text)}>
      {label}
    </button>
  );
  return (
    <div class="saving">
      <div class="row">
        {button("Save the fit file", `${stem}.fit.json`, "application/json", () =>
          workshop.fitFile(),
        )}
        {hasOptimum
          ? button("Save the optimum", `${stem}.optimum.json`, "application/json", () =>
              workshop.optimumFile(),
            )
          : null}
        {button("Save the report", `${stem}.report.html`, "text/html", () => workshop.report())}
      </div>
      <p role="status" class="hint">
        {saved}
      </p>
      <ProblemLine problem={problem} />
    </div>
  );
}
