/**
 * How the pages of Parquet files are unpacked: by the platform where it can, which bounds what
 * comes out, else by decoders in JavaScript within a time.
 */
import type { Compressors } from "hyparquet";
import { isNode, withinTime } from "./within-time.ts";

/** The decompressors of pages, which get a page's bytes and the length that its header says. */
export async function pageCodecs(): Promise<Compressors> {
  const { decompressBrotli, decompressGzip, decompressLz4Raw, decompressZstd } = await import("hyparquet-compressors"); // prettier-ignore
  const zlib = isNode ? process.getBuiltinModule("node:zlib") : undefined;
  const raw = (input: Uint8Array, length: number): Uint8Array =>
    withinTime(() => decompressLz4Raw(input, length), length);
  return {
    GZIP: (input, length) =>
      zlib === undefined ? decompressGzip(input, length) : zlib.gunzipSync(input, bounded(length)),
    BROTLI: (input, length) =>
      zlib === undefined
        ? decompressBrotli(input, length)
        : zlib.brotliDecompressSync(input, bounded(length)),
    ZSTD: (input, length) =>
      withinTime(() => decompressZstd(input, new Uint8Array(length)), length),
    LZ4: (input, length) => {
      const frames = hadoopFrames(input, length);
      if (frames === undefined) return raw(input, length);
      const page = new Uint8Array(length);
      let at = 0;
      for (const frame of frames) {
        page.set(raw(frame.packed, frame.length), at);
        at += frame.length;
      }
      return page;
    },
    LZ4_RAW: raw,
  };
}

/** zlib takes no bound of 0. */
const bounded = (length: number): { readonly maxOutputLength: number } => ({
  maxOutputLength: Math.max(1, length),
});

interface Frame {
  readonly packed: Uint8Array;
  readonly length: number;
}

/**
 * The frames of a page of LZ4 as Hadoop writes it, each after its length and its packed length in
 * 32 bits; undefined for a page of one block without them, as Arrow writes it.
 */
function hadoopFrames(input: Uint8Array, length: number): readonly Frame[] | undefined {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const frames: Frame[] = [];
  let [at, total] = [0, 0];
  while (at + 8 <= input.length) {
    const [unpacked, packed] = [view.getUint32(at), view.getUint32(at + 4)];
    at += 8 + packed;
    total += unpacked;
    frames.push({ packed: input.subarray(at - packed, at), length: unpacked });
  }
  return at === input.length && total === length ? frames : undefined;
}
