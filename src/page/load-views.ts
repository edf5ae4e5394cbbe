/** The program that draws: a script of its own, so that the page itself is there at once. */
import type * as Views from "../report/app/show-report.ts";

let loaded: Promise<typeof Views> | undefined;

/** Loads it once; another try where it did not load. */
export function loadViews(): Promise<typeof Views> {
  const script = new URL("views.js", import.meta.url).href;
  loaded ??= import(script) as Promise<typeof Views>;
  loaded.catch(() => (loaded = undefined));
  return loaded;
}
