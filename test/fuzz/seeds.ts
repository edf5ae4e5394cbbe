/**
 * Inputs that mutations start from: small ones of our own, and the files of `../shared/cases` where
 * they are there.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";

/** The root of the checkout, from here and from the bundle in `.cache/fuzz`. */
export const root = resolve(import.meta.dirname, "../..");

/** Larger files make inputs slow and findings hard to read. */
const LARGEST = 20_000;

/** Files of a folder of `../shared/cases` with an ending; none where there is no such folder. */
export function sharedCases(folder: string, ending: string): Uint8Array[] {
  const path = join(root, "../shared/cases", folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => new Uint8Array(readFileSync(join(path, name))))
    .filter((bytes) => bytes.length <= LARGEST);
}

/** Rows of a small table: two domains, two targets, with a cell missing. */
export const ROWS: readonly Readonly<Record<string, string | number | null>>[] = Array.from(
  { length: 12 },
  (_, i) => {
    const [params, tokens] = [1e7 * 2 ** (i % 4), 1e9 * 3 ** Math.floor(i / 4)];
    const web = [0.5, 0.75, 0.2, 0.4, 0.6][i % 5] ?? 0.5;
    const loss = 1.7 + 12 * params ** -0.2 + 80 * tokens ** -0.25 + 0.1 * web;
    return {
      run: `r${i}`,
      split: i % 3 === 0 ? "test" : "train",
      n_params: params,
      n_tokens: tokens,
      h_web: web,
      h_code: 1 - web,
      loss_a: Number(loss.toFixed(4)),
      loss_b: i === 5 ? null : Number((loss * 1.2).toFixed(4)),
    };
  },
);

const NAMES = Object.keys(ROWS[0] ?? {});
const lines = (separator: string): string =>
  [NAMES, ...ROWS.map((row) => NAMES.map((name) => row[name] ?? ""))]
    .map((cells) => cells.join(separator))
    .join("\n");

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A block of LZ4 that is one run of literals. */
function literals(input: Uint8Array): Uint8Array {
  const rest = input.length - 15;
  const lengths = rest < 0 ? [] : [...Array.from({ length: Math.floor(rest / 255) }, () => 255), rest % 255]; // prettier-ignore
  return Uint8Array.from([Math.min(input.length, 15) << 4, ...lengths, ...input]);
}

const parquet = (codec: "SNAPPY" | "UNCOMPRESSED" | "GZIP" | "BROTLI" | "LZ4_RAW"): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      codec,
      compressors: {
        GZIP: (input) => new Uint8Array(gzipSync(input)),
        BROTLI: (input) => new Uint8Array(brotliCompressSync(input)),
        LZ4_RAW: literals,
      },
      columnData: NAMES.map((name) => {
        const data = ROWS.map((row) => row[name] ?? null);
        return typeof data[0] === "number" ? { name, data, type: "DOUBLE" } : { name, data };
      }),
    }),
  );

/** Seeds of each format of tables. */
export const TABLES = {
  csv: [lines(","), `\ufeff"n_params",loss_a\r\n1e7,"2.5"\r\n"3e7",2.25\r\n\r\n`].map(bytesOf),
  tsv: [bytesOf(lines("\t"))],
  json: [bytesOf(JSON.stringify(ROWS))],
  jsonl: [bytesOf(ROWS.map((row) => JSON.stringify(row)).join("\n"))],
  parquet: [
    parquet("SNAPPY"),
    parquet("UNCOMPRESSED"),
    parquet("GZIP"),
    parquet("BROTLI"),
    parquet("LZ4_RAW"),
  ],
} as const;

/** Compressed tables by the ending of their names. The Zstandard one is by zstd 1.5. */
export const COMPRESSED = {
  "csv.gz": [new Uint8Array(gzipSync(lines(",")))],
  "csv.zst": [new Uint8Array(Buffer.from("KLUv/SAMYQAAYSxiCjEsMgozLDQK", "base64"))],
} as const;

/** A file in the format of NIST's reference problems. */
export const NIST = bytesOf(`NIST/ITL StRD
Dataset Name:  Small            (Small.dat)

File Format:   ASCII
               Starting Values   (lines 16 to 17)
               Certified Values  (lines 16 to 22)
               Data              (lines 25 to 30)

Model:         Exponential Class
               2 Parameters (b1 and b2)

               y = b1*(1-exp[-b2*x])  +  e


          Starting values                  Certified Values
  b1 =   500         250           2.3894212918E+02  2.7070075241E+00
  b2 =     0.0001      0.0005      5.5015643181E-04  7.2668688436E-06

Residual Sum of Squares:                    1.2455138894E-01
Residual Standard Deviation:                1.0187876330E-01
Degrees of Freedom:                                4
Number of Observations:                            6

Data:   y               x
      10.07E0      77.6E0
      14.73E0     114.9E0
      17.94E0     141.1E0
      23.93E0     190.8E0
      29.61E0     239.9E0
      35.18E0     289.0E0
`);
