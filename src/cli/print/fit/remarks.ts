/**
 * What a reader must know beside the numbers: what happened to the data, and which fits not to rely
 * on.
 */
import { withFlagNames } from "../../io/option-flags.ts";
import { count, shorten } from "../../../base/wording.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import { wrap } from "../../text/layout.ts";
import { noiseWords } from "./noise-floor.ts";
import type { SummaryOptions } from "../../io/output.ts";
import { isSmall } from "./parameters.ts";
import { undeterminedCount, undeterminedWhy } from "./undetermined.ts";
import { percent } from "../../../base/format-number.ts";

/** Marks at the number of starts that agreed. */
export const MARK: Readonly<Record<Fit["search"]["status"], string>> = {
  converged: "",
  "not-converged": "!",
  interrupted: "~",
};

const LEGEND =
  "%: mean relative error. agreed: starts within 0.1 % of the best objective, a mean over the fitted rows.";

const REASONS: Readonly<Record<string, string>> = {
  where: "that no filter asks for",
  "missing input": "without an input",
  "missing weight": "without a weight",
  "missing loss": "without any loss",
};

/** Paragraphs under the tables. */
export function remarks(
  { data, fits }: FitFile,
  { width, style, parameters }: SummaryOptions,
): string {
  const dropped = data.dropped.map(
    ({ reason, rows }) => `${count(rows, "row")} ${REASONS[reason] ?? reason}`,
  );
  const notes = [
    ...(dropped.length === 0 ? [] : [`left out: ${dropped.join(", ")}`]),
    ...data.notes,
  ];
  const grouped = new Map<string, Fit[]>();
  const add = (text: string, fit: Fit): void =>
    void grouped.set(text, [...(grouped.get(text) ?? []), fit]);
  for (const fit of fits) {
    for (const warning of fit.warnings) add(warning, fit);
    const why = parameters || isSmall(fit) ? undeterminedWhy(fit) : undefined;
    if (why !== undefined) add(why, fit);
  }
  const unseen = undeterminedCount(parameters ? [] : fits.filter((fit) => !isSmall(fit)));
  if (unseen !== undefined) notes.push(unseen);
  notes.push(...held(fits), ...hopped(fits), ...floors(fits), ...bootstrapped(fits));
  const lines = [
    ...notes.map((note) => wrap(withFlagNames(note), width, style.dim("note: "))),
    ...[...grouped].map(([text, of]) =>
      wrap(`${who(of, fits)}: ${withFlagNames(text)}`, width, style.warn("warning: ")),
    ),
  ];
  const legend = wrap(LEGEND, width).split("\n").map(style.dim).join("\n");
  return [legend, ...(lines.length === 0 ? [] : [lines.join("\n")])].join("\n\n");
}

/** "joint" for all targets of a law, "joint: loss_a, loss_b" for some, "every fit" for all. */
function who(of: readonly Fit[], all: readonly Fit[]): string {
  if (of.length === all.length) return all.length === 1 ? "the fit" : "every fit";
  const laws = [...new Set(of.map((fit) => fit.law))];
  return laws
    .map((law) => {
      const mine = of.filter((fit) => fit.law === law);
      const every = mine.length === all.filter((fit) => fit.law === law).length;
      return every && mine.length > 1
        ? `${law}, every target`
        : `${law} ${shorten(
            mine.map((fit) => fit.target),
            4,
          )}`;
    })
    .join("; ");
}

/** Fits told of one by one; the fit file has all. */
const MOST = 4;

/** Whether fits are at the noise floor. */
function floors(fits: readonly Fit[]): string[] {
  const said = fits.flatMap((fit) => noiseWords(fit).map((text) => `${who([fit], fits)}: ${text}`));
  const more = said.length - MOST;
  return [
    ...said.slice(0, MOST),
    ...(more > 0 ? [`noise: the same of ${more} more in the fit file, under "noise"`] : []),
  ];
}

/** Which parameters were not fitted. */
function held(fits: readonly Fit[]): string[] {
  return [...new Set(fits.map((fit) => fit.law))].flatMap((law) => {
    const fit = fits.find((other) => other.law === law);
    const fixed = Object.entries(fit?.fixed ?? {}).map(
      ([name, value]) => `${name} is held at ${value}`,
    );
    const tied = Object.entries(fit?.tied ?? {}).map(
      ([name, other]) => `${name} is tied to ${other}`,
    );
    return fixed.length + tied.length === 0 ? [] : [`${law}: ${shorten([...fixed, ...tied])}`];
  });
}

/** How the intervals of each law were made, and which refits did not end as they should. */
function bootstrapped(fits: readonly Fit[]): string[] {
  return [...new Set(fits.map((fit) => fit.law))].flatMap((law) => {
    const mine = fits.flatMap(({ law: other, target, bootstrap }) =>
      other === law && bootstrap !== null ? [{ target, bootstrap }] : [],
    );
    if (mine.length === 0) return [];
    const { replicates, group, blocks, level, interval } = mine[0].bootstrap;
    const kind = `${interval === "bca" ? "BCa" : "percentile"} intervals at ${percent(level)}`;
    const of = (
      what: string,
      pick: (b: (typeof mine)[number]["bootstrap"]) => number,
    ): string[] => {
      const some = mine
        .filter(({ bootstrap }) => pick(bootstrap) > 0)
        .map(({ target, bootstrap }) => `${target} ${pick(bootstrap)}`);
      return some.length === 0 ? [] : [`${what}: ${some.join(", ")}`];
    };
    const said = [
      `${law}: ${count(replicates, "bootstrap replicate")} of ${blocks} ${group === null ? "rows" : `values of ${group}`}, ${kind}`,
      ...of("refits still moving at the end", (b) => b.unconverged),
      ...of("best in another basin", (b) => b.otherBasin),
    ];
    return [said.join("; ")];
  });
}

/** Where no start agreed, that is nothing to worry about when the hops from the best ones did. */
function hopped(fits: readonly Fit[]): string[] {
  const found = fits.filter(
    ({ search }) => search.reachedBest === 0 && search.hops.reachedBest > 1,
  );
  if (found.length === 0) return [];
  const list = found.map(
    ({ law, target, search }) =>
      `${law} ${target} ${search.hops.reachedBest} of ${search.hops.starts}`,
  );
  return [
    `where no start agreed with the best fit, hops from the best starts found it, and agreed: ${shorten(list, 4)}`,
  ];
}
