/** A page that keeps a list of what went wrong in it. */
import { PLAIN_HOST } from "../../scripts/browser.mjs";
import type { BrowserContext, Page, Request } from "playwright-core";

export interface WatchedPage {
  readonly page: Page;
  /** Errors on the console, exceptions that nobody caught, and requests that left the page. */
  readonly faults: readonly string[];
}

/**
 * Whether a request stays where the page is: within the page itself, or on the server that the page
 * came from. A page from disk may load itself and nothing else.
 */
function stays(request: Request): boolean {
  const url = new URL(request.url());
  if (["data:", "blob:", "about:"].includes(url.protocol)) return true;
  if (request.isNavigationRequest()) return url.protocol === "file:" || isLoopback(url);
  const page = new URL(request.frame().url());
  return isLoopback(url) && page.origin === url.origin;
}

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "127.0.0.1" || hostname === PLAIN_HOST;

/** Milliseconds until what a test waits for counts as missing: a loaded machine is slow. */
const PATIENCE = 200_000;

/** Opens a page in `context` and watches it. */
export async function openWatched(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`not caught: ${error.message}`));
  context.on("request", (request) => {
    if (!stays(request)) faults.push(`request to ${request.url()}`);
  });
  return { page, faults };
}
