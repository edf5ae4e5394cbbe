/** The programs that draw: scripts of their own, so that the page itself is there at once. */
import type * as Views from "../report/app/show-report.ts";
import type * as Sliders from "../report/what-if/what-if.ts";

const loaded = new Map<string, Promise<unknown>>();

/** Loads a script of the page's folder once; another try where it did not load. */
async function load(name: string): Promise<unknown> {
  const script = new URL(name, import.meta.url).href;
  const loading = loaded.get(name) ?? import(script);
  loaded.set(name, loading);
  loading.catch(() => loaded.delete(name));
  return loading;
}

/** The pictures and words. */
export const loadViews = (): Promise<typeof Views> => load("views.js") as Promise<typeof Views>;

/** The sliders, with the laws that they run. */
export const loadSliders = (): Promise<typeof Sliders> =>
  load("what-if.js") as Promise<typeof Sliders>;
