/** Errors, beside what they are about, and the options in their words. */
import type { VNode } from "preact";
import { ownOf } from "../../base/known.ts";
import { respell } from "../../base/option-text.ts";
import { Refusal } from "../protocol/calls.ts";
import type { Problem } from "../protocol/workshop.ts";

/** What the page's controls are called, by the library's names of the options. */
const CONTROLS: Readonly<Record<string, string>> = {
  where: "“Rows to use”",
  test: "“Rows held out”",
  weights: "the role “domain share”",
  targets: "the role “target loss”",
  params: "the role “parameters N”",
  tokens: "the role “tokens D”",
  inputs: "the roles of columns",
  units: "“counted in” beside N or D",
  group: "the role “group”",
  rowWeights: "the role “row weight”",
  laws: "the laws",
  law: "“Law”",
  restarts: "“Starts”",
  delta: "“δ”",
  seed: "“Seed”",
  beyond: "“Beyond trained shares”",
  objective: "“Goal”",
  constraints: "the sliders",
  bootstrap: "“Bootstrap”",
};

/** A message of the library with the names of the page's controls. */
export const inPage = (message: string): string =>
  respell(message, (path, value) => {
    const [first = ""] = path.split(".");
    const name = ownOf(CONTROLS, first) ?? `the option ${path}`;
    return value === undefined || value === "COL" ? name : `${name} (${value})`;
  });

/** The problem of an error. */
export const problemOf = (error: unknown): Problem =>
  error instanceof Refusal
    ? error.problem
    : { message: error instanceof Error ? error.message : String(error) };

/** An error where the visitor looks; nothing where there is none. */
export function ProblemLine({
  id,
  problem,
}: {
  id?: string;
  problem: Problem | undefined;
}): VNode | null {
  // prettier-ignore
  if (problem === undefined) return null;
  return (
    <p class="problem" role="alert" id={id}>
      {inPage(problem.message)}
    </p>
  );
}
