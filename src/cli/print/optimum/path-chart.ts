/** How the shares of an optimum change along a path of scales, as columns of a small chart. */
import { inPercent } from "../../../base/format-number.ts";
import { entryOf, firstOf, itemAt, lastOf } from "../../../base/known.ts";
import type { PathRow } from "../../../mixture/at-scale.ts";
import type { Medium } from "../../io/output.ts";
import { packed } from "../../text/layout.ts";
import { type Cell, harmless, painted } from "../../text/style.ts";
import { padLeft, padRight, shortened, widthOf } from "../../text/width.ts";

/** Eighths of a line, from the least. */
const HEIGHTS = "▁▂▃▄▅▆▇█";
const OPEN = "┄";

/** Columns of a point at most, and of all of them. */
const ROOM = { point: 6, least: 12, most: 60 } as const;
const GAP = "  ";

/** A share that changes by less than this does not change. */
const SEEN = 5e-4;

/** Each share between the least and the most of them, as the height of a block. */
function heightsOf(shares: readonly number[]): string[] {
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const place = (share: number): number => (high - low < SEEN ? 0.5 : (share - low) / (high - low));
  const last = HEIGHTS.length - 1;
  return shares.map((share) => HEIGHTS[Math.round(last * place(share))] ?? " ");
}

/**
 * A line a domain: its share at the first point, a block a point, its share at the last. Each line
 * has a scale of its own: how shares move, not how large they are. Empty where charts are not
 * drawn, or there is no path to see.
 */
export function pathChart(rows: readonly PathRow[], { charts, width, style }: Medium): string {
  if (!charts || rows.length < 2) return "";
  const optima = rows.map(({ optimum }) => optimum);
  const domains = Object.keys(firstOf(optima).weights);
  const names = domains.map((domain) => shortened(harmless(domain), Math.floor(width / 3)));
  const nameWidth = Math.max(...names.map(widthOf));
  const labelWidth = "100.00".length;
  const room = Math.min(ROOM.most, width - nameWidth - 2 * labelWidth - 3 * GAP.length);
  const each = Math.min(ROOM.point, Math.floor(room / rows.length));
  if (each < 1 || room < ROOM.least) return "";
  const cells = (domain: string): Cell[] => {
    const heights = heightsOf(optima.map(({ weights }) => entryOf(weights, domain)));
    return optima.map(({ undetermined }, i) =>
      undetermined[domain] === undefined
        ? [itemAt(heights, i).repeat(each), "bar"]
        : [OPEN.repeat(each), "warn"],
    );
  };
  const share = ({ weights, undetermined }: PathRow["optimum"], domain: string): string =>
    undetermined[domain] === undefined ? inPercent(entryOf(weights, domain)) : "?";
  const lines = domains.map((domain, i) =>
    [
      padRight(names[i] ?? "", nameWidth),
      padLeft(share(firstOf(optima), domain), labelWidth),
      painted(cells(domain), style),
      padLeft(share(lastOf(optima), domain), labelWidth),
    ].join(GAP),
  );
  const isOpen = optima.some(({ undetermined }) => Object.keys(undetermined).length > 0);
  const legend = [
    `${style.bar(HEIGHTS)} each share from its least to its most`,
    ...(isOpen ? [`${style.warn(OPEN)} not determined`] : []),
  ];
  return [packed(legend, width), ...lines].join("\n");
}
