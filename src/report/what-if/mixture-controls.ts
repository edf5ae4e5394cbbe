/** Sliders of the shares, which are kept at a sum of 1. */
import { inPercent, percent } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { toScaled } from "../../syntax/number.ts";
import { element } from "../../views/kit/dom.ts";
import type { WhatIf } from "./data.ts";
import type { Controls, Told } from "./input-controls.ts";
import { moveShare } from "./shares.ts";
import { type Slider, slider } from "./slider.ts";

type Shares = readonly number[];

export function mixtureControls(
  document: Document,
  data: WhatIf,
  { onMove, onRefuse }: Told<Shares>,
): Controls {
  const { domains } = data.file.data;
  const held = new Set<number>();
  // A slider that moves on goes from the mixture that it began at, so that it comes back to it.
  let [now, began, moving]: [Shares, Shares, number] = [data.start.shares, data.start.shares, -1];
  const move = (i: number, wanted: number): void => {
    if (moving !== i) [began, moving] = [now, i];
    const { shares, stopped } = moveShare(began, held, i, wanted);
    now = shares;
    onMove(now, stopped ? stopWords(itemAt(domains, i), itemAt(now, i), domains.length - 1 - others(held, i)) : ""); // prettier-ignore
  };
  const begin = (shares: Shares): void => {
    [now, moving] = [shares, -1];
    onMove(now, "");
  };
  const hold = (i: number, isHeld: boolean): void => {
    moving = -1;
    if (isHeld) held.add(i);
    else held.delete(i);
  };
  const sliders = domains.map((domain, i) => shareSlider(document, data, { domain, i, move, hold, onRefuse })); // prettier-ignore
  const group = element(document, "fieldset", {}, element(document, "legend", {}, "Mixture"), ...presets(document, data, begin)); // prettier-ignore
  group.append(
    element(document, "div", { class: "slider heads", "aria-hidden": "true" }, element(document, "span", {}, "hold")), // prettier-ignore
    ...sliders.map(({ row }) => row),
    element(document, "p", { class: "note" }, `Band: what was trained. Tick: ${itemAt(data.mixtures, 0).name}.`), // prettier-ignore
  );
  return {
    element: group,
    show({ shares }, { usesShares }) {
      group.hidden = !usesShares;
      for (const [i, { show }] of sliders.entries()) show(itemAt(shares, i));
    },
  };
}

/** How many of the other shares are held. */
const others = (held: ReadonlySet<number>, i: number): number => held.size - (held.has(i) ? 1 : 0);

/** Why a share went no farther. */
function stopWords(domain: string, share: number, free: number): string {
  const at = percent(share, 4);
  return free === 0
    ? `${domain} stays at ${at}: every other share is held, so none can give or take.`
    : `${domain} stops at ${at}: the shares that are held leave it no more.`;
}

interface ShareOptions {
  readonly domain: string;
  readonly i: number;
  readonly move: (i: number, wanted: number) => void;
  readonly hold: (i: number, isHeld: boolean) => void;
  readonly onRefuse: (refusal: string) => void;
}

function shareSlider(
  document: Document,
  { file, mixtures }: WhatIf,
  { domain, i, move, hold, onRefuse }: ShareOptions,
): Slider {
  const trained = file.data.mixtures.map(({ weights }) => itemAt(weights, i));
  const { row, show } = slider(document, {
    label: domain,
    name: `share of ${domain} in percent`,
    positions: { low: 0, high: 100, step: 0.5 },
    positionOf: (share) => 100 * share,
    valueAt: (position) => position / 100,
    textOf: (share) => `${inPercent(share)} %`,
    spoken: (share) => percent(share, 4),
    parse(text) {
      const value = toScaled(text.replace("%", "").trim());
      return value !== undefined && value <= 100 ? value / 100 : undefined;
    },
    refusal: `The share of ${domain} must be a number from 0 to 100, in percent.`,
    trained: trained.length === 0 ? undefined : [100 * Math.min(...trained), 100 * Math.max(...trained)], // prettier-ignore
    mark: 100 * itemAt(itemAt(mixtures, 0).shares, i),
    onMove: (share) => move(i, share),
    onRefuse,
  });
  const box = element(document, "input", { type: "checkbox", "aria-label": `hold ${domain}` });
  box.addEventListener("change", () => hold(i, box.checked));
  row.append(element(document, "label", { class: "hold", title: `hold ${domain}` }, box));
  return { row, show };
}

/** Buttons for mixtures that have a name, and a list of those that were trained. */
function presets(
  document: Document,
  { mixtures, named }: WhatIf,
  begin: (shares: Shares) => void,
): HTMLElement[] {
  const buttons = mixtures.slice(0, named).map(({ name, shares }) => {
    const button = element(document, "button", { type: "button" }, name);
    button.addEventListener("click", () => begin(shares));
    return button;
  });
  const trained = mixtures.slice(named);
  const list = element(document, "select", { "aria-label": "start from a trained mixture" });
  list.append(
    element(document, "option", { value: "" }, "a trained mixture…"),
    ...trained.map(({ name }, m) => element(document, "option", { value: String(m) }, name)),
  );
  list.addEventListener("change", () => {
    if (list.value !== "") begin(itemAt(trained, Number(list.value)).shares);
  });
  return [element(document, "div", { class: "choices" }, ...buttons, ...(trained.length > 0 ? [list] : []))]; // prettier-ignore
}
