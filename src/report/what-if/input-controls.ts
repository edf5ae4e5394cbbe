/** Sliders of N, D and what else the laws read. */
import { compact, flops, significant } from "../../base/format-number.ts";
import { itemAt, ownOf } from "../../base/known.ts";
import { toScaled } from "../../syntax/number.ts";
import { element } from "../../views/kit/dom.ts";
import type { InputRange, LawChoice, Point, WhatIf } from "./data.ts";
import { type Slider, slider } from "./slider.ts";

/** A group of controls. */
export interface Controls {
  readonly element: HTMLElement;
  /** Shows a point, and what of it a law reads. */
  readonly show: (point: Point, choice: LawChoice) => void;
}

/** Told of what was moved, and of what could not be done. */
export interface Told<Value> {
  readonly onMove: (value: Value, remark: string) => void;
  readonly onRefuse: (refusal: string) => void;
}

/** Steps of a slider from end to end. */
const STEPS = 400;
/** Digits of what a slider gives. */
const DIGITS = 3;

export function inputControls(
  document: Document,
  { inputs }: WhatIf,
  { onMove, onRefuse }: Told<Readonly<Record<string, number>>>,
): Controls {
  const sliders = inputs.map((input) =>
    slider(document, {
      ...scaleOf(input),
      label: input.symbol,
      ...(input.symbol === input.meaning ? {} : { explained: input.meaning }),
      name: input.symbol === input.meaning ? input.name : `${input.symbol}, ${input.meaning}`,
      mark: undefined,
      onMove: (value) => onMove({ [input.name]: value }, ""),
      onRefuse,
    }),
  );
  const note = element(document, "p", { class: "note" });
  const rows = sliders.map(({ row }) => row);
  return {
    element: element(document, "fieldset", {}, element(document, "legend", {}, "Run"), ...rows, note), // prettier-ignore
    show(point, choice) {
      for (const [i, { name }] of inputs.entries()) {
        const { row, show }: Slider = itemAt(sliders, i);
        row.hidden = !choice.inputs.includes(name);
        show(ownOf(point.inputs, name) ?? NaN);
      }
      note.textContent = noteOf(point, choice, inputs);
    },
  };
}

/** How an input's values are on a slider, and in words. */
function scaleOf({
  symbol,
  range,
  trained,
  isLog,
  values,
}: InputRange): Pick<
  Parameters<typeof slider>[1],
  "positions" | "positionOf" | "valueAt" | "textOf" | "spoken" | "parse" | "refusal" | "trained"
> {
  const positionOf = isLog ? Math.log10 : (value: number): number => value;
  const [low, high] = [positionOf(range.min), positionOf(range.max)];
  const isMeant = { positive: (x: number) => x > 0, nonnegative: (x: number) => x >= 0, any: () => true }[values]; // prettier-ignore
  const textOf = isLog ? compact : (value: number): string => significant(value, 2 * DIGITS);
  return {
    positions: { low, high, step: (high - low) / STEPS },
    positionOf,
    valueAt: (position) =>
      Number((isLog ? 10 ** position : position).toPrecision(isLog ? DIGITS : 2 * DIGITS)),
    textOf,
    spoken: textOf,
    parse(text) {
      const [, sign = "", digits = ""] = /^\s*([+-]?)(.*?)\s*$/.exec(text) ?? [];
      const size = toScaled(digits);
      const value = sign === "-" ? -(size ?? NaN) : (size ?? NaN);
      return Number.isFinite(value) && isMeant(value) ? value : undefined;
    },
    refusal: `${symbol} must be a number${values === "positive" ? " above 0" : values === "nonnegative" ? ", 0 or more" : ""}, such as ${textOf(range.max)}.`,
    trained: trained === null ? undefined : [positionOf(trained.min), positionOf(trained.max)],
  };
}

/** Compute and tokens per parameter, where the law has both; and what was trained. */
function noteOf({ inputs }: Point, choice: LawChoice, ranges: readonly InputRange[]): string {
  const [n, d] = (["params", "tokens"] as const).map((name) => ownOf(inputs, name));
  const both = choice.inputs.includes("params") && choice.inputs.includes("tokens");
  const compute = both && n !== undefined && d !== undefined ? [`6ND ${flops(6 * n * d)} FLOPs, ${significant(d / n, 3)} tokens per parameter`] : []; // prettier-ignore
  const trained = ranges.flatMap(({ name, symbol, trained: extent, isLog }) => {
    if (extent === null || !choice.inputs.includes(name)) return [];
    const [min, max] = [extent.min, extent.max].map((x) =>
      isLog ? compact(x) : significant(x, 4),
    );
    return [`${symbol} ${min === max ? min : `${min} to ${max}`}`];
  });
  return [...compute, ...(trained.length > 0 ? [`trained: ${trained.join(", ")}`] : [])].join(
    " · ",
  );
}
