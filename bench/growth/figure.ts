/** Growth as a picture: a row of two log-log panels a series, time and memory. */
import { lastOf } from "../../src/base/known.ts";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Growth } from "./main.ts";
import type { Axis } from "./series.ts";

const [WIDTH, HEIGHT, TITLE] = [400, 205, 40];
const INK = "#1f2328";
const MARGINS = { marginLeft: 52, marginRight: 16, marginTop: 26, marginBottom: 38 } as const;
const STYLE = {
  fontSize: "12px",
  color: INK,
  background: "white",
  fontFamily: "system-ui, sans-serif",
} as const;
const COLORS = { time: "#0550ae", memory: "#8250df" } as const;

/** Rows are whole mixtures: 108 for 100. */
const ROUNDED = 1.1;

type Measured = Growth["series"][number];
type Span = readonly [low: number, high: number];
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

/** The scales of a panel's axes. */
function axesOf(axis: Axis, dots: readonly Dot[], label: string, [low, high]: Span) {
  const base = axis === "restarts" || axis === "domains" ? 2 : 10;
  const xs = dots.map((d) => d.x);
  const xTicks = base === 2 ? xs : ticksOf(Math.min(...xs) / ROUNDED, Math.max(...xs) * ROUNDED);
  const ends = [...xs, ...xTicks];
  return {
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
  } as const;
}

/** A line of slope 1 through the last dot, as far down as the panel goes. */
function proportional(dots: readonly Dot[], low: number): { x: number; y: number }[] {
  const last = lastOf(dots);
  const from = Math.max(Math.min(...dots.map((d) => d.x)), (last.x * low) / last.y);
  return [{ x: from, y: (last.y * from) / last.x }, last];
}

/** A panel as SVG. */
function panel(
  { axis }: Measured,
  dots: readonly Dot[],
  label: string,
  color: string,
  slope: boolean,
): string {
  const ys = dots.map((d) => d.y);
  const span = [Math.min(...ys) / 2, Math.max(...ys) * 2] as const;
  const line = slope ? proportional(dots, span[0]) : [];
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    ...MARGINS,
    style: STYLE,
    ...axesOf(axis, dots, label, span),
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

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A panel inside a larger SVG. */
const placed = (svg: string, x: number, y: number): string =>
  svg.replace("<svg ", `<svg x="${x}" y="${y}" `);

/** All series as one SVG on white, which reads the same in light and dark pages. */
export function figure(series: Growth["series"]): string {
  const width = 2 * WIDTH + 20;
  const height = series.length * (HEIGHT + TITLE) + 34;
  const rows = series.flatMap((measured, n) => {
    const top = n * (HEIGHT + TITLE);
    const dots = (y: (p: Measured["points"][number]) => number): Dot[] =>
      measured.points.map((p) => ({ x: p[measured.axis], y: y(p), gpu: p.backend === "webgpu" }));
    return [
      `<text x="12" y="${top + 28}" font-size="14" font-weight="600">${capital(measured.title)}</text>`,
      placed(panel(measured, dots((p) => p.seconds), "↑ seconds", COLORS.time, true), 0, top + TITLE),
      placed(panel(measured, dots((p) => p.memory / 2 ** 20), "↑ peak memory, MiB", COLORS.memory, false), WIDTH + 10, top + TITLE),
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
