/** Where Chromium is, for the tests in a browser and for the pictures. */
import { existsSync } from "node:fs";

/** A browser's executable, or why there is none.
 * @typedef {{ path: string, why?: undefined } | { path?: undefined, why: string }} Found */

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** SwiftShader is Chromium's own software adapter: WebGPU on it needs no graphics card. */
const WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
const NO_WEBGPU = ["--disable-gpu"];

/** A name of this machine that is no secure origin: a page by plain http, as on another host. */
export const PLAIN_HOST = "plain.test";
const COMMON = [`--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`];

/** Looks for Chromium or Chrome: $CHROME_PATH, then the usual places.
 * @returns {Found} */
export function findBrowser() {
  const named = process.env["CHROME_PATH"];
  if (named !== undefined)
    return existsSync(named) ? { path: named } : { why: `CHROME_PATH is ${named}: no such file` };
  const path = PLACES.find((place) => existsSync(place));
  return path === undefined ? { why: `no Chromium was found (${PLACES.join(", ")})` } : { path };
}

/** How to get a browser, in one sentence. */
export const browserRemedy =
  "To get one: node scripts/adapter.mjs --browser (Debian and Ubuntu, as root: apt-get install chromium), or set CHROME_PATH.";

/** Command-line arguments of a Chromium with WebGPU on SwiftShader, or without an adapter.
 * @param {boolean} webgpu */
export const browserArguments = (webgpu) => [...COMMON, ...(webgpu ? WEBGPU : NO_WEBGPU)];
