/**
 * A web server on loopback for the tests in a browser. It serves `dist/`, `examples/`,
 * `test/browser/pages/` and `test/simulated/` of the repository, and says a strict content-security
 * policy: no inline scripts, no `eval`, nothing from elsewhere.
 */
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const SERVED = /^\/(dist|examples|test\/browser\/pages|test\/simulated)\//;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".csv": "text/csv",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
};

export const STRICT_POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'";

export interface Site {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** The file that a path stands for; rejects where there is none, or none that is served. */
async function read(path: string): Promise<Buffer> {
  if (!SERVED.test(path)) throw new Error(`${path} is not served`);
  return readFile(join(root, path));
}

/**
 * Opens a server on a free port.
 *
 * @param policy the policy that its answers carry; "" for none
 */
export async function openSite(policy: string = STRICT_POLICY): Promise<Site> {
  const answer = async (url: string, response: ServerResponse): Promise<void> => {
    const path = normalize(new URL(url, "http://localhost").pathname);
    const bytes = await read(path);
    response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
    if (policy !== "") response.setHeader("content-security-policy", policy);
    response.end(bytes);
  };
  const server = createServer((request, response) => {
    answer(request.url ?? "/", response).catch(() => response.writeHead(404).end());
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
