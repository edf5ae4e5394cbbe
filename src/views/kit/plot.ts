/** Observable Plot with what all pictures share. */
import type { LabelRoom } from "./labels.ts";
import * as Plot from "./marks.ts";
import { COLOR } from "./palette.ts";
import type { Frame } from "./view.ts";

export * as Plot from "./marks.ts";

/**
 * A picture as SVG.
 *
 * @param label what the picture shows, for screen readers
 * @param options of `Plot.plot`; width and style are the frame's unless they are given
 */
export function plotted(
  { document, width }: Frame,
  label: string,
  options: Plot.PlotOptions,
): SVGSVGElement {
  const made = Plot.plot({
    width,
    style: { background: "none", color: COLOR.ink, fontSize: "12px", overflow: "visible" },
    ...options,
    document,
    figure: false,
  });
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  // Plot names its groups of marks; a name needs a role that may have one.
  for (const marks of made.querySelectorAll("g[aria-label]")) marks.setAttribute("role", "group");
  return made as unknown as SVGSVGElement;
}

/** Names left of the rows of a picture, cut where there is little room; hovering shows them. */
export const rowNames = (names: readonly string[], { label }: LabelRoom): Plot.Markish =>
  Plot.text(names, {
    y: (name: string) => name,
    text: label,
    title: (name: string) => name,
    frameAnchor: "left",
    textAnchor: "end",
    dx: -8,
  });

/** Behind the shares of several mixtures: from the least to the largest of each domain. */
export function rowSpans(
  shares: readonly { readonly domain: string; readonly share: number }[],
): Plot.Markish {
  const spans = [...new Set(shares.map(({ domain }) => domain))].map((domain) => {
    const own = shares.filter((each) => each.domain === domain).map(({ share }) => share);
    return { domain, low: Math.min(...own), high: Math.max(...own) };
  });
  return Plot.link(spans, { x1: "low", x2: "high", y: "domain", stroke: COLOR.grid, strokeWidth: 4 }); // prettier-ignore
}
