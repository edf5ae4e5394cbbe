/** Systems that Dawn was not built for: an older libstdc++, musl, or no native module at all. */
import { expect, test, vi } from "vitest";
import { NoAdapterError } from "../../src/base/errors.ts";
import { listAdapters, nodeGpu } from "../../src/node/dawn.ts";

vi.mock("webgpu", () => {
  throw new Error("/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found\nRequire stack: …");
});

test("no adapter is listed where Dawn cannot be loaded", async () => {
  expect(await listAdapters()).toEqual([]);
});

test("a GPU that is asked for is an error in one line, with why and what works", async () => {
  const error: unknown = await nodeGpu().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NoAdapterError);
  expect(String(error)).toMatch(
    /WebGPU cannot be loaded on this system: [^\n]+cpu[^\n]+ computes without it; docs\/platforms\.md says what it needs\.$/,
  );
});
