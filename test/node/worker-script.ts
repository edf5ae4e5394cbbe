/** The script of a thread, bundled: a worker of Node 20 does not read the sources, TypeScript. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Bundles it into a folder, and gives its address. */
export async function workerScript(folder: string): Promise<URL> {
  const outfile = join(folder, "worker.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "../../src/node/worker.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
  });
  return pathToFileURL(outfile);
}
