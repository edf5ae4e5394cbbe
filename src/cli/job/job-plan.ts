/** From a job file to the commands that do it. */
import { join } from "node:path";
import { InputError } from "../../base/errors.ts";
import { suggest } from "../../base/wording.ts";
import { FILES_BESIDE, type JobFile, type Section } from "./job-schema.ts";
import { fitFile, type JobStep, only, type Setting, stepOf } from "./job-step.ts";

/** The parts of a section that may be one map or several, with their paths. */
function partsOf(
  verb: "optimize" | "predict",
  section: Section | readonly Section[] | null | undefined,
  isAsked: boolean,
): { readonly path: string; readonly name: string; readonly section: Section }[] {
  const usual = verb === "optimize" ? "optimum" : "predicted";
  const nameOf = (part: Section, i: number): string =>
    typeof part["name"] === "string" ? part["name"] : i < 0 ? usual : `${usual}-${i + 1}`;
  if (!isAsked) return [];
  const parts = Array.isArray(section)
    ? (section as readonly Section[]).map((part, i) => ({ path: `${verb}.${i}`, name: nameOf(part, i), section: part })) // prettier-ignore
    : [{ path: verb, name: nameOf((section ?? {}) as Section, -1), section: (section ?? {}) as Section }]; // prettier-ignore
  return parts;
}

/** Files of formats that are called otherwise than .yaml. */
const ENDINGS: Readonly<Record<string, string>> = { csv: "csv", megatron: "txt", json: "json" };

/** Formats beside the optimum itself, each with the data paths that are its own. */
function formatsOf(section: Section): (readonly [format: string, own: Section])[] {
  const asked = section["format"] ?? [];
  const all: Section =
    typeof asked === "object" && !Array.isArray(asked)
      ? (asked as Section)
      : Object.fromEntries([asked].flat().map((name) => [name, null]));
  return Object.entries(all)
    .filter(([format]) => format !== "table")
    .map(([format, paths]) => [format, paths === null ? {} : { paths }]);
}

/** The optimum, and a file for each format: none where there is no optimum. */
function optimumSteps(
  setting: Setting,
  part: ReturnType<typeof partsOf>[number],
  needs: readonly string[],
): JobStep[] {
  const { name, path, section } = part;
  const files = [fitFile(setting)];
  const shared = only(section, (key) => !["name", "format", "out"].includes(key));
  const first = stepOf(setting, {
    name: `optimize ${name}`,
    verb: "optimize",
    path,
    files,
    needs,
    section: only(section, (key) => !["name", "format"].includes(key)),
    out: `${name}.json`,
    records: name,
  });
  const others = formatsOf(section).map(([format, own]) =>
    stepOf(setting, {
      name: `optimize ${name} as ${format}`,
      verb: "optimize",
      path,
      files,
      needs: [...needs, first.name],
      section: { ...only(shared, (key) => !FILES_BESIDE.includes(key)), ...own, format },
      out: `${name}-${format}.${ENDINGS[format] ?? "yaml"}`,
      records: name,
      isQuiet: true,
    }),
  );
  return [first, ...others];
}

/** The tables that a job names. */
export const tablesOf = ({ data }: JobFile): readonly string[] =>
  [data?.["tables"] ?? []].flat() as string[];

