/**
 * Formulas as people fit them, at scales as people have them: simulated, so that the truth is
 * known. After public questions about curve fitting tools, which mostly end with "give better
 * starts".
 */
import { stream } from "../../../src/random/rng.ts";

type Numbers = Readonly<Record<string, number>>;

/** A formula, its truth, and where it is measured. */
export interface BatteryCase {
  readonly name: string;
  readonly formula: string;
  /** The same, as plain arithmetic. */
  readonly truth: (p: Numbers, row: Numbers) => number;
  readonly parameters: Numbers;
  /** Columns. */
  readonly columns: Readonly<Record<string, readonly number[]>>;
  /** Noise, as a share of the standard deviation of the response. */
  readonly noise: number;
}

const spaced = (from: number, to: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
const decades = (from: number, to: number, n: number): number[] =>
  spaced(Math.log10(from), Math.log10(to), n).map((x) => 10 ** x);
/** Every pair of two lists. */
const grid = (a: readonly number[], b: readonly number[]) => ({
  x: a.flatMap((x) => b.map(() => x)),
  z: a.flatMap(() => [...b]),
});
const { exp, log, sin, cos, tanh, atan, abs, sqrt, PI } = Math;

/** Noise of most cases. */
const SOME = 0.01;

const drawn = (
  name: string,
  formula: string,
  parameters: Numbers,
  columns: BatteryCase["columns"] | readonly number[],
  truth: BatteryCase["truth"],
  noise = SOME,
): BatteryCase => ({
  name,
  formula,
  parameters,
  columns: "x" in columns ? columns : { x: columns as readonly number[] },
  truth,
  noise,
});

export const BATTERY: readonly BatteryCase[] = [
  drawn("Michaelis–Menten, nanomolar", "y = V*x/(K + x)", { V: 3.2e-7, K: 4.5e-9 }, decades(1e-10, 1e-6, 20), (p, { x }) => (p["V"] * x) / (p["K"] + x)),
  drawn("Michaelis–Menten, x with 0", "y = V*x/(K + x)", { V: 2.1e5, K: 0.08 }, [0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 1.5, 2], (p, { x }) => (p["V"] * x) / (p["K"] + x)),
  drawn("substrate inhibition", "y = V*x/(K + x + x^2/I)", { V: 800, K: 3e-5, I: 2e-3 }, decades(1e-6, 1e-1, 30), (p, { x }) => (p["V"] * x) / (p["K"] + x + x ** 2 / p["I"])),
  drawn("Hill, micromolar", "y = b + (t - b)*x^n/(K^n + x^n)", { b: 120, t: 5300, K: 2.7e-6, n: 1.8 }, decades(1e-8, 1e-3, 25), (p, { x }) => p["b"] + ((p["t"] - p["b"]) * x ** p["n"]) / (p["K"] ** p["n"] + x ** p["n"])),
  drawn("Hill with logarithms of doses", "y = b + (t - b)/(1 + 10^((m - x)*n))", { b: 0.02, t: 1.1, m: -6.3, n: 1.2 }, spaced(-9, -4, 24), (p, { x }) => p["b"] + (p["t"] - p["b"]) / (1 + 10 ** ((p["m"] - x) * p["n"]))),
  drawn("Gompertz", "y = a*exp(-b*exp(-c*x))", { a: 4.2e9, b: 12, c: 0.008 }, spaced(0, 900, 40), (p, { x }) => p["a"] * exp(-p["b"] * exp(-p["c"] * x))),
  drawn("logistic growth by year", "y = K/(1 + exp(-r*(x - m)))", { K: 3.4e8, r: 0.03, m: 1915 }, spaced(1790, 2020, 24), (p, { x }) => p["K"] / (1 + exp(-p["r"] * (x - p["m"])))),
  drawn("Richards", "y = a/(1 + exp(b - k*x))^(1/n)", { a: 700, b: 5.3, k: 0.76, n: 1.28 }, spaced(1, 15, 40), (p, { x }) => p["a"] / (1 + exp(p["b"] - p["k"] * x)) ** (1 / p["n"]), 0.002),
  drawn("double exponential", "y = a*exp(-x/s) + b*exp(-x/t) + c", { a: 5e-3, s: 2e-6, b: 3e-3, t: 3e-5, c: 4e-4 }, spaced(0, 1.2e-4, 120), (p, { x }) => p["a"] * exp(-x / p["s"]) + p["b"] * exp(-x / p["t"]) + p["c"], 0.002),
  drawn("exponential of years", "y = a*exp(b*x) + c", { a: 2e-21, b: 0.028, c: 280 }, spaced(1850, 2020, 60), (p, { x }) => p["a"] * exp(p["b"] * x) + p["c"]),
  drawn("decay of negative data", "y = a*exp(-k*x) - c", { a: -40, k: 3e-4, c: 65 }, spaced(0, 2e4, 60), (p, { x }) => p["a"] * exp(-p["k"] * x) - p["c"]),
  drawn("wave of unknown frequency", "y = a*sin(w*x + p) + c", { a: 3, w: 39.3, p: 0.7, c: 10 }, spaced(0, 2, 120), (p, { x }) => p["a"] * sin(p["w"] * x + p["p"]) + p["c"], 0.2),
  drawn("wave in unix time", "y = a*sin(2*pi*x/T + p) + c", { a: 8, T: 86400, p: 1, c: 15 }, spaced(1.66e9, 1.66e9 + 6e5, 150), (p, { x }) => p["a"] * sin((2 * PI * x) / p["T"] + p["p"]) + p["c"], 0.1),
  drawn("damped wave", "y = a*exp(-x/t)*cos(w*x + p)", { a: 2e-3, t: 4e-7, w: 6e7, p: 0.4 }, spaced(0, 1e-6, 200), (p, { x }) => p["a"] * exp(-x / p["t"]) * cos(p["w"] * x + p["p"]), 0.05),
  drawn("power law with an offset", "y = a*(x - x0)^b", { a: 3.4e-4, x0: -25, b: 1.7 }, spaced(0, 400, 40), (p, { x }) => p["a"] * (x - p["x0"]) ** p["b"]),
  drawn("power law and a floor", "y = E + A/x^a", { E: 1.9, A: 410, a: 0.34 }, decades(1e7, 1e11, 30), (p, { x }) => p["E"] + p["A"] / x ** p["a"]),
  drawn("Arrhenius", "y = A*exp(-E/(8.314*x))", { A: 4e13, E: 1.03e5 }, spaced(300, 420, 20), (p, { x }) => p["A"] * exp(-p["E"] / (8.314 * x)), 0.002),
  drawn("Antoine", "y = a - b/(x + c)", { a: 8.07, b: 1730, c: 233 }, spaced(1, 100, 40), (p, { x }) => p["a"] - p["b"] / (x + p["c"]), 1e-4),
  drawn("Gaussian peak in nanometres", "y = a*exp(-(x - m)^2/(2*s^2)) + b", { a: 1.4e4, m: 5.32e-7, s: 1.1e-8, b: 300 }, spaced(4.5e-7, 6.2e-7, 90), (p, { x }) => p["a"] * exp(-((x - p["m"]) ** 2) / (2 * p["s"] ** 2)) + p["b"]),
  drawn("two Gaussian peaks on a line", "y = a*exp(-((x - m)/s)^2) + b*exp(-((x - n)/t)^2) + c + d*x", { a: 90, m: 1330, s: 25, b: 60, n: 1580, t: 40, c: 12, d: 0.004 }, spaced(1000, 2000, 160), (p, { x }) => p["a"] * exp(-(((x - p["m"]) / p["s"]) ** 2)) + p["b"] * exp(-(((x - p["n"]) / p["t"]) ** 2)) + p["c"] + p["d"] * x),
  drawn("Lorentzian", "y = a/(1 + ((x - m)/g)^2) + b", { a: 0.9, m: 2.4501e9, g: 3e5, b: 0.05 }, spaced(2.445e9, 2.455e9, 120), (p, { x }) => p["a"] / (1 + ((x - p["m"]) / p["g"]) ** 2) + p["b"]),
  drawn("stretched exponential", "y = a*exp(-(x/t)^b) + c", { a: 0.8, t: 3.6e-3, b: 0.55, c: 0.1 }, decades(1e-6, 1, 50), (p, { x }) => p["a"] * exp(-((x / p["t"]) ** p["b"])) + p["c"]),
  drawn("Langmuir–Freundlich", "y = q*(k*x)^n/(1 + (k*x)^n)", { q: 5.5e-3, k: 2e-5, n: 0.7 }, decades(1e2, 1e7, 30), (p, { x }) => (p["q"] * (p["k"] * x) ** p["n"]) / (1 + (p["k"] * x) ** p["n"])),
  drawn("diode", "y = I*(exp(x/(n*0.02585)) - 1)", { I: 3e-12, n: 1.6 }, spaced(0, 0.7, 40), (p, { x }) => p["I"] * (exp(x / (p["n"] * 0.02585)) - 1)),
  drawn("error of a step", "y = a*tanh((x - m)/w) + c", { a: -2.5e6, m: 44100, w: 350, c: 1e7 }, spaced(4e4, 4.8e4, 80), (p, { x }) => p["a"] * tanh((x - p["m"]) / p["w"]) + p["c"]),
  drawn("phase of a resonance", "y = c + atan((x - m)/w)", { c: 30, m: 6.1e6, w: 8e3 }, spaced(6e6, 6.2e6, 80), (p, { x }) => p["c"] + atan((x - p["m"]) / p["w"])),
  drawn("rational", "y = (a + b*x)/(1 + c*x + d*x^2)", { a: 2, b: 3e-4, c: -1e-4, d: 5e-8 }, spaced(0, 2e4, 60), (p, { x }) => (p["a"] + p["b"] * x) / (1 + p["c"] * x + p["d"] * x ** 2)),
  drawn("hinge", "y = a + b*max(x - c, 0)", { a: 7e-5, b: 2e-9, c: 3.1e4 }, spaced(0, 1e5, 60), (p, { x }) => p["a"] + p["b"] * Math.max(x - p["c"], 0)),
  drawn("critical batch", "y = S*(1 + B/x)", { S: 2.2e4, B: 1.7e6 }, decades(1e4, 1e8, 20), (p, { x }) => p["S"] * (1 + p["B"] / x)),
  drawn("Kaplan's law", "y = E + ((A/x)^(a/b) + B/z)^b", { E: 0.4, A: 8.8e13, a: 0.076, B: 5.4e13, b: 0.095 }, grid(decades(1e6, 1e9, 6), decades(1e8, 1e11, 6)), (p, { x, z }) => p["E"] + ((p["A"] / x) ** (p["a"] / p["b"]) + p["B"] / z) ** p["b"], 0.001),
  drawn("scaling law, own names", "y = E + A/x^a + B/z^b", { E: 1.7, A: 480, a: 0.35, B: 2000, b: 0.37 }, grid(decades(2e7, 2e10, 6), decades(3e8, 3e11, 6)), (p, { x, z }) => p["E"] + p["A"] / x ** p["a"] + p["B"] / z ** p["b"], 0.002),
  drawn("two exponents of a product", "y = a*x^b*z^c", { a: 6e-11, b: 2.1, c: -1.3 }, grid(decades(1e3, 1e6, 6), decades(1e-6, 1e-3, 6)), (p, { x, z }) => p["a"] * x ** p["b"] * z ** p["c"]),
  drawn("planets", "y = a*x^b + c*log(x)", { a: 1e-9, b: 1.5, c: 40 }, decades(5e7, 6e9, 30), (p, { x }) => p["a"] * x ** p["b"] + p["c"] * log(x)),
  drawn("square root with an offset", "y = a*sqrt(x + b) - c", { a: 1e-3, b: 4e8, c: 12 }, spaced(0, 5e9, 40), (p, { x }) => p["a"] * sqrt(x + p["b"]) - p["c"], 1e-3),
  drawn("absolute value", "y = a + b*abs(x - c)", { a: 1e12, b: -3e9, c: 170 }, spaced(0, 400, 41), (p, { x }) => p["a"] + p["b"] * abs(x - p["c"])),
]; // prettier-ignore

/** The table of a case as CSV, its noise from the repository's own generator. */
export function tableOf({ truth, parameters, columns, noise }: BatteryCase): string {
  const names = Object.keys(columns);
  const rows = Array.from({ length: columns[names[0]].length }, (_, i) =>
    Object.fromEntries(names.map((name) => [name, columns[name][i]])),
  );
  const clean = rows.map((row) => truth(parameters, row));
  const mean = clean.reduce((a, b) => a + b, 0) / clean.length;
  const sd = sqrt(clean.reduce((sum, y) => sum + (y - mean) ** 2, 0) / clean.length);
  const draws = stream(1, 0);
  const lines = rows.map((row, i) =>
    [...names.map((name) => row[name]), clean[i] + noise * sd * draws.normal(i, 0)].join(),
  );
  return [[...names, "y"].join(), ...lines].join("\n");
}

/** Half the mean square of the noise, roughly what a fit that found the truth ends with. */
export function floorOf(each: BatteryCase, csv: string): number {
  const [header, ...lines] = csv.split("\n").map((line) => line.split(","));
  const squares = lines.map((cells) => {
    const row = Object.fromEntries(header.map((name, i) => [name, Number(cells[i])]));
    return (row["y"] - each.truth(each.parameters, row)) ** 2;
  });
  return squares.reduce((a, b) => a + b, 0) / squares.length / 2;
}
