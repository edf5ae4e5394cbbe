/**
 * Tests in a real Chromium. With it they run; without it they are skipped, or, where
 * REQUIRE_BROWSER=1, fail: they never pass by skipping.
 *
 *     browserTest("fits", async ({ site, openPage }) => {
 *       const page = await openPage({ viewport: { width: 400, height: 800 } });
 *       await page.goto(`${site.origin}/test/browser/pages/library.html`);
 *       …
 *     });
 *
 * A test fails on any error on the console of its pages, any exception that nobody caught there,
 * and any request that leaves them.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { inject, test } from "vitest";
import { browserArguments } from "../../scripts/browser.mjs";
import { openSite, type Site } from "./site.ts";
import { openWatched, type WatchedPage } from "./watched-page.ts";

const found = inject("browser");

/** Whether there is a browser. */
export const hasBrowser = found.path !== undefined;

/** Skip rather than fail? */
const skip = !hasBrowser && process.env["REQUIRE_BROWSER"] !== "1";

export interface PageOptions extends BrowserContextOptions {
  /** Whether there is an adapter for WebGPU. Default true: SwiftShader. */
  readonly webgpu?: boolean;
}

/** One browser with WebGPU and one without, each started when it is first asked for. */
class Browsers {
  readonly #started = new Map<boolean, Promise<Browser>>();

  get(webgpu: boolean): Promise<Browser> {
    if (found.path === undefined)
      throw new Error(`REQUIRE_BROWSER is set, but ${found.why ?? "there is no browser"}`);
    const browser =
      this.#started.get(webgpu) ??
      chromium.launch({ executablePath: found.path, args: browserArguments(webgpu) });
    this.#started.set(webgpu, browser);
    return browser;
  }

  async close(): Promise<void> {
    for (const browser of this.#started.values()) await (await browser).close();
  }
}

/** Opens a page in a context of its own: no cookies, cache or storage of another one. */
export type OpenPage = (options?: PageOptions) => Promise<Page>;

export interface Folder {
  /** The path of a file in it, there or not. */
  path(name: string): string;
  /** Writes a file; returns its `file:` address. */
  write(name: string, text: string): string;
}

interface Fixtures {
  /** Shared by the files of a worker. */
  browsers: Browsers;
  /** The server of the library and the examples. */
  site: Site;
  openPage: OpenPage;
  /** A folder for pages from disk, removed after the file's tests. */
  folder: Folder;
}

// oxlint-disable no-empty-pattern -- vitest reads the destructuring to find out what a fixture depends on
export const browserTest = test
  .extend<Fixtures>({
    browsers: [
      async ({}, use) => {
        const browsers = new Browsers();
        await use(browsers);
        await browsers.close();
      },
      { scope: "worker" },
    ],
    site: [
      async ({}, use) => {
        const site = await openSite();
        await use(site);
        await site.close();
      },
      { scope: "file" },
    ],
    folder: [
      async ({}, use) => {
        const folder = mkdtempSync(join(tmpdir(), "mixlaw-browser-"));
        const path = (name: string): string => join(folder, name);
        await use({
          path,
          write(name, text) {
            writeFileSync(path(name), text);
            return pathToFileURL(path(name)).href;
          },
        });
        rmSync(folder, { recursive: true, force: true });
      },
      { scope: "file" },
    ],
    openPage: async ({ browsers }, use) => {
      const opened: WatchedPage[] = [];
      await use(async ({ webgpu = true, ...options } = {}) => {
        const browser = await browsers.get(webgpu);
        const watched = await openWatched(await browser.newContext(options));
        opened.push(watched);
        return watched.page;
      });
      for (const { page } of opened) await page.context().close();
      const faults = opened.flatMap((watched) => watched.faults);
      if (faults.length > 0) throw new Error(`the page had errors:\n${faults.join("\n")}`);
    },
  })
  .skipIf(skip);
