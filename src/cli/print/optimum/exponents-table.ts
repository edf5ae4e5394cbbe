/** How the best N and D grow with compute, as a person reads it. */
import { number, percent, significant } from "../../../base/format-number.ts";
import { itemAt } from "../../../base/known.ts";
import { count } from "../../../base/wording.ts";
import type { IsoflopEstimate, ScalingExponents } from "../../../mixture/request/exponents.ts";
import { left, right, table } from "../../text/table.ts";

/** A compute with its exponents. */
interface AtCompute {
  readonly flops: number | null;
  readonly exponents?: ScalingExponents;
}

/**
 * A line a compute at which they differ by the laws, and a line of the isoFLOP parabolas; empty
 * where there are none.
 */
export function exponentsTable(rows: readonly AtCompute[], width: number): string {
  const known = rows.flatMap(({ flops, exponents }) =>
    flops === null || exponents === undefined ? [] : [{ flops, exponents }],
  );
  const lines = known.filter(
    ({ exponents }, i) =>
      i === 0 || digits(exponents.params) !== digits(itemAt(known, i - 1).exponents.params),
  );
  const isoflop = known[0]?.exponents.isoflop ?? null;
  if (lines.length === 0) return "";
  return table(
    [
      left("C^exponent, by"),
      right("N"),
      right("interval"),
      right("D"),
      right("interval"),
      left(""),
    ],
    [
      ...lines.map(({ flops, exponents }) => [
        lines.length === 1 ? "the law" : `the law at ${number(flops, 3)}`,
        ...cells(exponents, exponents.interval),
        exponents.interval === null
          ? ""
          : `${percent(exponents.interval.level)}, ${exponents.interval.from}`,
      ]),
      ...(isoflop === null ? [] : [isoflopLine(isoflop)]),
    ],
    { width },
  );
}

const isoflopLine = (isoflop: IsoflopEstimate): string[] => [
  "isoFLOP parabolas",
  ...cells(isoflop, isoflop.interval),
  `${count(isoflop.groups, "group")} of ${count(isoflop.rows, "run")}`,
];

const digits = (exponent: number | null): string =>
  exponent === null ? "none" : significant(exponent, 3);

function cells(
  { params, tokens }: Pick<ScalingExponents, "params" | "tokens">,
  interval: IsoflopEstimate["interval"] | null,
): string[] {
  const range = ([low, high]: readonly [number, number]): string =>
    `${digits(low)} … ${digits(high)}`;
  return [
    digits(params),
    interval === null ? "" : range(interval.params),
    digits(tokens),
    interval === null ? "" : range(interval.tokens),
  ];
}
