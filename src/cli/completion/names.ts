/** Names that a machine and its files have: laws, adapters, columns of tables, domains of fits. */
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { CATALOG, listAdapters, readTable } from "../../node.ts";
import { readFit } from "../io/read-text.ts";
import { quietly } from "../io/quiet-driver.ts";
import type { Candidate, Names } from "./complete.ts";
import type { ValueKind } from "./places.ts";

/** Larger files are not read: a key that does nothing for a second is broken. */
const LARGEST = 4 * 2 ** 20;

/** Names of this machine. What cannot be read has none. */
export const NAMES: Names = {
  of: (kind, files) => namesOf(kind, files).catch((): Candidate[] => []),
};

async function namesOf(kind: ValueKind, files: readonly string[]): Promise<Candidate[]> {
  if (kind === "laws") return [...CATALOG.values()].map(({ name, equation }) => ({ word: name, about: equation })); // prettier-ignore
  if (kind === "adapters") return adapters();
  if (kind === "columns") return named(await columnsOf(files));
  if (kind === "domains") return named((await domainsOf(files)).map((name) => `${name}=`));
  if (kind === "targets") return named([...(await targetsOf(files)), "worst"]);
  return [];
}

/** Adapters by number: names of drivers have spaces and brackets. */
async function adapters(): Promise<Candidate[]> {
  const all = await quietly(() => listAdapters());
  return all.map(({ name, backend }, n) => ({ word: String(n), about: `${name} (${backend})` }));
}

const named = (names: readonly string[]): Candidate[] =>
  [...new Set(names)].filter((word) => !/\p{C}/u.test(word)).map((word) => ({ word, about: "" }));

/** Columns of the tables that a line names, whatever else it names. */
async function columnsOf(files: readonly string[]): Promise<string[]> {
  const read = (path: string): Promise<string[]> =>
    readTable(path).then(
      ({ columns }) => [...columns.keys()],
      () => [],
    );
  return (await Promise.all((await small(files)).map(read))).flat();
}

const domainsOf = async (files: readonly string[]): Promise<string[]> =>
  (await fitsOf(files)).flatMap(({ data }) => data.domains);

const targetsOf = async (files: readonly string[]): Promise<string[]> =>
  (await fitsOf(files)).flatMap(({ fits }) => fits.map(({ target }) => target));

const fitsOf = async (files: readonly string[]) =>
  Promise.all((await small(files.slice(0, 1))).map((path) => readFit(path)));

/** The files that are there and small, by paths that a home folder may begin. */
async function small(paths: readonly string[]): Promise<string[]> {
  const whole = paths.map((path) => path.replace(/^~(?=\/)/, homedir()));
  const sizes = await Promise.all(whole.map((path) => stat(path).catch(() => undefined)));
  return whole.filter((_, i) => sizes[i]?.isFile() === true && sizes[i].size <= LARGEST);
}
