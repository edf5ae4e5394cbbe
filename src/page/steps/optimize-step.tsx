/** The optimum: the run that is planned, the goal, and constraints as sliders with their prices. */
import type { VNode } from "preact";
import { compact, significant } from "../../base/format-number.ts";
import { toScaled } from "../../syntax/number.ts";
import { gainSentence } from "../../words/certainty.ts";
import { SelectField, TickBox, ValueField } from "../controls/fields.tsx";
import { ProblemLine } from "../controls/problem.tsx";
import { Step } from "../controls/step.tsx";
import type { FitView, OptimumChoice, OptimumView, Problem } from "../protocol/workshop.ts";
import { ConstraintSliders } from "./constraint-sliders.tsx";

export interface OptimizeProps {
  readonly fit: FitView;
  readonly choice: OptimumChoice;
  readonly view: OptimumView | undefined;
  readonly isSolving: boolean;
  readonly problem: Problem | undefined;
  readonly onChange: (choice: OptimumChoice) => void;
}

export function OptimizeStep(props: OptimizeProps): VNode {
  const { fit, choice, view, isSolving, problem, onChange } = props;
  return (
    <Step id="optimize" title="5. The mixture to train on">
      <div class="fields">
        <Sizes {...props} />
        {fit.laws.length < 2 ? null : (
          <SelectField
            id="law"
            label="Law"
            value={choice.law}
            options={fit.laws.map((value) => ({ value, label: value }))}
            onChange={(law) => onChange({ ...choice, law })}
          />
        )}
        <Goal {...props} />
      </div>
      <ConstraintSliders fit={fit} choice={choice} view={view} onChange={onChange} />
      <TickBox
        label="Beyond trained shares"
        about="Otherwise no share is more than a little above the largest one that was trained."
        isTicked={choice.isBeyond}
        onChange={(isBeyond) => onChange({ ...choice, isBeyond })}
      />
      <p role="status" class="outcome">
        {outcomeOf(props)}
      </p>
      <OtherPrices view={view} />
      <ProblemLine problem={isSolving ? undefined : problem} />
    </Step>
  );
}

function outcomeOf({ view, isSolving }: OptimizeProps): string {
  if (isSolving) return "Solving…";
  if (view === undefined) return "";
  const { optimum } = view;
  return `Objective ${significant(optimum.objective, 5)}. ${gainSentence(optimum)}`;
}

/** Active constraints that have no slider of their own. */
function OtherPrices({ view }: { readonly view: OptimumView | undefined }): VNode | null {
  const others = view?.prices.filter(({ slider }) => slider === undefined) ?? [];
  if (others.length === 0) return null;
  return (
    <ul class="notes">
      {others.map(({ constraint, words }) => (
        <li key={constraint}>
          {constraint}: {words}
        </li>
      ))}
    </ul>
  );
}

const readCount = (text: string): number | undefined => {
  const value = toScaled(text.trim());
  return value !== undefined && value > 0 ? value : undefined;
};

/** Counts with their letter where that loses nothing. */
const showCount = (value: number): string =>
  readCount(compact(value)) === value ? compact(value) : String(value);

function Sizes({ fit, choice, onChange }: OptimizeProps): VNode {
  const field = (key: "params" | "tokens", label: string): VNode | null => {
    const value = choice[key];
    const largest = fit.largest[key];
    if (value === null) return null;
    return (
      <ValueField
        id={key}
        label={label}
        hint={largest === null ? "" : `The largest that was trained: ${compact(largest)}.`}
        value={value}
        show={showCount}
        read={readCount}
        must="a positive number, such as 7B or 1.5e11"
        onChange={(next) => onChange({ ...choice, [key]: next })}
      />
    );
  };
  return (
    <>
      {field("params", "Parameters N")}
      {field("tokens", "Tokens D")}
    </>
  );
}

/** All targets alike, the worst of them, or one. */
function Goal({ fit, choice, onChange }: OptimizeProps): VNode | null {
  const { targets } = fit;
  if (targets.length < 2) return null;
  const equal = targets.map(() => 1);
  const only = (name: string): readonly number[] => targets.map((target) => Number(target === name)); // prettier-ignore
  const single = choice.weights?.filter((weight) => weight > 0).length === 1;
  const value =
    choice.weights === undefined
      ? "worst"
      : single
        ? `only ${targets[choice.weights.findIndex((weight) => weight > 0)] ?? ""}`
        : "all";
  return (
    <SelectField
      id="goal"
      label="Goal"
      value={value}
      options={[
        { value: "all", label: "the mean of all targets" },
        { value: "worst", label: "the worst target, relative to the reference" },
        ...targets.map((name) => ({ value: `only ${name}`, label: `${name} alone` })),
      ]}
      onChange={(next) => {
        const weights = next === "worst" ? undefined : next === "all" ? equal : only(next.slice(5));
        onChange({ ...choice, weights });
      }}
    />
  );
}
