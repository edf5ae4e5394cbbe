/** Output files: what is never overwritten, what stays of one, and what is said of a bad disk. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  INTERRUPTED,
  interruption,
  letSignalsEnd,
  removedIfEnded,
} from "../../../src/cli/io/interrupt.ts";
import { destination } from "../../../src/cli/io/save.ts";
import { replaceFile } from "../../../src/node/replace-file.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "mixlaw-save-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder = "";
let count = 0;
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const at = (name: string): string => join(folder, name);
const put = (name: string, text = "old\n"): string => {
  writeFileSync(at(name), text);
  return at(name);
};
const read = (name: string): string => readFileSync(at(name), "utf8");
/** What stderr gets meanwhile. */
const heard = (): string[] => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  return lines;
};

describe("a file that is written", () => {
  test("is new, or replaces the old one with its mode", async () => {
    await (await destination(at("new.json"))).save("new\n");
    expect(read("new.json")).toBe("new\n");
    expect(statSync(at("new.json")).mode & 0o777).toBe(0o666 & ~process.umask());
    chmodSync(put("old.json"), 0o640);
    await (await destination(at("old.json"))).save("new\n");
    expect(read("old.json")).toBe("new\n");
    expect(statSync(at("old.json")).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).toSorted()).toEqual(["new.json", "old.json"]);
  });

  test.runIf(process.getuid?.() === 0)("keeps its owner", async () => {
    chownSync(put("theirs.json"), 1234, 2345);
    chmodSync(at("theirs.json"), 0o4755);
    await (await destination(at("theirs.json"))).save("new\n");
    const { uid, gid, mode } = statSync(at("theirs.json"));
    expect([uid, gid, mode & 0o7777]).toEqual([1234, 2345, 0o4755]);
  });

  test("is the one that links lead to, which need not exist yet", async () => {
    mkdirSync(at("far"));
    put("far/real.json");
    symlinkSync("far/real.json", at("link.json"));
    symlinkSync("link.json", at("second.json"));
    await (await destination(at("second.json"))).save("new\n");
    expect(read("far/real.json")).toBe("new\n");
    symlinkSync("far/later.json", at("dangling.json"));
    await (await destination(at("dangling.json"))).save("later\n");
    expect(read("far/later.json")).toBe("later\n");
    for (const name of ["link.json", "second.json", "dangling.json"])
      expect(lstatSync(at(name)).isSymbolicLink()).toBe(true);
    symlinkSync("b", at("a"));
    symlinkSync("a", at("b"));
    await expect(destination(at("a"))).rejects.toThrow(/a: cannot be written: its links lead in a circle$/); // prettier-ignore
  });

  test("leaves the old file to its other names", async () => {
    put("fit.json");
    linkSync(at("fit.json"), at("copy.json"));
    await (await destination(at("fit.json"))).save("new\n");
    expect([read("fit.json"), read("copy.json")]).toEqual(["new\n", "old\n"]);
  });

  test("may be of any size, and in pieces", async () => {
    const piece = "0123456789abcdef".repeat(2 ** 16);
    const pieces = function* () {
      for (let i = 0; i < 40; i++) yield piece;
    };
    await (await destination(at("large.csv"))).save(pieces());
    expect(statSync(at("large.csv")).size).toBe(40 * 2 ** 20);
  });

  test("stays where the pieces fail half-way", async () => {
    put("fit.json");
    const out = await destination(at("fit.json"));
    const pieces = function* () {
      yield "half";
      throw new RangeError("no more");
    };
    await expect(out.save(pieces())).rejects.toThrow(/no more/);
    expect(read("fit.json")).toBe("old\n");
    expect(readdirSync(folder)).toEqual(["fit.json"]);
  });

  test("is beside it where a run was stopped", async () => {
    const lines = heard();
    put("fit.json");
    await (await destination(at("fit.json"))).savePartial("some\n");
    await (await destination(at("scores.csv"))).savePartial("some\n");
    expect(readdirSync(folder).toSorted()).toEqual(
      ["fit.json", "fit.json.partial.json", "scores.csv.partial.csv"]); // prettier-ignore
    expect(read("fit.json")).toBe("old\n");
    expect(lines.join("")).toContain(
      `mixlaw: what was found so far is in ${at("fit.json.partial.json")}; ${at("fit.json")} is left as it was\n`,
    );
  });

  test("is no planted link's target", async () => {
    heard();
    put("victim.txt");
    symlinkSync("victim.txt", at("fit.json.partial.json"));
    await (await destination(at("fit.json"))).savePartial("some\n");
    expect([read("victim.txt"), read("fit.json.partial.json")]).toEqual(["old\n", "some\n"]);
  });
});