/** The commands of a job, in an order in which each comes after what it needs. */
export function planJob(job: JobFile, folder: string): JobStep[] {
  const out = job.fit?.["out"];
  const setting = { job, folder, fitName: typeof out === "string" ? out : "fit.json" };
  const tables = tablesOf(job);
  const isAsked = (name: keyof JobFile): boolean => name in job;
  const needsTables = isAsked("validate") || (job.fit?.["nist"] ?? job.data?.["nist"]) === undefined; // prettier-ignore
  if (tables.length === 0 && needsTables)
    throw new InputError("data.tables names no table: name the file of the runs, or several");
  const chooses = job.validate?.["choose"] === true;
  const hasFit =
    isAsked("fit") || !isAsked("validate") || chooses || isAsked("optimize") || isAsked("predict") || isAsked("report"); // prettier-ignore
  const fit = fitFile(setting);
  const steps: JobStep[] = [];
  if (hasFit)
    steps.push(stepOf(setting, { name: "fit", verb: "fit", path: "fit", section: job.fit ?? {}, files: tables, out: setting.fitName, records: "fit" })); // prettier-ignore
  if (isAsked("validate")) {
    const section = job.validate ?? {};
    steps.push(
      stepOf(setting, {
        name: "validate",
        verb: "validate",
        path: "validate",
        files: tables,
        section: {
          ...only(section, (name) => name !== "choose"),
          ...(chooses ? { choose: fit } : {}),
        },
        out: "validation.json",
        records: "validate",
        ...(chooses ? { needs: ["fit"], changes: ["fit"] } : {}),
      }),
    );
  }
  const needs = chooses ? ["fit", "validate"] : ["fit"];
  const optima = partsOf("optimize", job.optimize, isAsked("optimize"));
  for (const part of optima) steps.push(...optimumSteps(setting, part, needs));
  for (const part of partsOf("predict", job.predict, isAsked("predict")))
    steps.push(predictStep(setting, part, needs));
  if (isAsked("report")) steps.push(reportStep(setting, optima, needs));
  checkOutputs(steps);
  return steps;
}

function predictStep(
  setting: Setting,
  { name, path, section }: ReturnType<typeof partsOf>[number],
  needs: readonly string[],
): JobStep {
  const { points } = section;
  const files = [fitFile(setting), ...(typeof points === "string" ? [points] : [])];
  return stepOf(setting, {
    name: name === "predicted" ? "predict" : `predict ${name}`,
    verb: "predict",
    path,
    files,
    section: only(section, (key) => key !== "name" && key !== "points"),
    out: `${name}.csv`,
    needs,
  });
}

/** A report of the fit, with the optima of single runs, or those that it names. */
function reportStep(
  setting: Setting,
  optima: ReturnType<typeof partsOf>,
  needs: readonly string[],
): JobStep {
  const section = setting.job.report ?? {};
  const asked = section["optima"] as readonly string[] | undefined;
  const names = optima.map(({ name }) => name);
  const odd = asked?.find((name) => !names.includes(name));
  if (odd !== undefined)
    throw new InputError(
      `report.optima names "${odd}", which is no part of optimize; ${names.length === 0 ? "there are none" : suggest(odd, names, "parts")}`,
    );
  const shown = optima.filter(({ name, section: { path, flops, out } }) =>
    asked === undefined
      ? path === undefined && flops === undefined && (out === undefined || (out as string).endsWith(".json")) // prettier-ignore
      : asked.includes(name),
  );
  const wanted = shown.map(({ name, section: { out } }) => [
    `optimize ${name}`,
    join(setting.folder, typeof out === "string" ? out : `${name}.json`),
  ]) as [string, string][];
  return stepOf(setting, {
    name: "report",
    verb: "report",
    path: "report",
    needs,
    files: [fitFile(setting), ...wanted.map(([, file]) => file)],
    section: only(section, (key) => key !== "optima"),
    out: "report.html",
    wanted: Object.fromEntries(wanted),
  });
}

/** Throws the InputError for two steps that would write one file. */
function checkOutputs(steps: readonly JobStep[]): void {
  const writers = new Map<string, JobStep>();
  for (const step of steps)
    for (const file of step.outputs) {
      const other = writers.get(file.toLowerCase());
      if (other !== undefined)
        throw new InputError(
          `${other.pathOf("out").replace(/\.out$/, "")} and ${step.pathOf("out").replace(/\.out$/, "")} would both write ${file}: give one another name`,
        );
      writers.set(file.toLowerCase(), step);
    }
}
