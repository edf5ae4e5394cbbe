/** Sliders that run the laws in the page. */
import { firstOf, itemAt } from "../../base/known.ts";
import { gain, loss } from "../../base/format-number.ts";
import { element } from "../../views/kit/dom.ts";
import type { LawChoice, Point, WhatIf } from "./data.ts";
import { evaluatorOf, type Outcome } from "./evaluate.ts";
import { inputControls } from "./input-controls.ts";
import { mixtureControls } from "./mixture-controls.ts";
import { NOTHING, resultsOf } from "./results.ts";

export { preparations } from "./evaluate.ts";

/** Milliseconds without a change after which screen readers are told the result. */
const QUIET = 700;

const RUNS = "Move the sliders: the law runs in this page.";
const SHARES =
  "Shares always sum to 100 %: what one takes the others give, in proportion, but for those that are held. Differences are to other mixtures at the same N and D.";

/**
 * The controls and what the laws say at their point.
 *
 * @param schedule runs a function soon, once a picture: `requestAnimationFrame`
 */
export function whatIf(
  document: Document,
  data: WhatIf,
  schedule: (run: () => void) => void,
): HTMLElement {
  const evaluate = evaluatorOf(data);
  const state = { point: data.start, choice: firstOf(data.choices), isQueued: false };
  const status = element(document, "p", { class: "status", role: "status" });
  const spoken = announcer(document);
  // Where results stand below the sliders, this stays in sight.
  const brief = element(document, "p", { class: "brief screen", "aria-hidden": "true" });
  const results = resultsOf(document, data);
  const update = (): void => {
    state.isQueued = false;
    for (const { show } of controls) show(state.point, state.choice);
    const outcome = evaluate(state.point, state.choice);
    if ("refused" in outcome) return results.refuse(outcome.refused);
    results.show(state.point, state.choice, outcome);
    brief.textContent = summaryOf(data, outcome);
    spoken.say(brief.textContent);
  };
  const queue = (remark: string): void => {
    status.textContent = remark;
    if (state.isQueued) return;
    state.isQueued = true;
    schedule(update);
  };
  const moveTo = (point: Partial<Point>, remark: string): void => {
    state.point = { ...state.point, ...point };
    queue(remark);
  };
  const onRefuse = (refusal: string): void => {
    status.textContent = refusal;
  };
  const controls = [
    ...(data.inputs.length > 0
      ? [inputControls(document, data, { onRefuse, onMove: (inputs, remark) => moveTo({ inputs: { ...state.point.inputs, ...inputs } }, remark) })] // prettier-ignore
      : []),
    ...(data.mixtures.length > 0
      ? [mixtureControls(document, data, { onRefuse, onMove: (shares, remark) => moveTo({ shares }, remark) })] // prettier-ignore
      : []),
  ];
  const chooser = lawChooser(document, data, (choice) => {
    state.choice = choice;
    queue("");
  });
  const left = [...chooser, ...controls.map((each) => each.element), status, brief];
  queue("");
  return sectionOf(document, data, left, [results.element, spoken.element]);
}

/** The controls on the left, or above; results on the right. */
function sectionOf(
  document: Document,
  { mixtures }: WhatIf,
  left: readonly HTMLElement[],
  right: readonly HTMLElement[],
): HTMLElement {
  const reading = mixtures.length > 1 ? `${RUNS} ${SHARES}` : RUNS;
  const controls = element(document, "div", { class: "controls" }, ...left);
  return element(
    document,
    "section",
    { "aria-label": "What if" },
    element(document, "p", { class: "reading screen" }, reading),
    element(document, "div", { class: "what-if" }, controls, ...right),
  );
}

/** A list of the laws, where there are several. */
function lawChooser(
  document: Document,
  { choices }: WhatIf,
  choose: (choice: LawChoice) => void,
): HTMLElement[] {
  if (choices.length < 2) return [];
  const options = choices.map(({ label }, i) =>
    element(document, "option", { value: String(i) }, label),
  );
  const list = element(document, "select", { "aria-label": "law" }, ...options);
  list.addEventListener("change", () => choose(itemAt(choices, Number(list.value))));
  return [element(document, "fieldset", {}, element(document, "legend", {}, "Law"), list)];
}

/** Tells screen readers of results, when they have stayed for a while. */
function announcer(document: Document): {
  readonly element: HTMLElement;
  readonly say: (words: string) => void;
} {
  const region = element(document, "p", { class: "hidden", "aria-live": "polite" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  return {
    element: region,
    say(words) {
      clearTimeout(timer);
      // Nobody asked for the first result.
      if (!isFirst)
        timer = setTimeout(() => {
          region.textContent = words;
        }, QUIET);
      isFirst = false;
    },
  };
}

/** The result in a sentence. */
function summaryOf({ mixtures, compared }: WhatIf, { objective, targets }: Outcome): string {
  const [first] = targets;
  if (first === undefined) return "";
  const isOne = objective === undefined || targets.length === 1;
  const what = isOne ? first : objective;
  const differences = mixtures.slice(0, compared).map(({ name }, m) => {
    const difference = itemAt(what.differences, m);
    if (Math.abs(difference) < NOTHING) return `as ${name}`;
    return `${gain(Math.abs(difference))} ${difference < 0 ? "below" : "above"} ${name}`;
  });
  return `${isOne ? first.target : "objective"} ${[loss(what.value), ...differences].join(", ")}`;
}
