import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveFolder, type Site } from "../../src/node/serve-folder.ts";

const parent = mkdtempSync(join(tmpdir(), "mixlaw-site-"));
const folder = join(parent, "site");
mkdirSync(join(folder, "inner"), { recursive: true });
writeFileSync(join(parent, "secret.txt"), "secret");
writeFileSync(join(folder, "index.html"), "<p>page</p>");
writeFileSync(join(folder, "page.js"), "export {};");
writeFileSync(join(folder, "inner", "deep.txt"), "deep");
afterAll(() => rmSync(parent, { recursive: true }));

let site: Site;
beforeAll(async () => {
  site = await serveFolder({
    folder,
    host: "127.0.0.1",
    port: 0,
    headers: { "content-security-policy": "default-src 'none'" },
  });
});
afterAll(() => site.close());

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

/** A request as it is written: `fetch` would tidy its path, and set the host itself. */
const ask = (path: string, host?: string, method = "GET"): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(site.address);
    const headers = host === undefined ? {} : { host };
    const sent = request({ hostname, port, path, method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      answer.on("end", () =>
        resolve({ status: answer.statusCode, type: answer.headers["content-type"], text }),
      );
    });
    sent.on("error", reject).end();
  });

test("gives its files with their types and the headers that were asked for", async () => {
  const answer = await fetch(site.address);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe("<p>page</p>");
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect((await ask("/page.js?v=2")).type).toBe("text/javascript; charset=utf-8");
});

test.each([
  "/../secret.txt",
  "/..%2fsecret.txt",
  "/%2e%2e/secret.txt",
  "//etc/passwd",
  "/inner/deep.txt",
  "/inner",
  "/nothing.js",
  "/index.html%00.txt",
])("has no file %s", async (path) => {
  const { status, text } = await ask(path);
  expect(status).toBe(404);
  expect(text).not.toContain("secret");
});

test("takes GET and HEAD only", async () => {
  expect(await ask("/", undefined, "HEAD")).toMatchObject({ status: 200, text: "" });
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
    expect((await ask("/", undefined, method)).status).toBe(405);
});

test("answers to addresses and to localhost, and to no other name", async () => {
  for (const host of ["127.0.0.1", "localhost:80", "[::1]:9", "LOCALHOST"])
    expect((await ask("/", host)).status).toBe(200);
  for (const host of [
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.evil",
  ])
    expect((await ask("/", host)).status).toBe(403);
});

test("names a port that is in use, and a host that is none", async () => {
  const { port } = new URL(site.address);
  const again = { folder, host: "127.0.0.1", port: Number(port), headers: {} };
  await expect(serveFolder(again)).rejects.toThrow(`port ${port} is in use on 127.0.0.1: choose another with ‘port’`); // prettier-ignore
  await expect(serveFolder({ ...again, host: "203.0.113.1" })).rejects.toThrow("‘host’ 203.0.113.1 is no address of this machine"); // prettier-ignore
});
