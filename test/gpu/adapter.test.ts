/** What is said of adapters. */
import { expect, test } from "vitest";
import { reportOf } from "../../src/gpu/adapter.ts";

const NAMELESS = { vendor: "", architecture: "", device: "", description: "" };
const limits = {} as GPUSupportedLimits;
const adapterOf = (info: Partial<GPUAdapterInfo>): GPUAdapter =>
  ({ info: { ...NAMELESS, isFallbackAdapter: false, ...info }, limits }) as unknown as GPUAdapter;

test.each([
  ["Dawn's full name", { vendor: "mesa", description: "llvmpipe" }, "llvmpipe", true],
  ["Chromium's SwiftShader", { vendor: "google", architecture: "swiftshader" }, "google swiftshader", true],
  ["a card in a browser", { vendor: "nvidia", architecture: "ampere" }, "nvidia ampere", false],
  ["a vendor alone", { vendor: "apple" }, "apple", false],
  ["a fallback that tells nothing", { isFallbackAdapter: true }, "unnamed adapter", true],
])("%s", (_, info, description, software) => {
  expect(reportOf(adapterOf(info))).toMatchObject({ description, software });
}); // prettier-ignore
