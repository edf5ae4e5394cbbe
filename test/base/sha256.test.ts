import { createHash } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { computedSha256, sha256 } from "../../src/base/sha256.ts";

afterEach(() => void vi.unstubAllGlobals());

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("is that of FIPS 180-4's example", async () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(await sha256(new TextEncoder().encode("abc"))).toBe(abc);
});

test.each([0, 1, 54, 55, 56, 63, 64, 65, 1000, 100_001])(
  "of %i bytes is computed as Node does",
  (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + 7) % 256);
    expect(hex(computedSha256(bytes))).toBe(createHash("sha256").update(bytes).digest("hex"));
  },
);

test("is there without crypto.subtle, as in pages over plain http", async () => {
  const bytes = new TextEncoder().encode("n_params,loss\n1e6,3\n");
  const own = await sha256(bytes);
  vi.stubGlobal("crypto", {});
  expect(await sha256(bytes)).toBe(own);
});
