/**
 * A server of static files. It knows its files from the start and serves no others, so that no path
 * leads out of their folder. It answers requests that name it by address or as localhost, so that
 * no page of another name reaches it through a name server that lies (DNS rebinding).
 */
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isIP, isIPv6 } from "node:net";
import { extname, join } from "node:path";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { codeOf } from "./error-code.ts";

/** Media types by the endings of files. */
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
};

/** What is served, and where. */
export interface ServeOptions {
  /** Its files are served, those of its subfolders are not; `index.html` at "/" too. */
  readonly folder: string;
  /** The name or address to listen on. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Headers of every answer, by name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A server that runs. */
export interface Site {
  /** Its address, "http://127.0.0.1:4000/". */
  readonly address: string;
  close(): Promise<void>;
}

/** Files by the path of their address. */
type Files = ReadonlyMap<string, { readonly bytes: Buffer; readonly type: string }>;

/**
 * Serves the files of a folder as they are now.
 *
 * @throws InputError for a port or a host that cannot be used.
 */
export async function serveFolder({ folder, host, port, headers }: ServeOptions): Promise<Site> {
  const files = await readFiles(folder);
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(request, response, files, host);
  });
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    throw explained(error, host, port);
  }
  const at = server.address() as AddressInfo;
  return {
    address: `http://${isIPv6(at.address) ? `[${at.address}]` : at.address}:${at.port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readFiles(folder: string): Promise<Files> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ name }) => {
        const bytes = await readFile(join(folder, name));
        const type = TYPES[extname(name)] ?? "application/octet-stream";
        return [`/${name}`, { bytes, type }] as const;
      }),
  );
  const byPath = new Map(files);
  const index = byPath.get("/index.html");
  return index === undefined ? byPath : byPath.set("/", index);
}

function answer(
  { method, url = "", headers }: IncomingMessage,
  response: ServerResponse,
  files: Files,
  host: string,
): void {
  const refuse = (status: number, reason: string): void => {
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
    response.end(method === "HEAD" ? undefined : `${reason}\n`);
  };
  response.setHeader("x-content-type-options", "nosniff");
  if (!isOwnName(headers.host, host)) return refuse(403, "This server answers to its address and to localhost."); // prettier-ignore
  if (method !== "GET" && method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return refuse(405, "This server only gives files: use GET or HEAD.");
  }
  const file = files.get(url.replace(/[?#].*$/s, ""));
  if (file === undefined) return refuse(404, "There is no such file.");
  response.writeHead(200, { "content-type": file.type, "content-length": file.bytes.length });
  response.end(method === "HEAD" ? undefined : file.bytes);
}

/** Whether a Host header is an address, localhost, or the name that the server was started with. */
function isOwnName(header: string | undefined, host: string): boolean {
  const name = header?.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1").toLowerCase(); // prettier-ignore
  return name !== undefined && (isIP(name) > 0 || name === "localhost" || name === host.toLowerCase()); // prettier-ignore
}

function explained(error: unknown, host: string, port: number): unknown {
  const code = codeOf(error);
  if (code === "EADDRINUSE")
    return new InputError(
      `port ${port} is in use on ${host}: choose another with ${option("port")}, or 0 for one that is free`,
      { option: "port" },
    );
  if (code === "EACCES")
    return new InputError(
      `port ${port} may not be used by this user: choose one from 1024 on with ${option("port")}`,
      { option: "port" },
    );
  if (code === "ERR_SOCKET_BAD_PORT")
    return new InputError(
      `${option("port")} is ${port}; it must be a whole number from 0 to 65535`,
      {
        option: "port",
      },
    );
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new InputError(
      `${option("host")} ${host} is no address of this machine: 127.0.0.1 is this machine alone, 0.0.0.0 all its networks`,
      { option: "host" },
    );
  return error;
}
