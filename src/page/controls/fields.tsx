/** Fields with their labels, hints and errors. */
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import type { Problem } from "../protocol/workshop.ts";
import { ProblemLine } from "./problem.tsx";

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly problem?: Problem | undefined;
}

/** A label above a control, its hint and its error below. */
function Field({
  id,
  label,
  hint,
  problem,
  children,
}: FieldProps & { children: ComponentChildren }): VNode {
  // prettier-ignore
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <ProblemLine id={`${id}-problem`} problem={problem} />
    </div>
  );
}

/** What describes a field to screen readers. */
const describedBy = ({ id, hint, problem }: FieldProps): string | undefined =>
  [hint === undefined ? [] : `${id}-hint`, problem === undefined ? [] : `${id}-problem`]
    .flat()
    .join(" ") || undefined;

/** A line of text. `onChange` is told at each key. */
export function TextField(
  props: FieldProps & {
    readonly value: string;
    readonly placeholder?: string;
    readonly onChange: (value: string) => void;
  },
): VNode {
  return (
    <Field {...props}>
      <input
        id={props.id}
        type="text"
        autocomplete="off"
        spellcheck={false}
        value={props.value}
        placeholder={props.placeholder}
        aria-invalid={props.problem !== undefined}
        aria-describedby={describedBy(props)}
        onInput={({ currentTarget }) => props.onChange(currentTarget.value)}
      />
    </Field>
  );
}

/** A text that stands for a value: `read` gives undefined for one that does not. */
export function ValueField<Value>(
  props: FieldProps & {
    readonly value: Value;
    readonly show: (value: Value) => string;
    readonly read: (text: string) => Value | undefined;
    /** What it must be, for the message. */
    readonly must: string;
    readonly onChange: (value: Value) => void;
  },
): VNode {
  const { value, show, read, must, onChange, problem } = props;
  const [text, setText] = useState<string>();
  const typed = text === undefined ? undefined : read(text);
  const isWrong = text !== undefined && typed === undefined;
  // What was typed stays as it is, until the value comes from elsewhere.
  const isOwn = text !== undefined && (isWrong || typed === value);
  return (
    <TextField
      {...props}
      value={isOwn ? text : show(value)}
      problem={isWrong ? { message: `It must be ${must}.` } : problem}
      onChange={(next) => {
        setText(next);
        const known = read(next);
        if (known !== undefined) onChange(known);
      }}
    />
  );
}

export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
}

/** A list to choose one from. */
export function SelectField<Value extends string>(
  props: FieldProps & {
    readonly value: Value;
    readonly options: readonly Option<Value>[];
    readonly onChange: (value: Value) => void;
  },
): VNode {
  return (
    <Field {...props}>
      <select
        id={props.id}
        value={props.value}
        aria-describedby={describedBy(props)}
        onChange={({ currentTarget }) => props.onChange(currentTarget.value as Value)}
      >
        {props.options.map(({ value, label }) => (
          <option key={value} value={value} selected={value === props.value}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** A box to tick, with its label and what it is about. */
export function TickBox(props: {
  readonly label: ComponentChildren;
  readonly about?: ComponentChildren;
  readonly isTicked: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isTicked: boolean) => void;
}): VNode {
  return (
    <label class="tick">
      <input
        type="checkbox"
        checked={props.isTicked}
        disabled={props.isDisabled}
        onChange={({ currentTarget }) => props.onChange(currentTarget.checked)}
      />
      <span>
        {props.label}
        {props.about === undefined ? null : <small>{props.about}</small>}
      </span>
    </label>
  );
}
