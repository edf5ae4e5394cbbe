/** What the laws say at the point of the sliders. */
import { compact, gain, inPercent, loss, NONE, significant } from "../../base/format-number.ts";
import { itemAt, ownOf } from "../../base/known.ts";
import { csvText } from "../../data/write/csv-text.ts";
import { element } from "../../views/kit/dom.ts";
import { save } from "../../views/kit/save.ts";
import { labelOf } from "../../words/finding-label.ts";
import { withFlagNames } from "../../words/option-flags.ts";
import type { LawChoice, Point, WhatIf } from "./data.ts";
import type { Compared, Outcome, TargetOutcome } from "./evaluate.ts";

export interface Results {
  readonly element: HTMLElement;
  readonly show: (point: Point, choice: LawChoice, outcome: Outcome) => void;
  /** Shows why there are none. */
  readonly refuse: (why: string) => void;
}

export function resultsOf(document: Document, data: WhatIf): Results {
  const where = element(document, "p", { class: "paper" });
  const table = element(document, "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Predictions" }); // prettier-ignore
  const intervals = element(document, "p", { class: "note" });
  const remarks = element(document, "ul", { "aria-label": "on this point" });
  const ofFits = element(document, "details", { class: "screen" });
  const button = element(document, "button", { type: "button", "aria-label": "Save this point and its predictions as CSV" }, "CSV"); // prettier-ignore
  let saved: (() => string) | undefined;
  button.addEventListener("click", () => {
    if (saved !== undefined) save(document, "what-if.csv", saved());
  });
  let shownChoice: LawChoice | undefined;
  return {
    element: element(document, "div", { class: "results" }, where, table, intervals, button, remarks, ofFits), // prettier-ignore
    show(point, choice, outcome) {
      saved = () => pointCsv(data, point, choice, outcome);
      where.textContent = pointWords(data, point, choice);
      table.replaceChildren(outcomeTable(document, data, choice, outcome));
      intervals.textContent = intervalWords(data, choice);
      remarks.replaceChildren(
        ...outcome.outside.map((sentence) => remark(document, "warning", sentence)),
        ...outcome.findings.map(({ code, sentence }) => remark(document, labelOf(code), sentence)),
      );
      if (choice !== shownChoice) ofFits.replaceChildren(...findingsOf(document, choice));
      ofFits.hidden = choice.findings.length === 0;
      shownChoice = choice;
    },
    refuse(why) {
      saved = undefined;
      table.replaceChildren(element(document, "p", { class: "lacks" }, withFlagNames(why)));
      remarks.replaceChildren();
    },
  };
}

const remark = (document: Document, label: string, sentence: string): HTMLElement =>
  element(document, "li", { class: label }, withFlagNames(`${label}: ${sentence}`));

/** What was found of the fits, to open. */
function findingsOf(document: Document, { findings }: LawChoice): HTMLElement[] {
  if (findings.length === 0) return [];
  const list = findings.map(({ code, sentence }) => remark(document, labelOf(code), sentence));
  return [
    element(document, "summary", {}, `What was found of these fits (${findings.length})`),
    element(document, "ul", {}, ...list),
  ];
}

const intervalWords = ({ goal }: WhatIf, { laws, intervals }: LawChoice): string =>
  Object.keys(laws).length > 1 ? `${intervals} Objective: ${goal.words}.` : intervals;

function outcomeTable(
  document: Document,
  { mixtures, compared, goal }: WhatIf,
  { usesShares }: LawChoice,
  { targets, objective }: Outcome,
): HTMLElement {
  const others = usesShares ? mixtures.slice(0, compared) : [];
  const hasIntervals = targets.some(({ low }) => low !== undefined);
  const head = [
    [""],
    ["predicted", ...(hasIntervals ? [small(document, "interval")] : [])],
    ...others.map(({ name }) => ["difference", small(document, `to ${name}`)]),
  ];
  const cells = ({ value, differences }: Compared, interval: string): HTMLElement[] => [
    element(document, "td", {}, loss(value), interval === "" ? undefined : small(document, interval)), // prettier-ignore
    ...others.map((_, m) => differenceCell(document, itemAt(differences, m))),
  ];
  const isOne = targets.length === 1 && goal.objective !== "worst";
  const rows = targets.map(
    (each) =>
    element(document, "tr", {}, element(document, "th", { scope: "row" }, each.target), ...cells(each, hasIntervals ? spanWords(each) : "")), // prettier-ignore
  );
  const objectiveRow =
    objective === undefined || isOne
      ? []
      : [element(document, "tr", { class: "objective" }, element(document, "th", { scope: "row", title: goal.words }, "objective"), ...cells(objective, ""))]; // prettier-ignore
  return element(
    document,
    "table",
    {},
    element(document, "thead", {}, element(document, "tr", {}, ...head.map((children) => element(document, "th", { scope: "col" }, ...children)))), // prettier-ignore
    element(document, "tbody", {}, ...objectiveRow, ...rows),
  );
}

const small = (document: Document, text: string): HTMLElement =>
  element(document, "small", {}, text);

/** Less than rounding makes of a difference of losses. */
export const NOTHING = 1e-12;

function differenceCell(document: Document, difference: number): HTMLElement {
  if (Math.abs(difference) < NOTHING) return element(document, "td", {}, "0");
  const text = `${difference > 0 ? "+" : ""}${gain(difference)}`;
  return element(document, "td", { class: difference < 0 ? "better" : "worse" }, text);
}

function spanWords({ low, high }: TargetOutcome): string {
  if (low === undefined || high === undefined) return NONE;
  return Number.isFinite(low) && Number.isFinite(high) ? `${loss(low)} … ${loss(high)}` : NONE;
}

/** The point in a sentence, for paper. */
export function pointWords(
  { inputs, file }: WhatIf,
  point: Point,
  { inputs: read, usesShares, label }: LawChoice,
): string {
  const sizes = inputs
    .filter(({ name }) => read.includes(name))
    .map(({ name, symbol, isLog }) => {
      const value = ownOf(point.inputs, name) ?? NaN;
      return `${symbol} ${isLog ? compact(value) : significant(value, 6)}`;
    });
  const shares = usesShares
    ? file.data.domains.map((domain, i) => `${domain} ${inPercent(itemAt(point.shares, i))}\u00A0%`)
    : [];
  return `At ${[...sizes, ...shares].join(", ")}, by ${label}:`;
}

/** The point with its predictions, in the columns of `mixlaw predict`. */
function pointCsv(
  { file }: WhatIf,
  { inputs, shares }: Point,
  { inputs: read, usesShares }: LawChoice,
  { targets }: Outcome,
): string {
  const columns: (readonly [string, number | string])[] = [
    ...read.map((name) => [name === "params" || name === "tokens" ? `n_${name}` : name, ownOf(inputs, name) ?? ""] as const), // prettier-ignore
    ...(usesShares ? file.data.domains.map((domain, i) => [`h_${domain}`, itemAt(shares, i)] as const) : []), // prettier-ignore
    ...targets.flatMap(({ target, value, low, high }) => [
      [`pred_${target}`, value] as const,
      ...(low === undefined || high === undefined ? [] : [[`pred_${target}_low`, endCell(low)] as const, [`pred_${target}_high`, endCell(high)] as const]), // prettier-ignore
    ]),
  ];
  return csvText(columns.map(([name]) => name), [columns.map(([, value]) => value)]); // prettier-ignore
}

/** An end that an interval does not have is left empty. */
const endCell = (end: number): number | string => (Number.isFinite(end) ? end : "");
