/** The rows that a fit file keeps, read with every column checked: files come from anywhere. */
import { decode64 } from "../../base/base64.ts";
import { InputError } from "../../base/errors.ts";
import { itemAt, ownOf } from "../../base/known.ts";
import { byNames, given } from "../../base/objects.ts";
import {
  type Accepts,
  isAboveZero,
  isInput,
  isLoss,
  isRowNumber,
  isShare,
  isSigma,
  unevenRow,
} from "../../data/runs/check-runs.ts";
import type { Runs, RunSet } from "../../data/runs/run-set.ts";
import type { FitFile } from "./fit-file.ts";

/**
 * The runs that a fit file keeps, as they were fitted; undefined for a file without rows. Nothing
 * of the file is believed: every column is checked.
 *
 * @param source how messages name the file
 * @throws InputError for rows that are damaged: it names the file, the column, and what is wrong.
 * @example rowsOf(file)?.train.losses[0] // the first target's losses, NaN where missing
 */
export function rowsOf(file: FitFile, source = "the fit file"): Runs | undefined {
  try {
    return readRows(file);
  } catch (error) {
    if (!(error instanceof DamagedRows)) throw error;
    throw new InputError(`the rows of ${source} are damaged: ${error.message}. Fit again.`, {
      file: source,
    });
  }
}

/** Where rows are damaged, and how. */
class DamagedRows extends Error {}

function readRows(file: FitFile): Runs | undefined {
  const { rows: kept, data } = file as { rows?: unknown; data: FitFile["data"] };
  if (kept === undefined) return undefined;
  const { group, train, test } = partsOf(kept, "rows");
  const targets = Object.keys(partsOf(partsOf(train, "train")["losses"], "train.losses"));
  const missing = file.fits.find(({ target }) => !targets.includes(target));
  if (missing !== undefined)
    throw damaged("train.losses", `there are none of ${missing.target}, which was fitted`);
  if (group !== undefined && typeof group !== "string")
    throw damaged("group", "it is no name of a column");
  const names = { domains: data.domains, targets };
  return {
    ...names,
    source: data.source,
    sha256: data.sha256,
    dropped: data.dropped,
    notes: data.notes,
    ...given({ units: data.units, group, reading: data.reading, phases: data.phases }),
    train: readSet(train, "train", data.rows, names),
    test: test === undefined ? undefined : readSet(test, "test", data.testRows, names),
  };
}

type Names = Pick<Runs, "domains" | "targets">;
type Parts = Readonly<Record<string, unknown>>;

/** Reads a part of a set that has a column for each name. */
type ReadColumns = (part: string, names: readonly string[], accepts: AcceptsOf) => Float64Array[];
/** What a column of a name may hold. */
type AcceptsOf = (name: string) => Accepts;

function readSet(value: unknown, name: string, count: number, names: Names): RunSet {
  const set = partsOf(value, name);
  if (set["count"] !== count)
    throw damaged(`${name}.count`, `it is ${String(set["count"])}, and the file has ${count} rows`);
  const column = columnReader(name, count);
  const columns = columnsReader(set, name, column);
  const { domains, targets } = names;
  const inputs = Object.keys(partsOf(set["inputs"], `${name}.inputs`));
  const inputColumns = columns("inputs", inputs, isInput);
  const { sigmas, rowWeights, groups } = set;
  return {
    rows: count,
    rowNumbers: Int32Array.from(column("rowNumbers", set["rowNumbers"], isRowNumber)),
    inputs: byNames(inputs.map((input, i) => [input, itemAt(inputColumns, i)])),
    weights: rowByRow(
      columns("shares", domains, () => isShare),
      count,
      `${name}.shares`,
    ),
    losses: columns("losses", targets, () => isLoss),
    ...(sigmas === undefined ? {} : { sigmas: columns("sigmas", targets, () => isSigma) }),
    ...(rowWeights === undefined
      ? {}
      : { rowWeights: column("rowWeights", rowWeights, isAboveZero) }),
    ...(groups === undefined ? {} : { groups: readLabels(groups, name, count) }),
  };
}

const columnsReader =
  (set: Parts, setName: string, column: ReturnType<typeof columnReader>): ReadColumns =>
  (part, names, acceptsOf) => {
    const columns = partsOf(set[part], `${setName}.${part}`);
    const unknown = Object.keys(columns).find((each) => !names.includes(each));
    if (unknown !== undefined)
      throw damaged(`${setName}.${part}`, `the file knows no ${JSON.stringify(unknown)}`);
    return names.map((each) => column(`${part}.${each}`, ownOf(columns, each), acceptsOf(each)));
  };

/** Reads columns of a set: `count` numbers that are acceptable. */
const columnReader =
  (set: string, count: number) =>
  (name: string, text: unknown, accepts: Accepts): Float64Array => {
    const values = typeof text === "string" ? valuesIn(text) : undefined;
    const where = `${set}.${name}`;
    if (values === undefined) throw damaged(where, "it is no column of float64 numbers in base64");
    if (values.length !== count)
      throw damaged(where, `it has ${values.length} values for ${count} rows`);
    const bad = values.findIndex((value) => !accepts(value));
    if (bad >= 0) throw damaged(where, `value ${bad + 1} is ${values[bad]}`);
    return values;
  };

function valuesIn(text: string): Float64Array | undefined {
  try {
    return decode64(text);
  } catch {
    return undefined;
  }
}

/** Columns of shares as one array, row by row. */
function rowByRow(columns: readonly Float64Array[], count: number, where: string): Float64Array {
  const k = columns.length;
  const shares = Float64Array.from({ length: count * k }, (_, i) =>
    itemAt(itemAt(columns, i % k), Math.floor(i / k)),
  );
  const uneven = unevenRow(shares, count);
  if (uneven !== undefined)
    throw damaged(where, `those of row ${uneven.row + 1} sum to ${uneven.sum}`);
  return shares;
}

function readLabels(value: unknown, set: string, count: number): string[] {
  const { labels, places } = partsOf(value, `${set}.groups`);
  if (!Array.isArray(labels) || labels.some((label) => typeof label !== "string"))
    throw damaged(`${set}.groups.labels`, "it is no list of texts");
  const isPlace: Accepts = (x) => Number.isInteger(x) && x >= 0 && x < labels.length;
  const read = columnReader(set, count)("groups.places", places, isPlace);
  return Array.from(read, (place) => itemAt(labels as readonly string[], place));
}

/** The parts of something that must be an object. */
function partsOf(value: unknown, where: string): Parts {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw damaged(where, "it is no object by name");
  return value as Parts;
}

const damaged = (where: string, problem: string): DamagedRows =>
  new DamagedRows(`${where}: ${problem}`);
