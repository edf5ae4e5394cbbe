/**
 * Completion in real shells: keys are typed in a pseudo-terminal, and what the command is then
 * called with is looked at. Nothing of a hostile table may be run. `npm run test:shells`.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../cli/command.ts";

/** How each shell starts without a user's settings, and takes the completion. */
const SHELLS = {
  bash: { start: "bash --norc --noprofile -i", take: 'eval "$(mixlaw completion bash)"' },
  zsh: {
    start: "zsh -f -i",
    take: 'autoload -U compinit; compinit -u -D; eval "$(mixlaw completion zsh)"',
  },
  fish: { start: "fish --no-config -i", take: "mixlaw completion fish | source" },
} as const;
/** A table that would leave files behind, were its names evaluated. */
const TABLE = 'n_params,n_tokens,"loss b",$(touch pwned),`touch pwned`,;touch pwned\n1,2,3,4,5,6\n';
const IS_REQUIRED = process.env["REQUIRE_SHELLS"] === "1";
/** Milliseconds until a shell counts as hung. */
const PATIENCE = 60_000;

const folder = mkdtempSync(join(tmpdir(), "mixlaw-shells-"));
const inFolder = (name: string): string => join(folder, name);
writeFileSync(inFolder("runs.csv"), TABLE);
/** Completes as the command does, and writes down what else it is called with. */
const STAND_IN = `#!/bin/sh
if [ "$1" = completion ]; then exec '${process.execPath}' '${join(root, "dist/cli.js")}' "$@"; fi
printf '%s\\n' "$@" > called.new && mv called.new called
`;
writeFileSync(inFolder("mixlaw"), STAND_IN);
chmodSync(inFolder("mixlaw"), 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A shell in a pseudo-terminal. */
class Session {
  readonly #child: ChildProcess;
  text = "";

  constructor({ start, take }: (typeof SHELLS)[keyof typeof SHELLS]) {
    const { PATH = "" } = process.env;
    this.#child = spawn("script", ["-qfec", `stty cols 120 rows 40; exec ${start}`, "/dev/null"], {
      cwd: folder,
      stdio: ["pipe", "pipe", "inherit"],
      env: { PATH: `${folder}:${PATH}`, HOME: folder, TERM: "xterm-256color", LANG: "C.UTF-8" },
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.text += text));
    this.#type(`${take}\r`);
  }

  /** What mixlaw is called with when the keys are typed and then Enter. */
  async call(keys: string): Promise<string[]> {
    const called = inFolder("called");
    rmSync(called, { force: true });
    this.#type(`${keys}\r`);
    for (let waited = 0; !existsSync(called); waited += 50) {
      if (waited > PATIENCE) throw new Error(`nothing was called: ${this.text}`);
      await sleep(50);
    }
    return readFileSync(called, "utf8").trimEnd().split("\n");
  }

  close(): Promise<unknown> {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#type("exit\r");
    return ended;
  }

  #type(keys: string): void {
    this.#child.stdin?.write(keys);
  }
}

const isThere = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

describe.each(Object.entries(SHELLS))("in %s", (shell, about) => {
  test.skipIf(!IS_REQUIRED && !isThere(shell))("keys complete what the command takes", async () => {
    const session = new Session(about);
    try {
      expect(await session.call("mixlaw optim\t--solv\t")).toEqual(["optimize", "--solver"]);
      expect(await session.call("mixlaw fit ru\t--backend we\t")).toEqual(["fit", "runs.csv", "--backend", "webgpu"]); // prettier-ignore
      expect(await session.call("mixlaw fit --law=additive,kapl\t")).toEqual(["fit", "--law=additive,kaplan"]); // prettier-ignore
      expect(await session.call("mixlaw fit runs.csv --params n_p\t")).toEqual(["fit", "runs.csv", "--params", "n_params"]); // prettier-ignore
      expect(await session.call("mixlaw fit runs.csv --targets lo\t")).toEqual(["fit", "runs.csv", "--targets", "loss b"]); // prettier-ignore
      expect(await session.call("mixlaw fit runs.csv --targets \\$\t")).toEqual(["fit", "runs.csv", "--targets", "$(touch pwned)"]); // prettier-ignore
      expect(await session.call("mixlaw fit runs.csv --targets '`\t")).toEqual(["fit", "runs.csv", "--targets", "`touch pwned`"]); // prettier-ignore
      expect(await session.call("mixlaw fit runs.csv --targets \\;\t")).toEqual(["fit", "runs.csv", "--targets", ";touch pwned"]); // prettier-ignore
    } finally {
      await session.close();
    }
    expect(readdirSync(folder)).not.toContain("pwned");
  });
});
