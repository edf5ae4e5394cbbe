/** Records in a folder, for Node: a file of records a process, and the job that they are for. */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { InputError } from "../base/errors.ts";
import { VERSION } from "../base/version.ts";
import { differences, type Job } from "../records/job.ts";
import { encodeRecords } from "../records/record-file.ts";
import type { RecordStore, WorkRecord } from "../records/record-store.ts";
import type { Shard } from "../records/shard.ts";
import { codeOf } from "./error-code.ts";
import { ENDING, namesOfRecords, RecordFiles } from "./record-files.ts";
import { markShard, shardBeginning, stateOfShards } from "./shard-marks.ts";

/** The file that says what job the records of a folder are for. */
const JOB_FILE = "job.json";
/** The name of the job file's format. */
const SCHEMA = "mixlaw/records@1";
/** Records are written to the disk itself no more often than this, in milliseconds. */
const SYNC_EVERY = 1000;
/** Differences that a message names. */
const NAMED = 3;

/** Records in a folder. Close it when done. */
export interface RecordFolder extends RecordStore {
  /** Why nothing is kept any more, in a sentence; undefined where all is well. */
  readonly failure: string | undefined;
  /** Records that were there when the folder was opened. */
  readonly size: number;
  /** Records that were kept since, but for results. */
  readonly kept: number;
  /** Whether shards have recorded here; a shard itself does not look. */
  readonly hasShards: boolean;
  refresh(): Promise<void>;
  /** Says that the store's shard is done, for whoever joins. */
  markShard(): Promise<void>;
  /** Writes what was kept to the disk and closes the file. The folder keeps nothing afterwards. */
  close(): Promise<void>;
}

/**
 * Opens a folder of records, and makes it where there is none. All files of it are read: those of
 * processes before, and of others beside this one. A damaged record is named and left out, so that
 * it is computed again. So are shards that did not finish, where the store is not itself a shard's.
 *
 * @param onNotice told in a sentence what a user should know: a damaged record, a full disk
 * @param shard the part of the job that is to be computed; undefined for all of it
 * @throws InputError where the folder cannot be read or made
 * @example const records = await openRecords("records");
 *   const fit = await engine.fit(laws.joint, runs, { bootstrap: 1000, records });
 *   await records.close();
 */
export async function openRecords(
  folder: string,
  onNotice: (sentence: string) => void = () => undefined,
  shard?: Shard,
): Promise<RecordFolder> {
  if (folder.trim() === "") throw new InputError("the folder of records has no name");
  await mkdir(folder, { recursive: true }).catch(cannot(folder, "be made"));
  const files = new RecordFiles(folder);
  const { records, damaged } = await files.read().catch(cannot(folder, "be read"));
  for (const { path, at } of damaged) onNotice(damage(path, at));
  const known = new Map(records.map(({ key, value }) => [key, value]));
  const opened = { folder, files, known, shard, onNotice };
  if (shard !== undefined) return new Folder({ ...opened, hasShards: false });
  const named = new Set(damaged.map(({ path }) => path));
  const { some, faults } = await stateOfShards(folder, named).catch(cannot(folder, "be read"));
  for (const fault of faults) onNotice(fault);
  return new Folder({ ...opened, hasShards: some });
}

const damage = (path: string, at: readonly number[]): string =>
  `${path} is damaged at byte ${at.join(", ")}: what was recorded there is computed again`;

/** What a folder is opened with. */
interface Opened {
  readonly folder: string;
  readonly files: RecordFiles;
  readonly known: Map<string, Uint8Array>;
  readonly shard: Shard | undefined;
  readonly hasShards: boolean;
  readonly onNotice: (sentence: string) => void;
}

class Folder implements RecordFolder {
  readonly computedBy = `mixlaw ${VERSION}, V8 ${process.versions.v8}, ${process.arch}`;
  readonly size: number;
  readonly shard: Shard | undefined;
  readonly hasShards: boolean;
  kept = 0;
  failure: string | undefined;
  readonly #folder: string;
  readonly #files: RecordFiles;
  readonly #known: Map<string, Uint8Array>;
  readonly #onNotice: (sentence: string) => void;
  /** The file of this process, which no other writes to, on this machine or another. */
  #name: string | undefined;
  #file: FileHandle | undefined;
  /** When others' files were read the last time, and how long that took. */
  #refreshed = { at: performance.now(), took: 0 };
  #synced = performance.now();
  /** Ends when what was kept before is written. */
  #turn: Promise<void> = Promise.resolve();

  constructor({ folder, files, known, shard, hasShards, onNotice }: Opened) {
    this.#folder = folder;
    this.#files = files;
    this.#known = known;
    this.#onNotice = onNotice;
    this.shard = shard;
    this.hasShards = hasShards;
    this.size = known.size;
  }

