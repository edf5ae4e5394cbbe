/** The second step: what each column is for, and which rows are used. */
import type { VNode } from "preact";
import { count, listed } from "../../base/wording.ts";
import { TextField } from "../controls/fields.tsx";
import { inPage, ProblemLine } from "../controls/problem.tsx";
import { Step } from "../controls/step.tsx";
import type { CheckedView, Choice, ColumnView, CountUnit, Problem, Role, TableView } from "../protocol/workshop.ts"; // prettier-ignore
import { ROLES, UNITS } from "./roles.ts";

export interface ColumnsProps {
  readonly table: TableView;
  readonly choice: Choice;
  readonly checked: CheckedView | undefined;
  readonly onChange: (choice: Choice) => void;
}

export function ColumnsStep({ table, choice, checked, onChange }: ColumnsProps): VNode {
  const problem = checked?.problem;
  const byRow = table.columns.some(({ name }) => name === problem?.column);
  const isFilter = problem?.option === "where" || problem?.option === "test";
  const problemAt = (option: "where" | "test"): Problem | undefined =>
    problem?.option === option && !byRow ? problem : undefined;
  return (
    <Step id="columns" title="2. Columns and rows" isFocused>
      <p>What each column is for was guessed from its name. Correct what is wrong.</p>
      <div class="scroll columns" tabIndex={0} role="region" aria-label="Columns of the table">
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">is</th>
              <th scope="col">holds</th>
            </tr>
          </thead>
          <tbody>
            {table.columns.map((column, c) => (
              <ColumnRow
                key={column.name}
                place={c}
                column={column}
                inputs={table.inputs}
                choice={choice}
                problem={problem?.column === column.name ? problem : undefined}
                onChange={onChange}
              />
            ))}
          </tbody>
        </table>
      </div>
      {byRow || isFilter ? null : <ProblemLine problem={problem} />}
      <Preview table={table} />
      <div class="fields">
        <TextField
          id="where"
          label="Rows to use"
          placeholder="all"
          hint="A condition on columns, such as split == 'train' and n_tokens/n_params >= 20."
          value={choice.where}
          problem={problemAt("where")}
          onChange={(where) => onChange({ ...choice, where })}
        />
        <TextField
          id="test"
          label="Rows held out"
          placeholder="none"
          hint="These are predicted, never fitted. The largest sizes test a law best: n_params >= 7e8."
          value={choice.test}
          problem={problemAt("test")}
          onChange={(test) => onChange({ ...choice, test })}
        />
      </div>
      <Outcome checked={checked} />
    </Step>
  );
}

function ColumnRow({
  place,
  column,
  inputs,
  choice,
  problem,
  onChange,
}: {
  readonly place: number;
  readonly column: ColumnView;
  readonly inputs: TableView["inputs"];
  readonly choice: Choice;
  readonly problem: Problem | undefined;
  readonly onChange: (choice: Choice) => void;
}): VNode {
  // prettier-ignore
  const { name, content, missing } = column;
  const role = choice.roles[place] ?? "ignored";
  const setRole = (next: string): void =>
    onChange({ ...choice, roles: choice.roles.with(place, next as Role) });
  const id = `column-${place + 1}`;
  return (
    <tr class={problem === undefined ? undefined : "wrong"}>
      <th scope="row" class="name">
        {name}
      </th>
      <td>
        <RoleSelect
          inputs={inputs}
          id={id}
          name={name}
          role={role}
          problem={problem}
          onChange={setRole}
        />
        {role === "params" || role === "tokens" ? (
          <UnitSelect count={role} choice={choice} onChange={onChange} />
        ) : null}
        <ProblemLine id={`${id}-problem`} problem={problem} />
      </td>
      <td class="content">
        {content}
        {missing > 0 ? `, ${missing} missing` : ""}
      </td>
    </tr>
  );
}

function RoleSelect({
  id,
  name,
  inputs,
  role,
  problem,
  onChange,
}: {
  readonly id: string;
  readonly name: string;
  readonly inputs: TableView["inputs"];
  readonly role: Role;
  readonly problem: Problem | undefined;
  readonly onChange: (role: string) => void;
}): VNode {
  // prettier-ignore
  const option = ([value, label]: readonly [Role, string]): VNode => (
    <option key={value} value={value} selected={value === role}>
      {label}
    </option>
  );
  return (
    <select
      id={id}
      aria-label={`Role of the column ${name}`}
      aria-invalid={problem !== undefined}
      aria-describedby={problem === undefined ? undefined : `${id}-problem`}
      class={role === "ignored" ? "muted" : undefined}
      value={role}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    >
      {ROLES.map(option)}
      <optgroup label="other inputs of laws">{inputs.map(option)}</optgroup>
    </select>
  );
}

const unitOf = (text: string): CountUnit => (text === "absolute" ? text : Number(text));

function UnitSelect({
  count: kind,
  choice,
  onChange,
}: {
  readonly count: "params" | "tokens";
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}): VNode {
  // prettier-ignore
  const unit = choice.units[kind];
  return (
    <select
      aria-label={`${kind === "params" ? "N" : "D"} is counted in`}
      value={unit}
      onChange={({ currentTarget }) =>
        onChange({ ...choice, units: { ...choice.units, [kind]: unitOf(currentTarget.value) } })
      }
    >
      {UNITS.map(([value, label]) => (
        <option key={value} value={value} selected={value === unit}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Preview({ table }: { readonly table: TableView }): VNode {
  return (
    <details>
      <summary>The first {count(table.preview.length, "row")}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="The first rows of the table">
        <table class="preview">
          <thead>
            <tr>
              {table.columns.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.preview.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, c) => (
                  <td key={c}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** What the roles make of the table, read aloud when it changes. */
function Outcome({ checked }: { readonly checked: CheckedView | undefined }): VNode {
  if (checked === undefined || checked.problem !== undefined) return <p role="status" />;
  const { train, test, domains, targets, notes } = checked;
  const parts = [
    `${count(train, "row")} to fit${test > 0 ? `, ${test} held out` : ""}`,
    ...(domains.length > 0 ? [`${count(domains.length, "domain")} (${listed(domains)})`] : []),
    `${count(targets.length, "target")} (${listed(targets)})`,
  ];
  return (
    <div>
      <p role="status" class="outcome">
        {parts.join(" · ")}
      </p>
      {notes.length === 0 ? null : (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>{inPage(note)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
