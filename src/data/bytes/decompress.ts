/** Compressed files: gzip and Zstandard, piece by piece. */
import { InputError } from "../../base/errors.ts";

/** How a file is compressed, by the ending of its name. */
export type Compression = "gz" | "zst";

/**
 * The compression that a name's ending says; undefined for none. @example
 * compressionOf("runs.csv.gz") // "gz"
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
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      packed += chunk.length;
      yield chunk;
    }
  };
  const pieces = compression === "gz" ? gunzipped(counted()) : unzstd(counted());
  try {
    for await (const piece of pieces) {
      unpacked += piece.length;
      if (unpacked > MOST.free && unpacked > MOST.ratio * packed)
        throw new InputError(
          `${source} stands for more than ${MOST.ratio} times its size, as no table does: unpack it to see what it is`,
          { file: source },
        );
      yield piece;
    }
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
async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const fed = (async () => {
    for await (const chunk of chunks) await writer.write(chunk as Uint8Array<ArrayBuffer>);
    await writer.close();
  })();
  // What goes wrong is told by the reader.
  fed.catch(() => undefined);
  const reader = stream.readable.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  await fed;
}

/** By fzstd, which is loaded for such files alone. */
async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import("fzstd");
  let pieces: Uint8Array[] = [];
  const stream = new Decompress((piece) => void pieces.push(piece));
  const taken = (): Uint8Array[] => {
    const ready = pieces;
    pieces = [];
    return ready;
  };
  for await (const chunk of chunks) {
    stream.push(chunk);
    yield* taken();
  }
  stream.push(new Uint8Array(), true);
  yield* taken();
}
