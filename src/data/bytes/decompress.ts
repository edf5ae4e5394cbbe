/** Compressed files: gzip and Zstandard, piece by piece. */
import { InputError } from "../../base/errors.ts";
import { withinTime } from "./within-time.ts";

/** How a file is compressed, by the ending of its name. */
export type Compression = "gz" | "zst";

/**
 * The compression that a name's ending says; undefined for none.
 *
 * @example compressionOf("runs.csv.gz") // "gz"
 */
export function compressionOf(name: string): Compression | undefined {
  const ending = /\.(gz|zst)$/i.exec(name)?.[1]?.toLowerCase();
  return ending === "gz" || ending === "zst" ? ending : undefined;
}

/**
 * Bytes that come out of a file at most for each that goes in, and in any case. A table of equal
 * lines is a hundredth of its size; a file that is made to fill the memory is less.
 */
const MOST = { ratio: 300, free: 2 ** 28 } as const;

/** Whether bytes stand for far more than those of a table do. */
export const isBomb = (packed: number, unpacked: number): boolean =>
  unpacked > MOST.free && unpacked > MOST.ratio * packed;

/** Called with each piece as it comes out; throws to end it. */
type Count = (piece: Uint8Array) => void;

/**
 * The bytes that compressed ones stand for.
 *
 * @param source how messages name the file
 * @throws InputError for damaged files, and for those that stand for far more than tables do.
 */
export async function* decompressed(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  compression: Compression,
  source: string,
): AsyncGenerator<Uint8Array> {
  let [packed, unpacked] = [0, 0];
  // Asked at each piece, before more is unpacked: a chunk can stand for gigabytes.
  const count = (piece: Uint8Array): void => {
    unpacked += piece.length;
    if (isBomb(packed, unpacked))
      throw new InputError(
        `${source} stands for more than ${MOST.ratio} times its size, as no table does: unpack it to see what it is`,
        { file: source },
      );
  };
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      packed += chunk.length;
      yield chunk;
    }
  };
  try {
    yield* compression === "gz" ? gunzipped(counted(), count) : unzstd(counted(), count);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const name = compression === "gz" ? "gzip" : "Zstandard";
    throw new InputError(
      `${source} cannot be unpacked (${error instanceof Error ? error.message : String(error)}): it is damaged, or no ${name} file`,
      { file: source },
    );
  }
}

/** Through the platform's own decompressor. */
async function* gunzipped(
  chunks: AsyncIterable<Uint8Array>,
  count: Count,
): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const fed = (async () => {
    for await (const chunk of chunks) await writer.write(chunk as Uint8Array<ArrayBuffer>);
    await writer.close();
  })();
  // What goes wrong is told by the reader.
  fed.catch(() => undefined);
  const reader = stream.readable.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    count(piece.value);
    yield piece.value;
  }
  await fed;
}

/** By fzstd, which is loaded for such files alone. */
async function* unzstd(
  chunks: AsyncIterable<Uint8Array>,
  count: Count,
): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import("fzstd");
  let pieces: Uint8Array[] = [];
  const stream = new Decompress((piece) => {
    count(piece);
    pieces.push(piece);
  });
  const taken = (): Uint8Array[] => {
    const ready = pieces;
    pieces = [];
    return ready;
  };
  for await (const chunk of chunks) {
    withinTime(() => stream.push(chunk), MOST.ratio * chunk.length);
    yield* taken();
  }
  stream.push(new Uint8Array(), true);
  yield* taken();
}
