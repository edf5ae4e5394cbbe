/** Pages and files whose bytes would send a decoder in circles, or fill the memory. */
import { brotliCompressSync, gzipSync } from "node:zlib";
import { parquetMetadata, parquetSchema } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { decompressed } from "../../../src/data/bytes/decompress.ts";
import { pageCodecs } from "../../../src/data/bytes/page-codecs.ts";
import { withinTime } from "../../../src/data/bytes/within-time.ts";
import { checkParquet } from "../../../src/data/table/check-parquet.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

test("a call that does not end is ended", () => {
  const endless = (): number => {
    for (let at = 0; ; at = (at + 1) % 8) if (at < 0) return at;
  };
  expect(() => withinTime(endless, 0, { free: 30, perByte: 0 })).toThrow("does not end");
  expect(withinTime(() => 7, 0)).toBe(7);
  expect(() =>
    withinTime(() => {
      throw new RangeError("as it is");
    }, 0),
  ).toThrow(new RangeError("as it is"));
});

test("frames of LZ4 are followed forward, and blocks without frames are read", async () => {
  const { LZ4 } = await pageCodecs();
  // A block of three literals: alone, in a frame, and in two of them.
  const frame = "000000030000000430616263";
  expect(LZ4?.(bytes("30616263"), 3)).toEqual(bytes("616263"));
  expect(LZ4?.(bytes(frame), 3)).toEqual(bytes("616263"));
  expect(LZ4?.(bytes(frame + frame), 6)).toEqual(bytes("616263616263"));
  // The length −8 leads back to the frame's beginning.
  expect(() => LZ4?.(bytes("00000000fffffff80000000000000000"), 3)).toThrow(/offset/);
});

test.each([
  ["GZIP", gzipSync],
  ["BROTLI", brotliCompressSync],
] as const)("%s: no more comes out than the header says", async (codec, pack) => {
  const unpack = (await pageCodecs())[codec];
  expect(new Uint8Array(unpack?.(pack(bytes("616263")), 3) ?? [])).toEqual(bytes("616263"));
  expect(() => unpack?.(pack(new Uint8Array(2 ** 20)), 1000)).toThrow(/larger than/);
  expect(() => unpack?.(bytes("00"), 1000)).toThrow();
});

test("a .zst file of a few bytes that stands for gigabytes is refused", async () => {
  // A frame with a window of 128 KiB and blocks of one byte, repeated 131072 times.
  const block = [0x02, 0x00, 0x10, 0x61];
  const header = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];
  const file = Uint8Array.from([header, ...Array.from({ length: 4000 }, () => block)].flat());
  const read = async (): Promise<void> => {
    for await (const piece of decompressed([file], "zst", "bomb.csv.zst"))
      expect(piece.length).toBeLessThanOrEqual(2 ** 17);
  };
  await expect(read()).rejects.toThrow(/bomb\.csv\.zst stands for more than 300 times its size/);
});

test("a Parquet file whose pages stand for far more than it has is refused", () => {
  const file = parquetWriteBuffer({
    codec: "BROTLI",
    compressors: { BROTLI: (input) => new Uint8Array(brotliCompressSync(input)) },
    columnData: [{ name: "a", data: ["x".repeat(2 ** 20)], type: "STRING" }],
  });
  const metadata = parquetMetadata(file);
  const { row_groups } = metadata;
  const check = (times: number): void =>
    checkParquet(
      file,
      { ...metadata, row_groups: Array.from({ length: times }, () => row_groups).flat() },
      parquetSchema(metadata),
    );
  check(100);
  expect(() => check(300)).toThrow("it stands for far more bytes than it has");
});
