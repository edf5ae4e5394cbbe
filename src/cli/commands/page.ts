/** `mixlaw page`: serves the browser page. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { serveFolder } from "../../node/serve-folder.ts";
import { whole } from "../flags/values.ts";
import { endHelp } from "../io/help.ts";
import { SIGNALS } from "../io/interrupt.ts";
import { print, tell } from "../io/output.ts";

interface Flags {
  readonly port: number;
  readonly host: string;
}

const LOOPBACK = "127.0.0.1";

const EXAMPLES = `
The page fits laws and finds mixtures in the browser, on the visitor's own machine: nothing is uploaded. It is a
folder of static files, which any host can serve as well; see docs/page.md. Ctrl-C ends the server.

Examples:
  mixlaw page
  mixlaw page --port 8080`;

export function addPage(program: Command): void {
  const command = program
    .command("page")
    .summary("serve the browser page that fits and optimizes without uploading anything")
    .description("Serves the browser page on this machine, and prints its address.")
    .option("--port <N>", "port to listen on; 0: any that is free", whole("--port", 0), 0)
    .option("--host <ADDRESS>", "address to listen on: this machine alone unless given", LOOPBACK);
  endHelp(command, EXAMPLES).action(page);
}

async function page({ port, host }: Flags): Promise<void> {
  const here = new URL(import.meta.url);
  const folder = new URL(here.pathname.endsWith(".ts") ? "../../../dist/page/" : "./page/", here);
  const policy = policyOf(await readFile(new URL("index.html", folder), "utf8"));
  const site = await serveFolder({
    folder: fileURLToPath(folder),
    host,
    port,
    headers: {
      // What a page says of itself in a meta element does not cover its workers, nor frames.
      "content-security-policy": `${policy}; frame-ancestors 'none'`,
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-cache",
    },
  });
  print(site.address);
  tell("the page is served at this address until Ctrl-C; nothing that it reads leaves the browser");
  await Promise.race(SIGNALS.map((signal) => once(process, signal)));
  await site.close();
}

/** The content security policy that the page has in itself. */
function policyOf(html: string): string {
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1];
  if (policy === undefined) throw new Error("the page has no content security policy");
  return policy.replace(/\s+/g, " ").trim();
}
