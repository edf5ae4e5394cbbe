/**
 * Marks of finished shards in a folder of records. Each is a file of its own, "shard-3-of-8.done",
 * that names the shard's record files with the SHA-256 of what they held. So the run that joins can
 * say which shards have not finished, and which of their files were damaged or lost since.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { listed, plural } from "../base/wording.ts";
import { replaceFile } from "./replace-file.ts";
import { MOST_SHARDS, type Shard, shardName } from "../records/shard.ts";

const MARK = /^shard-(\d+)-of-(\d+)\.done$/;
/** Names of record files that a shard has written begin with this. */
const BEGINNING = /^shard-(\d+)-of-(\d+)-/;

/** What the names of a shard's record files begin with. */
export const shardBeginning = ({ index, count }: Shard): string => `shard-${index}-of-${count}-`;

/** A mark: the SHA-256 of each file, by its name. */
type Mark = Readonly<Record<string, string>>;

/** Marks a shard as finished. */
export async function markShard(folder: string, shard: Shard): Promise<void> {
  const beginning = shardBeginning(shard);
  const names = (await readdir(folder)).filter((name) => name.startsWith(beginning));
  const hashes = names.map(async (name) => [name, await hashOf(join(folder, name))] as const);
  const mark: Mark = Object.fromEntries(await Promise.all(hashes));
  const path = join(folder, `${beginning.slice(0, -1)}.done`);
  await replaceFile(path, `${JSON.stringify(mark, undefined, 2)}\n`);
}

/** What is known of a folder's shards. */
export interface ShardState {
  /** Whether there are any. */
  readonly some: boolean;
  /** Sentences: shards that have not finished, files that are damaged or lost. */
  readonly faults: readonly string[];
}

/** @param damaged paths of files that are known to be damaged, and have been named */
export async function stateOfShards(
  folder: string,
  damaged: ReadonlySet<string>,
): Promise<ShardState> {
  const names = await readdir(folder);
  const shards = names.flatMap((name) => {
    const [, index, count] = MARK.exec(name) ?? BEGINNING.exec(name) ?? [];
    if (index === undefined || count === undefined) return [];
    const shard = { index: Number(index), count: Number(count) };
    if (shard.count > MOST_SHARDS) return []; // no shard's
    return [{ name, shard, isMark: MARK.test(name) }];
  });
  const counts = [...new Set(shards.map(({ shard }) => shard.count))].toSorted((a, b) => a - b);
  const marks = shards.filter(({ isMark }) => isMark);
  const unfinished = counts.flatMap((count) => {
    const finished = new Set(
      marks.flatMap(({ shard }) => (shard.count === count ? shard.index : [])),
    );
    const open = Array.from({ length: count }, (_, i) => i).filter((i) => !finished.has(i));
    return open.length === 0
      ? []
      : [
          `${folder}: ${plural(open.length, "shard")} ${listed(open.map((i) => `${i}/${count}`))} did not finish: what is missing is computed here`,
        ];
  });
  const faults = [...unfinished];
  // One after the other: all files at once would be too many to be open, and in memory.
  for (const { name, shard } of marks)
    faults.push(...(await brokenFiles(folder, name, shard, damaged)));
  return { some: shards.length > 0, faults };
}

/** What has become of a finished shard's files. */
async function brokenFiles(
  folder: string,
  name: string,
  shard: Shard,
  damaged: ReadonlySet<string>,
): Promise<string[]> {
  const again = `what ${shardName(shard)} had recorded there and is missing is computed again`;
  const mark = await readFile(join(folder, name), "utf8")
    .then((text) => JSON.parse(text) as Mark)
    .catch(() => undefined);
  if (typeof mark !== "object" || mark === null)
    return [`${join(folder, name)} is damaged: the records of ${shardName(shard)} are not checked`];
  const sentences = Object.entries(mark).map(async ([file, hash]) => {
    const path = join(folder, file);
    if (damaged.has(path)) return [];
    const now = await hashOf(path).catch(() => undefined);
    if (now === undefined) return [`${path} cannot be read: ${again}`];
    return now === hash ? [] : [`${path} was damaged after it was written: ${again}`];
  });
  return (await Promise.all(sentences)).flat();
}

const hashOf = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
