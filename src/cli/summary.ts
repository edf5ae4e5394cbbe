/** A fit file as a person reads it. */
import type { Fit, FitFile } from "../fit/result.ts";
import { count, type Heading, number, seconds, table, tableWidth, wrap } from "./layout.ts";
import { parameterTables, smallParameterTable } from "./parameters.ts";
import type { Style } from "./output.ts";

export interface SummaryOptions {
  readonly width: number;
  readonly style: Style;
  /** Whether all parameters are printed. */
  readonly parameters: boolean;
}

/** The whole text that `mixlaw fit` prints, without a last line end. */
export function summary(file: FitFile, options: SummaryOptions): string {
  const blocks = [heading(file, options), ...results(file, options)];
  if (options.parameters) blocks.push(...parameterTables(file, options.style));
  else blocks.push(...smallParameterTable(file));
  blocks.push(...remarks(file, options));
  return blocks.filter((block) => block !== "").join("\n\n");
}

function heading({ data, settings, backend, fits, timing }: FitFile, { width, style }: SummaryOptions): string {
  const rows = `${count(data.rows, "row")} fitted${data.testRows > 0 ? `, ${data.testRows} held out` : ""}`;
  const targets = new Set(fits.map((fit) => fit.target)).size;
  const domains = data.domains.length === 0 ? [] : [`${count(data.domains.length, "domain")} (${data.domains.join(", ")})`];
  const what = [rows, ...domains, count(targets, "target")].join(", ");
  const loss = settings.loss === "huber" ? `Huber loss (δ ${settings.delta})` : "squared loss";
  const time = timing["total"] === undefined ? [] : [seconds(timing["total"])];
  const on = backend.kind === "webgpu" ? `WebGPU on ${backend.adapter}` : backend.adapter;
  const how = [`${loss} of the ${settings.residual} residual`, `${settings.restarts} starts a fit`, `seed ${settings.seed}`];
  return [
    wrap(what, width, `${style.bold(data.source)}: `.replace(/: $/, ":  ")).replace(/:\n +/, ":  "),
    style.dim(wrap([...how, on, ...time].join(" · "), width)),
  ].join("\n");
}

const percent = (value: number): string => (value >= 0.095 || value === 0 ? value.toFixed(2) : value.toPrecision(2));

/** Marks at the number of starts; what they mean is said below the table. */
const MARK: Readonly<Record<Fit["search"]["status"], string>> = { converged: "", "not-converged": " !", interrupted: " ~" };

interface Metric {
  readonly title: string;
  readonly of: (fit: Fit) => string;
}

function results(file: FitFile, options: SummaryOptions): string[] {
  const { fits } = file;
  const laws = [...new Set(fits.map((fit) => fit.law))];
  const targets = [...new Set(fits.map((fit) => fit.target))];
  const tested = fits.some((fit) => fit.test !== null);
  const marked = fits.some((fit) => fit.search.status !== "converged");
  const best = tested && laws.length > 1 ? bestByTest(fits) : new Set<Fit>();
  const errors: Metric[] = [
    { title: tested ? "train" : "MRE %", of: (fit) => percent(fit.train.mrePercent) },
    ...(tested ? [{ title: "test", of: (fit: Fit) => (fit.test === null ? "–" : percent(fit.test.mrePercent)) }] : []),
  ];
  const search: Metric[] = [
    { title: "objective", of: (fit) => fit.objective.toExponential(3) },
    {
      title: marked ? "agreed  " : "agreed",
      of: (fit) => `${fit.search.reachedBest}/${fit.search.starts}${marked ? MARK[fit.search.status].padEnd(2) : ""}`,
    },
  ];
  const more: Metric[] = [
    { title: "R²", of: (fit) => (fit.train.r2 === null ? "–" : fit.train.r2.toFixed(4)) },
    { title: "condition", of: (fit) => conditionOf(fit) },
  ];

  const draw = (title: string, names: readonly string[], metrics: readonly Metric[], group: (law: string) => string): string => {
    const headings: Heading[] = [
      { title, align: "left" },
      ...names.flatMap((law) => metrics.map((metric): Heading => ({ title: metric.title, align: "right", group: group(law) }))),
    ];
    const rows = targets.map((target) => [
      target,
      ...names.flatMap((law) => {
        const fit = fits.find((other) => other.law === law && other.target === target);
        return metrics.map((metric) => {
          const text = fit === undefined ? "–" : metric.of(fit);
          return fit !== undefined && best.has(fit) && metric.title === "test" ? options.style.bold(text) : text;
        });
      }),
    ]);
    return table(headings, rows);
  };
  const fitsIn = (text: string): boolean => tableWidth(text) <= options.width;
  /** Laws side by side, in as many tables as the width asks for. */
  const sideBySide = (title: string, metrics: readonly Metric[]): string[] => {
    for (let each = laws.length; each >= 1; each--) {
      const tables = chunks(laws, each).map((names) => draw(title, names, metrics, (law) => law));
      if (each === 1 || tables.every(fitsIn)) return tables;
    }
    return [];
  };

  const legend = tested ? "MRE, %" : "target";
  if (laws.length === 1) {
    const [law = ""] = laws;
    const name = `${options.style.bold(law)}  ${fits[0]?.formula ?? ""}`;
    const full = draw(tested ? "target" : "target", laws, [...renamed(errors, tested), ...more, ...search], () => "");
    return [`${wrap(name, options.width)}\n\n${fitsIn(full) ? full : draw("target", laws, [...renamed(errors, tested), ...search], () => "")}`];
  }
  const all = draw("target", laws, [...renamed(errors, tested), ...search], (law) => law);
  if (fitsIn(all)) return [all];
  return [...sideBySide(legend, errors), ...sideBySide("search", search)];
}

/** Headings that say what they are where no title of the table does. */
const renamed = (errors: readonly Metric[], tested: boolean): Metric[] =>
  errors.map((metric) => (tested ? { ...metric, title: metric.title } : metric));

const conditionOf = ({ certificate }: Fit): string => {
  const value = certificate.conditionNumber;
  return value === null ? "∞" : number(value, 2);
};

function bestByTest(fits: readonly Fit[]): Set<Fit> {
  const best = new Map<string, Fit>();
  for (const fit of fits) {
    const sofar = best.get(fit.target);
    if (fit.test !== null && (sofar?.test == null || fit.test.mrePercent < sofar.test.mrePercent)) best.set(fit.target, fit);
  }
  return new Set(best.values());
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

function remarks(file: FitFile, options: SummaryOptions): string[] {
  void file;
  void options;
  return [];
}
