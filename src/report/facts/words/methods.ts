/** What the methods show: runs, laws, fits, intervals and optima, as the files record them. */
import { compact, grouped, percent } from "../../../base/format-number.ts";
import { firstOf } from "../../../base/known.ts";
import { count } from "../../../base/wording.ts";
import { lawIn } from "../../../fit/file/law-of-fit.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { OptimizeRequest } from "../../../mixture/request/optimize-options.ts";
import type { MethodsData, MethodsPart } from "../../../views/words/methods.ts";
import { type CommandLine, commandLine, fileWord } from "../../../words/command-line.ts";
import { fitCommand } from "../../../words/fit-command.ts";
import { fitsByLaw } from "../../../words/fits-by-law.ts";
import { objectiveWords } from "../../../words/objective-words.ts";
import { optimizeCommand } from "../../../words/optimize-command.ts";
import { goalWords, lawWords, scaleWords } from "../../../words/phrases.ts";
import type { Material, NamedOptimum } from "../material.ts";

type Item = MethodsPart["items"][number];

export function methodsFacts({ file, optima }: Material): MethodsData {
  const parts = [
    { title: "The runs", items: runItems(file) },
    { title: "The laws", items: lawItems(file) },
    { title: "The fits", items: fitItems(file) },
    ...optima.map(({ name, optimum }) => ({
      title: optima.length > 1 ? `The optimum ${name}` : "The optimum",
      items: optimumItems(optimum),
    })),
  ];
  return { parts, commands: commandsOf(file, optima), references: referencesOf(file) };
}

const item = (name: string, ...lines: readonly (string | undefined)[]): Item => ({
  name,
  lines: lines.flatMap((line) => (line === undefined || line === "" ? [] : [line])),
});

function runItems({ data, fits }: FitFile): Item[] {
  const { reading = {}, domains, range, mixtures } = data;
  const targets = [...new Set(fits.map(({ target }) => target))];
  const spans = ([["N", range.params], ["D", range.tokens]] as const).flatMap(([name, span]) =>
    span === null ? [] : [`${name} from ${compact(span.min)} to ${compact(span.max)}`],
  ); // prettier-ignore
  return [
    item("Table", data.source, `SHA-256 ${data.sha256}`),
    item(
      "Rows",
      `${grouped(data.rows)} fitted, ${grouped(data.testRows)} held out${spans.length === 0 ? "" : `; ${spans.join(", ")}`}.`,
      reading.where === undefined ? undefined : `Used: those with ${reading.where}.`,
      reading.test === undefined ? undefined : `Held out: those with ${reading.test}.`,
    ),
    ...(domains.length === 0
      ? []
      : [item("Domains", `${domains.join(", ")}; ${count(mixtures.length, "distinct mixture")}.`)]),
    item("Targets", `${targets.join(", ")}.`),
  ];
}

/** Each law as its source writes it, as it was fitted where that differs, and its source. */
const lawItems = (file: FitFile): Item[] =>
  [...fitsByLaw(file.fits)].map(([law, fits]) => {
    const { formula } = firstOf(fits);
    const forms = [...new Set(fits.flatMap(({ form }) => form?.equations.join("; ") ?? []))];
    const differing = forms.filter((form) => form !== formula && form !== `L = ${formula}`);
    return item(
      law,
      formula,
      ...differing.map((form) => `As it was fitted: ${form}`),
      lawIn(file, law).source,
    );
  });

function fitItems(file: FitFile): Item[] {
  const { settings, backend, version, fits } = file;
  const restarts = settings.adaptiveRestarts
    ? `${leastToMost(fits, ({ restarts: random, starts }) => random?.done ?? starts)} random starts for each target, which ended where another would hardly find a new optimum, or at ${settings.restarts}`
    : `${settings.restarts} random starts for each target`;
  const all = leastToMost(fits, ({ starts }) => starts);
  const hops = leastToMost(fits, ({ hops: made }) => made.starts);
  return [
    item("Objective", `${objectiveWords(file)}; the mean over the fitted rows, a fit a target.`),
    item(
      "Search",
      `Levenberg–Marquardt from ${restarts} (${all} with those of smaller laws), seed ${settings.seed}, then ${hops} basin ${hops === "1" ? "hop" : "hops"}; the best points were polished in float64, and all numbers come from there.`,
    ),
    item(
      "Backend",
      `${backend.kind === "webgpu" ? "WebGPU" : "CPU"}: ${backend.adapter}; mixlaw ${version}.`,
    ),
    item("Intervals of parameters", bootstrapWords(firstOf(fits))),
    item("Intervals of new runs", backtestWords(fits)),
  ];
}

