/** The tests' own watch: what it must not miss, or every other test in a browser proves nothing. */
import { expect } from "vitest";
import { browserTest } from "../support/browser.ts";
import { openWatched } from "../support/watched-page.ts";

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ["an error on the console", `<script>console.error("oh")</script>`, /^console: oh$/],
  ["an exception", `<script>throw new Error("oh")</script>`, /^not caught: oh$/],
  ["a rejected promise", `<script>Promise.reject(new Error("oh"))</script>`, /^not caught: oh$/],
  ["a picture from elsewhere", `<img src="http://127.0.0.9:9/a.png">`, /^request to http:/],
  ["a file beside the page", `<link rel="stylesheet" href="a.css">`, /^request to file:/],
  [
    "a script from elsewhere",
    `<script src="https://a.invalid/a.js"></script>`,
    /^request to https:/,
  ],
  [
    "what its policy forbids",
    `<meta http-equiv="content-security-policy" content="script-src 'none'"><script>1</script>`,
    /^console: .*Content Security Policy/,
  ],
];

/** How long a fault may take to be told. */
const SOON = { timeout: 20_000 };

browserTest.for(BAD)("%s is a fault", async ([, html, expected], { browsers, folder }) => {
  const browser = await browsers.get(true);
  const context = await browser.newContext({ offline: true });
  const { page, faults } = await openWatched(context);
  await page.goto(folder.write("page.html", `<!doctype html><title>t</title>${html}`));
  // The browser tells of a fault after the page is there.
  await expect.poll(() => faults, SOON).toContainEqual(expect.stringMatching(expected));
  await context.close();
});

browserTest("a quiet page has no faults", async ({ openPage, folder }) => {
  const page = await openPage({ offline: true });
  const url = folder.write("page.html", "<!doctype html><title>quiet</title><p>text</p>");
  await page.goto(url);
  expect(await page.title()).toBe("quiet");
});
