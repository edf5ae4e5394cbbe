import { parseHTML } from "linkedom";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type LoadSliders, showReport } from "../../src/report/app/show-report.ts";
import { whatIfFacts } from "../../src/report/facts/what-if.ts";
import { drawnMaterial } from "./what-if/material.ts";

const sliders = { after: 0, data: whatIfFacts(drawnMaterial()) };
const body = { chapters: [], sliders };

/** Sees nothing: there are no figures here. */
class Observer {
  observe(): void {}
}
beforeAll(() => {
  vi.stubGlobal("ResizeObserver", Observer);
  vi.stubGlobal("IntersectionObserver", Observer);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

/** A report in a page, whose sliders' program comes when `end` says so. */
function shown() {
  const { document } = parseHTML("<html><body></body></html>");
  let end: (load: Awaited<ReturnType<LoadSliders>> | Error) => void = () => undefined;
  const program = new Promise<Awaited<ReturnType<LoadSliders>>>((resolve, reject) => {
    end = (result) => (result instanceof Error ? reject(result) : resolve(result));
  });
  const report = showReport(document.body, body, () => program);
  const texts = (): string[] => [...document.body.children].map((node) => node.textContent ?? "");
  const section = (): HTMLElement => {
    const node = document.createElement("section");
    node.textContent = "sliders";
    return node;
  };
  const loaded = { preparations: () => [], whatIf: section };
  return { report, texts, load: () => end(loaded), fail: () => end(new Error("offline")) };
}

const aTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test("sliders that are shown again before they have come are there once", async () => {
  const { report, texts, load } = shown();
  report.update(body);
  report.update(body);
  load();
  await aTurn();
  expect(texts()).toEqual(["What if", "sliders"]);
});

test("sliders that are not wanted any more when they do not come are not told of", async () => {
  const { report, texts, fail } = shown();
  await aTurn();
  report.update({ chapters: [] });
  fail();
  await aTurn();
  expect(texts()).toEqual([]);
});