/** A number of all fits' searches, or its least and most. */
function leastToMost(fits: readonly Fit[], number: (search: Fit["search"]) => number): string {
  const numbers = fits.map(({ search }) => number(search));
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function bootstrapWords({ bootstrap }: Fit): string {
  if (bootstrap === null)
    return "None by a bootstrap; standard errors follow from the Jacobian at the optimum, in blocks of rows that share their error.";
  const { replicates, blocks, group, resampling, level, interval } = bootstrap;
  const kind = interval === "bca" ? "BCa" : "percentile";
  const how = resampling === "bayesian" ? "weighted by a Dirichlet distribution" : "drawn with replacement"; // prettier-ignore
  const what = group === null ? "blocks of rows" : `values of ${group}`;
  return `${kind} at ${percent(level)}, from ${count(replicates, "replicate")} with ${blocks} ${what} ${how}, each fitted again.`;
}

function backtestWords(fits: readonly Fit[]): string {
  const tested = fits.flatMap(({ backtests }) => backtests ?? []);
  if (tested.length === 0)
    return "Parameters and noise, without back-tests: none beyond the fitted sizes.";
  const axes = { params: "N", tokens: "D", compute: "6ND" } as const;
  const { axis, levels } = firstOf(tested);
  return `Parameters, noise, and the law's error as back-tests show it: fits to the runs of smaller ${axes[axis]}, tested on the larger ones, over ${count(levels.length, "level")}.`;
}

function optimumItems(optimum: Optimum): Item[] {
  const { search, monteCarlo, active, lattice, version, robust } = optimum;
  const solver = requestOf(optimum)?.solver === "mirror" ? "mirror descent" : "projected gradients";
  const bound = active.map(({ constraint }) => constraint);
  return [
    item("Objective", `${goalWords(optimum)}, by the ${lawWords(optimum.laws)}.`),
    item("Run", scaleWords(optimum.at) || "The laws do not depend on N and D."),
    item(
      "Search",
      `${count(search.descents, "descent")} by ${solver}${monteCarlo === null ? "" : `, from the best of ${grouped(monteCarlo.samples)} random mixtures among others`}; mixlaw ${version}.`,
      robust === null ? undefined : `Over the bootstrap's replicates: ${robust}.`,
      lattice === null ? undefined : `Shares are multiples of 1/${lattice.denominator}.`,
    ),
    ...(bound.length === 0 ? [] : [item("Constraints that bind", `${bound.join(", ")}.`)]),
  ];
}

/** What was asked for; files of earlier versions do not say it. */
const requestOf = ({ request }: Optimum): OptimizeRequest | undefined => request;

const FIT = "fit.json";

function commandsOf(file: FitFile, optima: readonly NamedOptimum[]): MethodsData["commands"] {
  const fits = textsOf("The fits", fitCommand(file, FIT));
  // Files of versions that did not keep it have no rows either.
  const { reading, testRows, dropped } = file.data;
  const isSelected = testRows > 0 || dropped.some(({ reason }) => reason === "where");
  const isOld = reading === undefined && (isSelected || file.rows === undefined);
  const unread = !isOld
    ? []
    : [{ caption: "If columns or rows of the table were named, the fit file does not say so: add --where, --test and the like.", text: "mixlaw fit --help" }]; // prettier-ignore
  const chosen = optima.flatMap(({ name, optimum }) => {
    const request = requestOf(optimum);
    return request === undefined ? [] : textsOf(name, optimizeCommand(request, FIT, name));
  });
  const names = optima.map(({ name }) => name);
  const report = {
    caption: "This report",
    text: commandLine(["mixlaw", "report", FIT, ...names.map(fileWord)], []),
  };
  return [...fits, ...unread, ...chosen, report];
}

const textsOf = (caption: string, { line, files }: CommandLine): MethodsData["commands"] => [
  ...files.map(({ name, text }) => ({ caption: `The file ${name}`, text })),
  { caption, text: line },
];

/** Sources of the laws, then of the methods. */
function referencesOf(file: FitFile): string[] {
  const laws = [...new Set(file.fits.map(({ law }) => lawIn(file, law).source))];
  const isResampled = file.fits.some(({ bootstrap }) => bootstrap !== null);
  return [
    ...laws.filter((source) => source !== ""),
    ...(file.settings.loss === "huber" ? ["Huber 1964, Robust estimation of a location parameter (the loss)"] : []), // prettier-ignore
    "Good 1953, The population frequencies of species (the chance of an optimum not seen)",
    ...(isResampled ? ["Efron 1987, Better bootstrap confidence intervals"] : []),
  ];
}
