/** Growth as a picture: a row of two log-log panels a series, time and memory. */
import { lastOf } from "../src/base/known.ts";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Growth } from "./growth.ts";

const [WIDTH, HEIGHT, TITLE] = [400, 205, 40];
const INK = "#1f2328";
const COLORS = { time: "#0550ae", memory: "#8250df" } as const;

/** Rows are whole mixtures: 108 for 100. */
const ROUNDED = 1.1;

type One = Growth["series"][number];
type Dot = { readonly x: number; readonly y: number; readonly gpu: boolean };

const { document } = parseHTML("<html></html>");

/** From 1000 as 10³, powers of two from 128 as 2⁷. */
function tick(value: number, base: 2 | 10): string {
  if (value < (base === 2 ? 128 : 1000)) return String(value);
  const exponent = String(Math.round(Math.log2(value) / Math.log2(base)));
  return `${base}${exponent.replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(d)))}`;
}

/** Powers of 10 between two values, and 2 and 5 times those where that leaves few. */
function ticksOf(low: number, high: number): number[] {
  const decades = Array.from({ length: 14 }, (_, i) => 10 ** (i - 4));
  const all = Math.log10(high / low) < 2 ? decades.flatMap((d) => [d, 2 * d, 5 * d]) : decades;
  return all.filter((t) => t >= low && t <= high);
}

function panel(
  { axis }: One,
  dots: readonly Dot[],
  label: string,
  color: string,
  slope: boolean,
): string {
  const ys = dots.map((d) => d.y);
  const [low, high] = [Math.min(...ys) / 2, Math.max(...ys) * 2];
  const base = axis === "restarts" || axis === "domains" ? 2 : 10;
  const xs = dots.map((d) => d.x);
  const xTicks = base === 2 ? xs : ticksOf(Math.min(...xs) / ROUNDED, Math.max(...xs) * ROUNDED);
  const ends = [...xs, ...xTicks];
  const last = lastOf(dots);
  // Through the last point; as far down as the panel goes.
  const from = Math.max(Math.min(...xs), (last.x * low) / last.y);
  const line = slope ? [{ x: from, y: (last.y * from) / last.x }, last] : [];
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 52,
    marginRight: 16,
    marginTop: 26,
    marginBottom: 38,
    style: {
      fontSize: "12px",
      color: INK,
      background: "white",
      fontFamily: "system-ui, sans-serif",
    },
    x: {
      type: "log",
      base,
      domain: [Math.min(...ends), Math.max(...ends)],
      label: `${axis} →`,
      labelAnchor: "right",
      ticks: xTicks,
      tickFormat: (x: number) => tick(x, base),
    },
    y: {
      type: "log",
      domain: [low, high],
      label,
      ticks: ticksOf(low, high),
      tickFormat: (y: number) => tick(y, 10),
      grid: true,
    },
    marks: [
      Plot.frame({ stroke: "#d1d9e0" }),
      Plot.line(line, { x: "x", y: "y", stroke: "#818b98", strokeDasharray: "4,4" }),
      Plot.line(dots, { x: "x", y: "y", stroke: color, strokeWidth: 1.5 }),
      Plot.dot(dots, {
        x: "x",
        y: "y",
        r: 3.5,
        stroke: color,
        strokeWidth: 1.5,
        fill: (d: Dot) => (d.gpu ? color : "white"),
      }),
    ],
  });
  return (svg as unknown as { outerHTML: string }).outerHTML;
}

/** A panel inside a larger SVG. */
const placed = (svg: string, x: number, y: number): string =>
  svg.replace("<svg ", `<svg x="${x}" y="${y}" `);

/** All series as one SVG on white, which reads the same in light and dark pages. */
export function figure(series: Growth["series"]): string {
  const width = 2 * WIDTH + 20;
  const height = series.length * (HEIGHT + TITLE) + 34;
  const rows = series.flatMap((one, n) => {
    const top = n * (HEIGHT + TITLE);
    const dots = (y: (p: One["points"][number]) => number): Dot[] =>
      one.points.map((p) => ({ x: p[one.axis], y: y(p), gpu: p.backend === "webgpu" }));
    return [
      `<text x="12" y="${top + 28}" font-size="14" font-weight="600">${one.title.charAt(0).toUpperCase()}${one.title.slice(1)}</text>`,
      placed(panel(one, dots((p) => p.seconds), "↑ seconds", COLORS.time, true), 0, top + TITLE),
      placed(panel(one, dots((p) => p.memory / 2 ** 20), "↑ peak memory, MiB", COLORS.memory, false), WIDTH + 10, top + TITLE),
    ]; // prettier-ignore
  });
  const legend =
    "Filled: searched with WebGPU; hollow: in float64 on the CPU. Dashed: proportional to the size.";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" fill="${INK}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...rows,
    `<text x="12" y="${height - 14}" font-size="12">${legend}</text>`,
    "</svg>\n",
  ].join("\n");
}
