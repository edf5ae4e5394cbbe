/** What the search for faults in pictures must find, or the tests of reports prove nothing. */
import { expect } from "vitest";
import { pictureFaults } from "../../scripts/pictures/look.mjs";
import { browserTest } from "../support/browser.ts";

/** A page with one figure around a picture of 300 × 100 pixels. */
const page = (marks: string): string =>
  `<!doctype html><html lang="en"><title>t</title><style>body{background:#fff}svg{overflow:visible;font:12px sans-serif}</style>
<figure data-view="v" id="v" style="width:300px;margin:40px"><div class="picture"><svg width="300" height="100">${marks}</svg></div></figure>`;

const CASES: readonly (readonly [string, string, readonly RegExp[]])[] = [
  ["nothing", `<text x="20" y="50">one</text><text x="90" y="50">two</text>`, []],
  ["text on text", `<text x="20" y="50">one</text><text x="25" y="52">two</text>`, [/“one” lies on “two”/]],
  ["lines that are just apart", `<text x="20" y="50">one</text><text x="20" y="62">two</text>`, []],
  ["turned labels beside each other", `<g transform="translate(60,80)"><text transform="rotate(-45)">turned label</text></g><g transform="translate(80,80)"><text transform="rotate(-45)">turned label</text></g>`, []],
  ["text that sticks out", `<text x="280" y="50">a long label</text>`, [/“a long label” sticks out/]],
  ["faint text", `<text x="20" y="50" fill="#bbb">one</text>`, [/“one” has contrast 1\.9/]],
  ["dark text on a dark bar", `<rect width="200" height="90" fill="#123"/><text x="20" y="50">one</text>`, [/“one” has contrast 1\.\d/]],
  ["the same with light around it", `<rect width="200" height="90" fill="#123"/><text x="20" y="50" stroke="#fff" stroke-width="3" paint-order="stroke">one</text>`, []],
  ["a number that is none", `<path d="M0,NaNL1,2"/>`, [/<path d="M0,NaNL1,2">/]],
  ["text that is not seen", `<text x="20" y="50">one</text><text x="20" y="50" visibility="hidden">two</text>`, []],
]; // prettier-ignore

browserTest.for(CASES)("%s", async ([, marks, expected], { browsers, folder }) => {
  const context = await (await browsers.get(true)).newContext();
  const opened = await context.newPage();
  await opened.goto(folder.write("page.html", page(marks)));
  const faults = await pictureFaults(opened);
  await context.close();
  expect(faults).toEqual(expected.map((fault) => expect.stringMatching(fault)));
});

browserTest("a figure without a picture", async ({ browsers, folder }) => {
  const context = await (await browsers.get(true)).newContext();
  const opened = await context.newPage();
  const empty = `<!doctype html><title>t</title><figure data-view="v" id="v"><p class="lacks">why</p></figure>`;
  await opened.goto(folder.write("page.html", empty));
  expect(await pictureFaults(opened)).toEqual([]);
  await context.close();
});
