/** The command that repeats a fit. */
import { hasRidge, type RidgeStrength } from "../options/ridge-option.ts";
import { ownOf } from "../base/known.ts";
import type { TableReading } from "../data/runs/runs-options.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import type { LawDefinition } from "../laws/law.ts";
import { DEFAULTS, type FitSettings } from "../options/fit-options.ts";
import {
  type CommandLine,
  commandLine,
  exactly,
  fileWord,
  type Flag,
  flagOf,
  numberFlag,
} from "./command-line.ts";

/**
 * `mixlaw fit` with what the file records: table, columns and rows, laws, objective, search and
 * intervals. What has its default is left out.
 *
 * @param out the file to write
 */
export function fitCommand(file: FitFile, out: string): CommandLine {
  const { data, settings, backend } = file;
  const { flags, files } = lawFlags(file);
  const all: Flag[] = [
    ...flags,
    ...readingFlags(data.reading ?? {}),
    ...objectiveFlags(settings),
    ...restrictionFlags(settings),
    ...ridgeFlags(settings),
    ...flagOf("--common", settings.common.length === 0 ? undefined : settings.common.join()),
    ...searchFlags(settings),
    ...intervalFlags(settings),
    ...profileFlag(file),
    ["--backend", backend.kind],
    ["--out", out],
  ];
  return {
    line: commandLine(
      ["mixlaw", "fit", ...(data.reading?.sources ?? [data.source]).map(fileWord)],
      all,
    ),
    files,
  };
}

/** Laws by name; typed formulas as they were typed; other definitions as law files. */
function lawFlags({ fits, failed = [], definitions = {} }: FitFile): {
  readonly flags: readonly Flag[];
  readonly files: CommandLine["files"];
} {
  const names = [...new Set([...fits, ...failed].map(({ law }) => law))];
  const isFile = (name: string): boolean => {
    const definition = ownOf(definitions, name);
    return definition !== undefined && !isTyped(definition);
  };
  const files = names.filter(isFile).map((name, n) => ({
    name: `law-${n + 1}.json`,
    text: JSON.stringify(ownOf(definitions, name), undefined, 2),
  }));
  const texts = names
    .filter((name) => !isFile(name))
    .map((name) => ownOf(definitions, name)?.formula ?? name);
  return {
    flags: [
      ...flagOf("--law", texts.length === 0 ? undefined : texts.join(",")),
      ...files.map(({ name }): Flag => ["--law-file", name]),
    ],
    files,
  };
}

/** Whether a law is a formula of the command line, of which nothing else is said. */
const isTyped = ({ name, parameters, source, about }: LawDefinition): boolean =>
  /^formula\d*$/.test(name) &&
  Object.keys(parameters).length === 0 &&
  source === undefined &&
  about === undefined;

function readingFlags(reading: TableReading): Flag[] {
  const { units, inputs = {} } = reading;
  const unitText =
    typeof units === "object"
      ? Object.entries(units).map(([name, unit]) => `${name}=${exactly(unit)}`).join() // prettier-ignore
      : units;
  return [
    ...flagOf("--params", reading.params),
    ...flagOf("--tokens", reading.tokens),
    ...flagOf("--units", unitText),
    ...flagOf("--join", reading.join),
    ...flagOf("--long", reading.long),
    ...flagOf("--weights", reading.weights),
    ...(reading.normalize === true ? [["--normalize"] as const] : []),
    ...flagOf("--targets", reading.targets),
    ...Object.entries(inputs).map(([name, column]): Flag => ["--input", `${name}=${column}`]),
    ...flagOf("--where", reading.where),
    ...flagOf("--test", reading.test),
    ...flagOf("--sigma", reading.sigma),
    ...flagOf("--row-weights", reading.rowWeights),
    ...flagOf("--group", reading.group),
  ];
}

/** A value that is not the default. */
const unusual = <Key extends keyof FitSettings>(
  settings: FitSettings,
  key: Key,
): FitSettings[Key] | undefined => (settings[key] === DEFAULTS[key] ? undefined : settings[key]);

const objectiveFlags = (settings: FitSettings): Flag[] => [
  // Formulas have another default, so that the loss is always said.
  ["--loss", settings.loss],
  ...numberFlag("--delta", settings.scaleDelta ? undefined : settings.delta),
  ...flagOf("--residual", unusual(settings, "residual")),
  ...flagOf("--signs", unusual(settings, "signs")),
];

/** λ of the ridge, where there is one. */
function ridgeFlags({ ridge }: FitSettings): Flag[] {
  const text = (strength: RidgeStrength): string =>
    strength === "auto" ? strength : exactly(strength);
  if (!hasRidge(ridge)) return [];
  return typeof ridge === "object"
    ? Object.entries(ridge).map(([name, strength]): Flag => [
        "--ridge",
        `${name}=${text(strength)}`,
      ])
    : [["--ridge", text(ridge)]];
}

function restrictionFlags({ fix, tie, bounds, ranges, starts }: FitSettings): Flag[] {
  const end = (x: number | null): string => (x === null ? "" : exactly(x));
  const each = <T>(flag: string, values: Readonly<Record<string, T>>, text: (value: T) => string) =>
    Object.entries(values).map(([name, value]): Flag => [flag, `${name}=${text(value)}`]);
  return [
    ...each("--fix", fix, exactly),
    ...each("--tie", tie, (other) => other),
    ...each("--bounds", bounds, ([low, high]) => `${end(low)}:${end(high)}`),
    ...each("--range", ranges, ([low, high]) => `${exactly(low)}:${exactly(high)}`),
    ...starts.map((start): Flag => [
      "--start",
      Object.entries(start).map(([name, value]) => `${name}=${exactly(value)}`).join(), // prettier-ignore
    ]),
  ];
}

/** Where none is said, restarts are adaptive; beside starts there are none. */
function restartsFlag({ restarts, adaptiveRestarts, starts }: FitSettings): Flag[] {
  if (adaptiveRestarts) return starts.length > 0 ? [["--restarts", "auto"]] : [];
  return restarts === 0 ? [] : numberFlag("--restarts", restarts);
}

const searchFlags = (settings: FitSettings): Flag[] => [
  ...restartsFlag(settings),
  ...numberFlag("--seed", unusual(settings, "seed")),
];

const intervalFlags = (settings: FitSettings): Flag[] => [
  ...numberFlag("--bootstrap", unusual(settings, "bootstrap")),
  ...flagOf("--resampling", unusual(settings, "resampling")),
  ...numberFlag("--level", unusual(settings, "level")),
  ...flagOf("--interval", unusual(settings, "interval")),
  ...(settings.backtest === "auto"
    ? []
    : [[settings.backtest ? "--backtest" : "--no-backtest"] as const]),
];

/** Parameters that were profiled. */
function profileFlag({ fits }: FitFile): Flag[] {
  const labels = [...new Set(fits.flatMap(({ profile }) => Object.keys(profile ?? {})))];
  return labels.length === 0 ? [] : [["--profile", labels.join()]];
}
