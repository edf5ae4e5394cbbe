/**
 * The folder of a job's results. Its name has a hash of the job and of all that it reads, so that
 * another job, another table or another release goes to another folder. It holds what repeats the
 * job: the file as it was read, the hashes of its inputs, versions and the commands.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { VERSION } from "../../base/version.ts";
import { json } from "../../base/json.ts";
import { InputError } from "../../base/errors.ts";
import { byNames } from "../../base/objects.ts";
import { replaceFile } from "../../node/replace-file.ts";
import { whyNotWritten } from "../io/file-errors.ts";
import { removedIfEnded } from "../io/interrupt.ts";
import type { Section } from "./job-schema.ts";
import { only } from "./job-step.ts";

/** A file that a job reads. */
export interface JobInput {
  readonly path: string;
  readonly sha256: string;
}

/** What came of a step: of one that did not end, or is to be done again, there is no code. */
export interface StepRecord {
  readonly code?: number;
  /** SHA-256 of the files that it wrote, by name. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** What `run.json` has. */
export interface RunRecord {
  readonly schema: "mixlaw/run@1";
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly job: string;
  readonly inputs: readonly JobInput[];
  readonly commands: readonly string[];
  readonly steps: Readonly<Record<string, StepRecord>>;
}

const RECORD = "run.json";

/** Keys of a job and of its sections that change no result, nor the job's folder. */
const WITHOUT_EFFECT = ["deadline", "progress", "threads"];

/** Names of files are at most so long. */
const LONGEST_PATH = 4096;

/** SHA-256 of a file; undefined where there is none. */
async function hashOf(path: string): Promise<string | undefined> {
  const isFile = await stat(path).then((each) => each.isFile(), () => false); // prettier-ignore
  if (!isFile) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}

/** All texts in a value. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const part of Object.values(value)) yield* textsIn(part);
}

/** The files that a job names, wherever: each text that is the name of a file. */
export async function inputsOf(job: object): Promise<JobInput[]> {
  const inputs: JobInput[] = [];
  for (const path of new Set(textsIn(job))) {
    if (path.length > LONGEST_PATH || path.includes("\0")) continue;
    const sha256 = await hashOf(path);
    if (sha256 !== undefined) inputs.push({ path, sha256 });
  }
  return inputs;
}

/** The value with its keys in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value as Section)
    .map(([key, part]) => [key, canonical(part)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A section, or several, without what has no effect. Deeper keys are names, as of domains. */
function effective(section: unknown): unknown {
  if (Array.isArray(section)) return section.map(effective);
  if (typeof section !== "object" || section === null) return section;
  return only(section as Section, (key) => !WITHOUT_EFFECT.includes(key));
}

/** The name of a job's folder: "job-3fa9c1d2e4". */
export function folderName(source: string, job: object, inputs: readonly JobInput[]): string {
  const { out: _, ...rest } = effective(job) as Section;
  const sections = byNames(Object.entries(rest).map(([key, part]) => [key, effective(part)]));
  const text = JSON.stringify([VERSION, canonical(sections), inputs.map(({ path, sha256 }) => [path, sha256])]); // prettier-ignore
  const hash = createHash("sha256").update(text).digest("hex");
  return `${basename(source, extname(source))}-${hash.slice(0, 10)}`;
}

/** The folder of results, with what is recorded in it. */
export class JobFolder {
  #record: RunRecord;

  private constructor(
    /** As commands name it. */
    readonly path: string,
    record: RunRecord,
  ) {
    this.#record = record;
  }

  /**
   * Opens the folder, and makes it where there is none.
   *
   * @param text the job file as it was read
   * @param commands the commands as they are typed, and the whole of them as a script
   */
  static async open(
    path: string,
    text: string,
    { source, inputs, commands, script }: { readonly source: string; readonly inputs: readonly JobInput[]; readonly commands: readonly string[]; readonly script: string }, // prettier-ignore
  ): Promise<JobFolder> {
    const before = await readRecord(join(path, RECORD));
    const folder = new JobFolder(path, {
      schema: "mixlaw/run@1",
      version: VERSION,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      job: basename(source),
      inputs,
      commands,
      steps: before?.steps ?? {},
    });
    await folder.#write(async () => {
      await mkdir(path, { recursive: true });
      await writeFile(join(path, "job.yaml"), text);
      await writeFile(join(path, "commands.sh"), script);
    });
    await folder.#save();
    return folder;
  }

  /** What is recorded of a step. */
  stepOf(name: string): StepRecord | undefined {
    return Object.hasOwn(this.#record.steps, name) ? this.#record.steps[name] : undefined;
  }

  /** Hashes of those of some files that are there. */
  async hashes(names: readonly string[]): Promise<Record<string, string>> {
    const hashes: Record<string, string> = {};
    for (const name of names) {
      const hash = await hashOf(join(this.path, name));
      if (hash !== undefined) hashes[name] = hash;
    }
    return hashes;
  }

  /** Records what came of a step. */
  async keep(name: string, record: StepRecord): Promise<void> {
    this.#record = { ...this.#record, steps: { ...this.#record.steps, [name]: record } };
    await this.#save();
  }

  /** Has a step done again, if no file of it was changed since. */
  async reopen(name: string): Promise<void> {
    const outputs = this.stepOf(name)?.outputs;
    if (outputs !== undefined) await this.keep(name, { outputs });
  }

  #save(): Promise<void> {
    const text = `${json(this.#record)}\n`;
    return this.#write(() => replaceFile(join(this.path, RECORD), text, removedIfEnded));
  }

  /** Writes to the folder. Throws the InputError where that cannot be. */
  async #write(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      throw new InputError(`the folder ${this.path} ${whyNotWritten(error)}; or name another with --out`); // prettier-ignore
    });
  }
}

/** The record of a folder; undefined where there is none that can be read. */
async function readRecord(path: string): Promise<RunRecord | undefined> {
  try {
    const value = JSON.parse(await readFile(path, "utf8")) as Partial<RunRecord>;
    return value.schema === "mixlaw/run@1" && typeof value.steps === "object" ? (value as RunRecord) : undefined; // prettier-ignore
  } catch {
    return undefined;
  }
}