describe("no input is overwritten:", () => {
  const refused = async (out: string, ...words: string[]): Promise<void> => {
    await expect(destination(out, "--out", ["fit", ...words, "--out", out])).rejects.toThrow(
      /--out .*: (is the file that is read|an interrupted run would write .*, which is read)/,
    );
  };

  test("by its path, another path, a link, another name or standard input", async () => {
    put("runs.csv");
    mkdirSync(at("sub"));
    symlinkSync("../runs.csv", at("sub/link.csv"));
    symlinkSync(".", at("here"));
    linkSync(at("runs.csv"), at("hard.csv"));
    for (const out of ["runs.csv", "sub/../runs.csv", "sub/link.csv", "here/runs.csv", "hard.csv"])
      await refused(at(out), at("runs.csv"));
    await refused(at("runs.csv"), `--law-file=${at("sub/link.csv")}`);
    await refused(at("runs.csv"), "--law", "additive", "--start", at("hard.csv"));
  });

  test("nor by what an interrupted run writes, or a second output that is not there yet", async () => {
    put("fit.json.partial.json");
    await refused(at("fit.json"), at("fit.json.partial.json"));
    const words = ["simulate", "--truth", join(folder, "sub", "..", "new.csv"), "--out", at("new.csv")]; // prettier-ignore
    await expect(destination(at("new.csv"), "--out", words)).rejects.toThrow(
      /new.csv: is named twice on the command line: name another$/,
    );
  });

  test("while the output itself may exist", async () => {
    put("fit.json");
    put("runs.csv");
    for (const words of [
      ["--out", at("fit.json")],
      [`--out=${at("fit.json")}`],
      [`-o${at("fit.json")}`],
    ])
      // prettier-ignore
      await destination(at("fit.json"), "--out", ["fit", at("runs.csv"), ...words]);
  });
});

describe("what is left of writers that were killed", () => {
  const name = `.mixlaw-${"0123456789abcdef".repeat(2)}.tmp`;

  test("is removed after a day, and nothing else is", async () => {
    const old = new Date(Date.now() - 25 * 3600 * 1000);
    for (const each of [name, ".mixlaw-mine.tmp"]) {
      put(each);
      utimesSync(at(each), old, old);
    }
    put(name.replace("0", "f"));
    await destination(at("fit.json"));
    expect(readdirSync(folder).toSorted()).toEqual([name.replace("0", "f"), ".mixlaw-mine.tmp"].toSorted()); // prettier-ignore
  });
});

describe("a signal", () => {
  const exits = (): unknown[][] => {
    const exit = vi.spyOn(process, "exit").mockImplementation((code) => {
      process.emit("exit", Number(code));
      throw new Error("ended");
    });
    return exit.mock.calls;
  };
  const send = (signal: NodeJS.Signals): boolean => process.emit(signal, signal);

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s: one stops the work, the next is the system's", (name) => {
    const sentences: string[] = [];
    const none = process.listenerCount(name);
    const { signal, listen } = interruption((sentence) => sentences.push(sentence));
    // Before there is something to keep the system ends the process, however busy it is.
    expect(process.listenerCount(name)).toBe(none);
    listen();
    listen();
    expect(process.listenerCount(name)).toBe(none + 1);
    const before = process.listenerCount(name);
    send(name);
    expect(signal.aborted).toBe(true);
    expect(sentences).toEqual([expect.stringMatching(/^stopping/)]);
    expect(process.listenerCount(name)).toBe(before - 1);
  }); // prettier-ignore

  test("while a file is written removes what is unfinished", async () => {
    const codes = exits();
    put("fit.json");
    const pieces = function* () {
      yield "half";
      expect(readdirSync(folder)).toHaveLength(2);
      expect(() => send("SIGTERM")).toThrow("ended");
      expect(readdirSync(folder)).toEqual(["fit.json"]);
    };
    await expect(replaceFile(at("fit.json"), pieces(), removedIfEnded)).rejects.toThrow(/ENOENT/);
    expect(codes).toEqual([[INTERRUPTED]]);
    expect(read("fit.json")).toBe("old\n");
  });

  test("that is the first one of a run lets the file be written", async () => {
    const codes = exits();
    interruption(() => undefined).listen();
    const pieces = function* () {
      yield "all";
      send("SIGINT");
    };
    await replaceFile(at("fit.json"), pieces(), removedIfEnded);
    expect(read("fit.json")).toBe("all");
    expect(codes).toEqual([]);
    letSignalsEnd();
  });
});