  async begin(job: Job): Promise<void> {
    const path = join(this.#folder, JOB_FILE);
    const here = JSON.parse(JSON.stringify(job)) as Job;
    let different = differences((await readJob(path)) ?? (await this.#claim(path, job)), here);
    if (different.length > 0 && (await namesOfRecords(this.#folder)).length === 0) {
      // A job that recorded nothing, as one with a wrong option, leaves the folder to the next.
      await rm(path, { force: true }).catch(cannot(path, "be written"));
      different = differences(await this.#claim(path, job), here);
    }
    if (different.length === 0) return;
    const more = different.length > NAMED ? `, and ${different.length - NAMED} more` : "";
    throw new InputError(
      `${this.#folder} has the records of another job: ${different.slice(0, NAMED).join("; ")}${more}. Name another folder, or repeat that job.`,
      { file: path },
    );
  }

  /** Writes the job file, whole or not at all; the job of whoever came first. */
  async #claim(path: string, job: Job): Promise<Job> {
    const temporary = join(this.#folder, `.${JOB_FILE}.${ownName()}`);
    const text = `${JSON.stringify({ schema: SCHEMA, ...job }, undefined, 2)}\n`;
    try {
      const file = await open(temporary, "wx");
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await link(temporary, path).catch((error: unknown) => {
        // Some network and memory-card file systems have no links.
        if (codeOf(error) === "EEXIST") throw error;
        return rename(temporary, path);
      });
    } catch (error) {
      if (codeOf(error) !== "EEXIST") cannot(path, "be written")(error);
    } finally {
      await rm(temporary, { force: true });
    }
    return (await readJob(path)) ?? job;
  }

  find(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.#known.get(key)));
  }

  /**
   * No more often than that it takes a tenth of the time: on a network's disk, asking for the sizes
   * of a thousand files takes a second.
   */
  async refresh(): Promise<void> {
    const began = performance.now();
    const { at, took } = this.#refreshed;
    if (began - at < 9 * took) return;
    // What cannot be read now is computed here.
    const fresh = await this.#files.read(this.#name).catch(() => undefined);
    for (const { key, value } of fresh?.records ?? []) this.#known.set(key, value);
    const now = performance.now();
    this.#refreshed = { at: now, took: now - began };
  }

  async markShard(): Promise<void> {
    if (this.shard === undefined) return;
    await this.close();
    if (this.failure !== undefined) throw new InputError(this.failure, { file: this.#folder });
    await markShard(this.#folder, this.shard).catch(cannot(this.#folder, "be written"));
  }

  keep(records: readonly WorkRecord[], isResult = false): Promise<void> {
    const fresh = records.filter(({ key }) => !this.#known.has(key));
    if (!isResult) this.kept += fresh.length;
    for (const { key, value } of fresh) this.#known.set(key, value);
    if (fresh.length > 0) this.#turn = this.#turn.then(() => this.#append(encodeRecords(fresh)));
    return this.#turn;
  }

  async #append(bytes: Uint8Array): Promise<void> {
    if (this.failure !== undefined) return;
    try {
      this.#file ??= await this.#create();
      await this.#file.appendFile(bytes);
      if (performance.now() - this.#synced >= SYNC_EVERY) await this.#sync();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Records nothing from here on, and says so once. */
  #fail(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = `${this.#folder}: ${reasonOf(error)}: nothing is recorded from here on. What was recorded before stays good.`;
    this.#onNotice(this.failure);
  }

  #create(): Promise<FileHandle> {
    const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;
    const beginning = this.shard === undefined ? "" : shardBeginning(this.shard);
    this.#name = `${beginning}${ownName()}${ENDING}`;
    return open(join(this.#folder, this.#name), O_APPEND | O_CREAT | O_EXCL | O_WRONLY);
  }

  async #sync(): Promise<void> {
    await this.#file?.datasync();
    this.#synced = performance.now();
  }

  async close(): Promise<void> {
    await this.#turn;
    // A disk on a network may say only here that it is full.
    const fail = (error: unknown): void => this.#fail(error);
    if (this.failure === undefined) await this.#sync().catch(fail);
    await this.#file?.close().catch(fail);
    this.#file = undefined;
  }
}

/** A name that no other process takes. */
const ownName = (): string =>
  `${hostname().replace(/[^A-Za-z0-9-]/g, "")}-${process.pid}-${randomBytes(4).toString("hex")}`;

/** The job of a folder; undefined where it has none yet. */
async function readJob(path: string): Promise<Job | undefined> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    return cannot(path, "be read")(error);
  });
  if (text === undefined) return undefined;
  try {
    const { schema, ...job } = JSON.parse(text) as Job & { readonly schema?: unknown };
    if (schema === SCHEMA) return job;
  } catch {
    // said below
  }
  throw new InputError(`${path} is no ${SCHEMA} file: name another folder for the records`, {
    file: path,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "it may not be written: check its permissions",
  EPERM: "it may not be written: check its permissions",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of its path is not a folder",
  EEXIST: "it is a file, not a folder",
};

const reasonOf = (error: unknown): string =>
  REASONS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));

const cannot =
  (path: string, what: string) =>
  (error: unknown): never => {
    throw new InputError(`${path} cannot ${what}: ${reasonOf(error)}`, { file: path });
  };
