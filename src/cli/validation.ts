/** A validation as a person reads it, and as CSV. */
import Papa from "papaparse";
import type { HeldScore, LawScore, Validation } from "../validate/result.ts";
import { levelWords } from "./certainty.ts";
import { count, type Heading, number, seconds, table, wrap } from "./layout.ts";
import type { Style } from "./output.ts";

interface Options {
  readonly width: number;
  readonly style: Style;
}

/** What `mixlaw validate` prints, without the last line end. */
export function validation(found: Validation, options: Options): string {
  const blocks = [
    heading(found, options),
    ranking(found, options),
    byTarget(found, options),
    curve(found, options),
    remarks(found, options),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

function heading({ data, held, backend, timing, seed }: Validation, { width, style }: Options): string {
  const what = `${count(data.rows, "row")} · ${count(data.targets.length, "target")} · held out: ${held}`;
  const how = [`${backend.kind === "webgpu" ? "WebGPU" : "CPU"}: ${backend.adapter}`, `seed ${seed}`, seconds(timing["total"] ?? 0)].join(
    " · ",
  );
  return [style.bold(data.source), wrap(what, width), style.dim(wrap(how, width))].join("\n");
}

const right = (title: string): Heading => ({ title, align: "right" });
const digits = (value: number | null, places: number): string => (value === null ? "–" : value.toFixed(places));
const signed = (value: number, places: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(places)}`;

function ranking({ laws, level }: Validation, { style }: Options): string {
  const regretted = laws.some(({ mean }) => mean.regret !== null);
  const least = (pick: (law: LawScore) => number | null): number => Math.min(...laws.map((law) => pick(law) ?? Infinity));
  const [aicc, bic] = [least((law) => law.aicc), least((law) => law.bic)];
  return table(
    [
      { title: "law", align: "left" },
      right("parameters"),
      right("MRE %"),
      right(`behind, ${levelWords(level)} interval`),
      right("RMSE"),
      right("Spearman"),
      right("R²"),
      ...(regretted ? [right("regret")] : []),
      right("ΔAICc"),
      right("ΔBIC"),
    ],
    laws.map(({ law, parameters, mean, behind, ...told }, place) => [
      place === 0 ? style.bold(law) : law,
      String(parameters),
      digits(mean.mrePercent, 3),
      behind === null ? "" : `${signed(behind.difference, 3)}  ${signed(behind.interval[0], 3)} … ${signed(behind.interval[1], 3)}`,
      number(mean.rmse, 3),
      digits(mean.spearman, 4),
      digits(mean.r2, 4),
      ...(regretted ? [mean.regret === null ? "–" : number(mean.regret, 2)] : []),
      told.aicc === null ? "–" : (told.aicc - aicc).toFixed(0),
      (told.bic - bic).toFixed(0),
    ]),
  );
}

/** A line a target, laws side by side. */
function byTarget({ laws, data }: Validation, { width }: Options): string {
  if (data.targets.length < 2) return "";
  const draw = (some: readonly LawScore[]): string =>
    table(
      [
        { title: "target", align: "left" },
        ...some.flatMap(({ law }) => ["MRE %", "Spearman"].map((title): Heading => ({ ...right(title), group: law }))),
      ],
      data.targets.map((target) => [
        target,
        ...some.flatMap(({ targets }) => {
          const score: HeldScore | undefined = targets[target];
          return score === undefined ? ["–", "–"] : [digits(score.mrePercent, 2), digits(score.spearman, 3)];
        }),
      ]),
    );
  const each = Math.max(1, Math.floor((width - Math.max(...data.targets.map((t) => t.length))) / 22));
  const parts = Array.from({ length: Math.ceil(laws.length / each) }, (_, i) => laws.slice(i * each, (i + 1) * each));
  return parts.map(draw).join("\n\n");
}

/** The curve has flattened where this share of all that more mixtures gain is had. */
const FLAT = 0.9;

function curve({ curve: points, laws }: Validation, { width }: Options): string {
  if (points === null) return "";
  const names = laws.map(({ law }) => law);
  const drawn = table(
    [right("mixtures"), ...names.map((law) => right(law))],
    points.map(({ mixtures, laws: of }) => [
      String(mixtures),
      ...names.map((law) => {
        const point = of[law] ?? null;
        return point === null
          ? "–"
          : `${point.mrePercent.toFixed(2)}  (${point.quartiles[0].toFixed(2)} … ${point.quartiles[1].toFixed(2)})`;
      }),
    ]),
  );
  const flat = names.flatMap((law) => {
    const known = points.flatMap(({ mixtures, laws: of }) =>
      of[law] === null || of[law] === undefined ? [] : [{ mixtures, error: of[law].mrePercent }],
    );
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined || !(first.error > last.error)) return [];
    const enough = known.find(({ error }) => first.error - error >= FLAT * (first.error - last.error)) ?? last;
    return [`${law}: nine tenths of what ${last.mixtures} mixtures gain over ${first.mixtures} are had with ${enough.mixtures}.`];
  });
  const title =
    "Mean relative error on unseen mixtures, %, by the number of mixtures fitted: median and quartiles over random choices of them.";
  return [wrap(title, width), drawn, flat.map((line) => wrap(line, width)).join("\n")].join("\n\n");
}

/** Fewer clusters than this make rough intervals (Cameron, Gelbach & Miller 2008: from 5 to 30 are few). */
const FEW = 15;
const probability = (p: number): string => (p <= 0.001 ? "≤ 0.001" : number(p, 2));

function remarks({ laws, failed, nested, level, by, clusters }: Validation, { width, style }: Options): string {
  const lines = [
    ...nested.map(
      ({ smaller, larger, gain, interval, p, fitted }) =>
        `${larger} against ${smaller}, which it contains: ${signed(-gain, 3)} points of error on unseen rows (${levelWords(level)}: ${signed(-interval[1], 3)} … ${signed(-interval[0], 3)}, p ${probability(p)}). On the rows fitted: likelihood ratio ${fitted.likelihoodRatio.toFixed(0)} for ${count(fitted.parameters, "parameter")}, p ${probability(fitted.p)} by the scores of ${count(fitted.clusters, "cluster")}.`,
    ),
    ...(clusters < FEW && (laws.length > 1 || nested.length > 0)
      ? [`The intervals rest on ${count(clusters, "cluster")} of rows that share their errors: they are rough.`]
      : []),
    ...laws
      .filter(({ unfinished }) => unfinished.length > 0)
      .map(({ law, unfinished }) => `${law}: the fit to all rows did not converge for ${unfinished.join(", ")}; try more --restarts.`),
    ...(by === "test"
      ? []
      : laws
          .filter(({ unconverged }) => unconverged > 0)
          .map(({ law, unconverged }) => `${law}: ${count(unconverged, "refit")} of a fold still moving at the end.`)),
  ];
  const legend = style.dim(
    wrap(
      [
        "MRE: mean relative error on rows held out, a mean over targets.",
        ...(laws.length > 1 ? ["behind: points of MRE behind the best law."] : []),
        ...(laws.some(({ mean }) => mean.regret !== null)
          ? [
              "regret: how much higher than the best the loss is of the mixture that the law would choose among those held out at the same inputs.",
            ]
          : []),
        "ΔAICc, ΔBIC: of the fits to all rows, taken as independent, above the least.",
      ].join(" "),
      width,
    ),
  );
  const warned = failed.map(({ law, why }) => wrap(`${law} was not validated: ${why}`, width, style.warn("warning: ")));
  return [legend, ...lines.map((line) => wrap(line, width)), ...warned].join("\n");
}

const csv = (rows: readonly object[]): string => `${Papa.unparse([...rows], { newline: "\n" })}\n`;

/** law, target, rows and scores, a line each. */
export const validationCsv = ({ laws }: Validation): string =>
  csv(
    laws.flatMap(({ law, targets }) =>
      Object.entries(targets).map(([target, s]) => ({
        law,
        target,
        rows: s.rows,
        mre_percent: s.mrePercent,
        rmse: s.rmse,
        r2: s.r2,
        spearman: s.spearman,
        regret: s.regret,
      })),
    ),
  );

/** law, mixtures, median and quartiles of the error, a line each. */
export const curveCsv = ({ curve: points }: Validation): string =>
  csv(
    (points ?? []).flatMap(({ mixtures, laws }) =>
      Object.entries(laws).flatMap(([law, point]) =>
        point === null
          ? []
          : [{ law, mixtures, mre_percent: point.mrePercent, quartile_low: point.quartiles[0], quartile_high: point.quartiles[1] }],
      ),
    ),
  );
