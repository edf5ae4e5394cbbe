import { createHash } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { sha256Base64, sha256Hex } from "../../src/base/sha256.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("is that of Node, and needs no secure origin", () => {
  vi.stubGlobal("crypto", {}); // as on a page that came by plain http
  for (const length of [0, 55, 56, 64, 65, 100_000]) {
    const text = "µ".repeat(length);
    const bytes = new TextEncoder().encode(text);
    expect(sha256Hex(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(sha256Base64(text)).toBe(createHash("sha256").update(bytes).digest("base64"));
  }
});
