/** A validation as a person reads it. */
import { backtestTable, expectedSentence } from "./backtest-tables.ts";
import { withFlagNames } from "../../words/option-flags.ts";
import type {
  CurvePoint,
  HeldScore,
  LawScore,
  Nested,
  Validation,
} from "../../validate/validation.ts";
import { errorsChart } from "./errors-chart.ts";
import { wrap } from "../text/layout.ts";
import { left, right, table } from "../text/table.ts";
import type { Medium } from "../io/output.ts";
import { count } from "../../base/wording.ts";
import {
  fixed,
  NONE,
  number,
  percent,
  probability,
  seconds,
  signed,
} from "../../base/format-number.ts";

/** What `mixlaw validate` prints, without the last line end. */
export function validationTables(validation: Validation, options: Medium): string {
  const blocks = [
    heading(validation, options),
    ranking(validation, options),
    errorsChart(validation, options),
    conclusion(validation, options),
    byTarget(validation, options),
    backtestTable(validation, options.width),
    expectedSentence(validation, options.width),
    curve(validation, options),
    remarks(validation, options),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

function heading(
  { data, held, backend, timing, seed }: Validation,
  { width, style }: Medium,
): string {
  const what = `${count(data.rows, "row")} · ${count(data.targets.length, "target")} · held out: ${held}`;
  const how = [
    `${backend.kind === "webgpu" ? "WebGPU" : "CPU"}: ${backend.adapter}`,
    `seed ${seed}`,
    seconds(timing["total"] ?? 0),
  ].join(" · ");
  return [style.bold(data.source), wrap(what, width), style.dim(wrap(how, width))].join("\n");
}

const digits = (value: number | null, places: number): string =>
  value === null ? NONE : fixed(value, places);

/** The ends of an interval; "–" where there is none. */
const ends = (interval: readonly [number, number] | null): string =>
  interval === null ? NONE : interval.map((end) => signed(end, 3)).join(" … ");

/** Laws, best first, and what they have to be better than, each at its place. */
function ranking({ laws, baselines, level }: Validation, { style, width }: Medium): string {
  const regretted = laws.some(({ mean }) => mean.regret !== null);
  const isBeyond = laws.some(({ beyond }) => beyond !== null);
  const least = (pick: (law: LawScore) => number | null): number =>
    Math.min(...laws.map((law) => pick(law) ?? Infinity));
  const [aicc, bic] = [least((law) => law.aicc), least((law) => law.bic)];
  const isJudged = Number.isFinite(bic);
  const delta = (value: number | null, from: number): string =>
    value === null ? NONE : fixed(value - from, 0);
  const scores = (mean: HeldScore, behind: LawScore["behind"]): string[] => [
    digits(mean.mrePercent, 3),
    behind === null ? "" : `${signed(behind.difference, 3)}  ${ends(behind.interval)}`,
    number(mean.rmse, 3),
    digits(mean.spearman, 4),
    digits(mean.r2, 4),
    ...(regretted ? [number(mean.regret, 2)] : []),
  ];
  const rows = [
    ...laws.map(({ law, parameters, mean, behind, beyond, ...criteria }, place) => ({
      mean,
      cells: [
        place === 0 ? style.bold(law) : law,
        String(parameters),
        ...scores(mean, behind),
        ...(isBeyond ? [digits(beyond?.mrePercent ?? null, 3)] : []),
        ...(isJudged ? [delta(criteria.aicc, aicc), delta(criteria.bic, bic)] : []),
      ],
    })),
    ...baselines.map(({ name, parameters, mean, behind }) => ({
      mean,
      cells: [
        style.dim(name),
        String(parameters),
        ...scores(mean, behind),
        ...(isBeyond ? [""] : []),
        ...(isJudged ? ["", ""] : []),
      ],
    })),
  ];
  return table(
    [
      left("law"),
      right("parameters"),
      right("MRE %"),
      right(`behind, ${percent(level)} interval`),
      right("RMSE"),
      right("Spearman"),
      right("R²"),
      ...(regretted ? [right("regret")] : []),
      ...(isBeyond ? [right("beyond %")] : []),
      ...(isJudged ? [right("ΔAICc"), right("ΔBIC")] : []),
    ],
    rows
      .toSorted((a, b) => (a.mean.mrePercent ?? a.mean.rmse) - (b.mean.mrePercent ?? b.mean.rmse))
      .map(({ cells }) => cells),
    { width },
  );
}

/** Which law to use. */
const conclusion = ({ conclusion: { findings } }: Validation, { width }: Medium): string =>
  findings.map(({ sentence }) => wrap(capital(withFlagNames(sentence)), width)).join("\n");

const capital = (sentence: string): string =>
  `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;

/** A line a target, laws side by side. */
function byTarget({ laws, data }: Validation, { width }: Medium): string {
  if (data.targets.length < 2) return "";
  return table(
    [
      left("target"),
      ...laws.flatMap(({ law }) => ["MRE %", "Spearman"].map((title) => right(title, law))),
    ],
    data.targets.map((target) => [
      target,
      ...laws.flatMap(({ targets }) => {
        const score: HeldScore | undefined = targets[target];
        return score === undefined
          ? [NONE, NONE]
          : [digits(score.mrePercent, 2), digits(score.spearman, 3)];
      }),
    ]),
    { width },
  );
}

/** The curve has flattened where this share of all that more mixtures gain is had. */
const FLAT = 0.9;

function curve({ curve: points, laws }: Validation, { width }: Medium): string {
  if (points === null) return "";
  const error = (value: number | null): string => (value === null ? "∞" : fixed(value, 2));
  const cell = (point: CurvePoint["laws"][string] | undefined): string =>
    point === null || point === undefined
      ? NONE
      : `${error(point.mrePercent)}  (${point.quartiles.map(error).join(" … ")})`;
  const title =
    "Mean relative error on unseen mixtures, %, by the number of mixtures fitted: median and quartiles over random choices of them.";
  const flat = laws.flatMap(({ law }) => flattening(law, points));
  return [
    wrap(title, width),
    table(
      [right("mixtures"), ...laws.map(({ law }) => right(law))],
      points.map(({ mixtures, laws: scores }) => [
        String(mixtures),
        ...laws.map(({ law }) => cell(scores[law])),
      ]),
      { width },
    ),
    flat.map((line) => wrap(line, width)).join("\n"),
  ].join("\n\n");
}

/** With how many mixtures most of the gain is had; nothing where the error does not fall. */
function flattening(law: string, points: readonly CurvePoint[]): string[] {
  const known = points.flatMap(({ mixtures, laws }) => {
    const error = laws[law]?.mrePercent ?? null;
    return error === null ? [] : [{ mixtures, error }];
  });
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || !(first.error > last.error)) return [];
  const enough =
    known.find(({ error }) => first.error - error >= FLAT * (first.error - last.error)) ?? last;
  return [
    `${law}: nine tenths of what ${last.mixtures} mixtures gain over ${first.mixtures} are had with ${enough.mixtures}.`,
  ];
}

/**
 * Fewer clusters than this make rough intervals (Cameron, Gelbach & Miller 2008: from 5 to 30 are
 * few).
 */
const FEW = 15;

function nestedWords(
  { smaller, larger, gain, interval, p, fitted }: Nested,
  level: number,
): string {
  const certainty =
    interval === null || p === null
      ? ""
      : ` (${percent(level)}: ${ends([-interval[1], -interval[0]])}, p ${probability(p)})`;
  return `${larger} against ${smaller}, which it contains: ${signed(-gain, 3)} points of error on unseen rows${certainty}. On the rows fitted: likelihood ratio ${fitted.likelihoodRatio === null ? NONE : fixed(fitted.likelihoodRatio, 0)} for ${count(fitted.parameters, "parameter")}, p ${probability(fitted.p)} by the scores of ${count(fitted.clusters, "cluster")}.`;
}

/** What is to be said beside the tables. */
function remarks(validation: Validation, { width, style }: Medium): string {
  const { laws, failed, nested, level, by, clusters } = validation;
  const compared = laws.length > 1 || nested.length > 0;
  const lines = [
    ...nested.map((pair) => nestedWords(pair, level)),
    ...(compared && clusters < FEW
      ? [
          `The rows held out are of ${count(clusters, "cluster")} of rows that share their errors: ${clusters < 2 ? "there are no intervals" : "the intervals are rough"}.`,
        ]
      : []),
    ...laws.flatMap(({ law, unfinished }) =>
      unfinished.length === 0
        ? []
        : [
            `${law}: the fit to all rows did not converge for ${unfinished.join(", ")}; try more --restarts.`,
          ],
    ),
    ...laws.flatMap(({ law, unconverged }) =>
      by === "test" || unconverged === 0
        ? []
        : [`${law}: ${count(unconverged, "refit")} of a fold still moving at the end.`],
    ),
  ];
  const warnings = failed.map(({ law, why }) =>
    wrap(`${law} was not validated: ${withFlagNames(why)}`, width, style.warn("warning: ")),
  );
  return [
    style.dim(wrap(legend(validation), width)),
    ...lines.map((line) => wrap(line, width)),
    ...warnings,
  ].join("\n");
}

/** What the headings of the tables mean. */
const legend = ({ laws }: Validation): string =>
  [
    "MRE: mean relative error on rows held out, a mean over targets. behind: points of MRE behind the best law. constant, mean per size: the mean of the losses fitted, of all and of those of the same (or nearest) size: what a law has to be better than.",
    ...(laws.some(({ mean }) => mean.regret !== null)
      ? [
          "regret: how much higher than the best the loss is of the mixture that the law would choose among those held out at the same inputs.",
        ]
      : []),
    ...(laws.some(({ beyond }) => beyond !== null)
      ? ["beyond: MRE at the largest size, of fits to the smaller ones."]
      : []),
    ...(laws.some(({ bic }) => bic !== null)
      ? ["ΔAICc, ΔBIC: of the fits to all rows, taken as independent, above the least."]
      : []),
  ].join(" ");