/** A file system of its own, and what unmounts it; undefined where this user may not mount. */
function mounted(options: string): string | undefined {
  const place = mkdtempSync(join(root, "mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "none", place], { stdio: "pipe" });
  } catch (error) {
    if (process.env["CI"] !== undefined) throw error;
    return undefined;
  }
  afterAll(() => void execFileSync("umount", [place]));
  return place;
}

const disk = process.platform === "linux" ? mounted("size=128k") : undefined;

describe.runIf(disk !== undefined)("a disk", () => {
  beforeEach(() => (folder = disk ?? ""));
  const big = "x".repeat(2 ** 18);

  test("that is full is told in a line, and the old file stays", async () => {
    put("fit.json");
    const out = await destination(at("fit.json"));
    await expect(out.save(big)).rejects.toThrow(/^--out .*: cannot be written: the disk is full$/);
    await expect(out.savePartial(big)).rejects.toThrow(/^.*fit.json.partial.json: cannot be written: the disk is full$/); // prettier-ignore
    expect(read("fit.json")).toBe("old\n");
    expect(readdirSync(folder)).toEqual(["fit.json"]);
  });

  test("that is read-only is told before the work, and where it becomes so meanwhile", async () => {
    const out = await destination(at("fit.json"));
    execFileSync("mount", ["-o", "remount,ro", folder]);
    try {
      await expect(out.save("new\n")).rejects.toThrow(/the file system is read-only$/);
      await expect(destination(at("fit.json"))).rejects.toThrow(/the file system is read-only$/);
      await expect(destination(at("other.json"))).rejects.toThrow(/the file system is read-only$/);
    } finally {
      execFileSync("mount", ["-o", "remount,rw", folder]);
    }
    expect(read("fit.json")).toBe("old\n");
  });
});

describe("a path", () => {
  test("that cannot be is refused with the reason", async () => {
    put("file");
    const bad: readonly (readonly [string, RegExp])[] = [
      [at("no/fit.json"), /there is no folder .*no: make it first$/],
      [at("file/fit.json"), /a part of its path is not a folder$/],
      [at(`${"x".repeat(300)}.json`), /its name is too long$/],
      [folder, /is a folder: name a file in it$/],
      [" ", /--out is empty: name a file$/],
    ];
    for (const [path, says] of bad) await expect(destination(path)).rejects.toThrow(says);
  });

  test("whose folder is gone when the work is done", async () => {
    const out = await destination(at("fit.json"));
    rmSync(folder, { recursive: true });
    await expect(out.save("new\n")).rejects.toThrow(/^--out .*: cannot be written: its folder is gone$/); // prettier-ignore
  });

  test.runIf(process.getuid?.() === 0)("that this user may not write", async () => {
    chmodSync(folder, 0o755);
    chmodSync(root, 0o755);
    chmodSync(put("theirs.json"), 0o644);
    process.seteuid?.(65_534);
    try {
      for (const name of ["theirs.json", "new.json"])
        await expect(destination(at(name))).rejects.toThrow(/may not be written: check its permissions$/); // prettier-ignore
    } finally {
      process.seteuid?.(0);
    }
    expect(existsSync(at("new.json"))).toBe(false);
  });

  test("to a device is written to as it is", async () => {
    await (await destination("/dev/null")).save("gone");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});
