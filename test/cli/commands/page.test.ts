import type { ChildProcess } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, startMixlaw } from "../command.ts";

/** Runs the command, does something with its address, and ends it with Ctrl-C. */
async function served(work: (address: string) => Promise<void>): Promise<number | null> {
  let end: Promise<void> | undefined;
  const whenSaid = (child: ChildProcess, address: string): void => {
    end ??= work(address).finally(() => child.kill("SIGINT"));
  };
  const { code } = await startMixlaw(["page"], {
    onStart: (child) => {
      child.stdout?.on("data", (text: string) => whenSaid(child, text.trim()));
    },
  });
  await end;
  return code;
}

test("serves the page with a strict policy, and ends at Ctrl-C", async () => {
  const code = await served(async (address) => {
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const answer = await fetch(address);
    const html = await answer.text();
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("'unsafe-eval'");
    // Where another host serves the folder, the page has the policy in itself.
    expect(html).toContain(policy.replace("; frame-ancestors 'none'", ""));
    for (const name of readdirSync(join(root, "dist/page"))) {
      const file = await fetch(new URL(name, address));
      expect(file.status, name).toBe(200);
      expect(file.headers.get("content-security-policy")).toBe(policy);
      await file.arrayBuffer();
    }
    // Addresses are relative: the page works under any path.
    const links = [...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? "");
    expect(links.filter((link) => /^(\/|https?:)/.test(link))).toEqual([]);
  });
  expect(code).toBe(0);
});

test("names a port that cannot be one", async () => {
  const { code, stderr } = await startMixlaw(["page", "--port", "x"]);
  expect(code).toBe(1);
  expect(stderr).toContain('--port is "x"; it must be a whole number, 0 or more');
  const large = await startMixlaw(["page", "--port", "70000"]);
  expect(large.code).toBe(1);
  expect(large.stderr).toContain("--port is 70000; it must be a whole number from 0 to 65535");
});
