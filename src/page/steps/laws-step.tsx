/** The third step: laws, targets, and how they are fitted. */
import type { VNode } from "preact";
import { SelectField, TickBox, ValueField } from "../controls/fields.tsx";
import { ProblemLine } from "../controls/problem.tsx";
import { Step } from "../controls/step.tsx";
import type { CheckedView, FitChoice, LawView, Problem } from "../protocol/workshop.ts";
import { BACKEND_CHOICES,
  deltaText, LOSS_CHOICES, readDelta, readWhole, RESIDUAL_CHOICES, RESTARTS, SIGNS_CHOICES } from "./fit-choices.ts"; // prettier-ignore

export interface LawsProps {
  readonly checked: CheckedView;
  readonly how: FitChoice;
  /** Targets that are not fitted. */
  readonly leftOut: ReadonlySet<string>;
  readonly problem: Problem | undefined;
  readonly isBusy: boolean;
  readonly onChange: (how: FitChoice) => void;
  readonly onTargets: (leftOut: ReadonlySet<string>) => void;
  readonly onFit: () => void;
}

export function LawsStep(props: LawsProps): VNode {
  const { checked, how, problem, isBusy, onChange, onFit } = props;
  return (
    <Step id="laws" title="3. Laws">
      <LawBoxes laws={checked.laws} how={how} onChange={onChange} />
      <TargetBoxes {...props} />
      <div class="fields">
        <SelectField
          id="restarts"
          label="Starts"
          hint="Random starts a target. Fits have many local optima: more starts, more certainty."
          value={String(how.restarts)}
          options={RESTARTS}
          onChange={(text) => onChange({ ...how, restarts: text === "auto" ? text : Number(text) })}
        />
      </div>
      <MoreChoices how={how} onChange={onChange} />
      <div class="row">
        <button
          type="button"
          class="primary"
          id="fit"
          disabled={isBusy || checked.problem !== undefined}
          onClick={onFit}
        >
          Fit
        </button>
      </div>
      <ProblemLine problem={problem} />
    </Step>
  );
}

function LawBoxes({
  laws,
  how,
  onChange,
}: {
  readonly laws: readonly LawView[];
  readonly how: FitChoice;
  readonly onChange: (how: FitChoice) => void;
}): VNode {
  // prettier-ignore
  const box = ({ name, equation, about, lacks }: LawView): VNode => (
    <TickBox
      key={name}
      label={<strong>{name}</strong>}
      about={
        <>
          <span class="equation">{equation}</span> {about}
          {lacks === "" ? "" : `. The table lacks ${lacks}.`}
        </>
      }
      isTicked={how.laws.includes(name)}
      isDisabled={lacks !== ""}
      onChange={(isTicked) =>
        onChange({
          ...how,
          laws: laws
            .map((law) => law.name)
            .filter((law) => (law === name ? isTicked : how.laws.includes(law))),
        })
      }
    />
  );
  const usual = laws.filter(({ isUsual }) => isUsual);
  const others = laws.filter(({ isUsual }) => !isUsual);
  return (
    <fieldset>
      <legend>Laws</legend>
      <div class="ticks">{usual.map(box)}</div>
      <details>
        <summary>{usual.length > 0 ? "More laws" : "All laws"}</summary>
        <div class="ticks">
          {others.filter(({ lacks }) => lacks === "").map(box)}
          {others.filter(({ lacks }) => lacks !== "").map(box)}
        </div>
      </details>
    </fieldset>
  );
}

function TargetBoxes({ checked, leftOut, onTargets }: LawsProps): VNode | null {
  const { targets } = checked;
  if (targets.length < 2) return null;
  const set = (names: readonly string[], isFitted: boolean): void => {
    const next = new Set(leftOut);
    for (const name of names)
      if (isFitted) next.delete(name);
      else next.add(name);
    onTargets(next);
  };
  return (
    <fieldset>
      <legend>Targets</legend>
      <div class="ticks narrow">
        {targets.map((name) => (
          <TickBox
            key={name}
            label={name}
            isTicked={!leftOut.has(name)}
            onChange={(isTicked) => set([name], isTicked)}
          />
        ))}
      </div>
      {targets.length < 6 ? null : (
        <div class="row">
          <button type="button" onClick={() => set(targets, true)}>
            All targets
          </button>
          <button type="button" onClick={() => set(targets, false)}>
            No target
          </button>
        </div>
      )}
    </fieldset>
  );
}

interface ChoicesProps {
  readonly how: FitChoice;
  readonly onChange: (how: FitChoice) => void;
}

const MoreChoices = (props: ChoicesProps): VNode => (
  <details>
    <summary>More: loss, residual, seed, bootstrap</summary>
    <div class="fields">
      <ResidualChoices {...props} />
      <SampleChoices {...props} />
    </div>
  </details>
);

function ResidualChoices({ how, onChange }: ChoicesProps): VNode {
  const set = (part: Partial<FitChoice>): void => onChange({ ...how, ...part });
  return (
    <>
      <SelectField
        id="loss"
        label="Loss"
        value={how.loss}
        options={LOSS_CHOICES}
        onChange={(loss) => set({ loss })}
      />
      <ValueField
        id="delta"
        label="δ"
        hint="The size of a residual at which Huber’s and Cauchy’s loss begin to differ from the squared one."
        value={how.delta}
        show={deltaText}
        read={readDelta}
        must="a positive number, or empty for what suits the losses"
        onChange={(delta) => set({ delta: delta === "usual" ? undefined : delta })}
      />
      <SelectField
        id="residual"
        label="Residual"
        value={how.residual}
        options={RESIDUAL_CHOICES}
        onChange={(residual) => set({ residual })}
      />
      <SelectField
        id="signs"
        label="Exponents γ of joint and full"
        value={how.signs}
        options={SIGNS_CHOICES}
        onChange={(signs) => set({ signs })}
      />
    </>
  );
}

function SampleChoices({ how, onChange }: ChoicesProps): VNode {
  const set = (part: Partial<FitChoice>): void => onChange({ ...how, ...part });
  return (
    <>
      <SelectField
        id="backend"
        label="Computed on"
        value={how.backend}
        options={BACKEND_CHOICES}
        onChange={(backend) => set({ backend })}
      />
      <ValueField
        id="seed"
        label="Seed"
        hint="The same seed gives the same fit."
        value={how.seed}
        show={String}
        read={readWhole(0)}
        must="a whole number"
        onChange={(seed) => set({ seed })}
      />
      <ValueField
        id="bootstrap"
        label="Bootstrap"
        hint="Replicates for intervals of parameters and the best mixture; 0 for none. 200 show the size of things, 1000 are for print."
        value={how.bootstrap}
        show={String}
        read={readReplicates}
        must="0, or a whole number from 2 to 10000"
        onChange={(bootstrap) => set({ bootstrap })}
      />
    </>
  );
}

const readReplicates = (text: string): number | undefined => {
  const value = readWhole(0)(text);
  return value === 1 || (value ?? 0) > 10_000 ? undefined : value;
};
