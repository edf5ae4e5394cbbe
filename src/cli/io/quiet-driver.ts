/** Keeps a driver's chatter off stderr. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from "node:fs";

/**
 * Runs `work` without what native code says on file descriptor 2 meanwhile. Opening an adapter
 * makes Dawn print limits that it "artificially reduced", or why it could not load Vulkan with
 * places in its own source: past `process.stderr`, with no switch to turn it off. What is written
 * to `process.stderr` meanwhile waits until then: for a pipe, that is descriptor 2 too. Only on
 * Linux, where descriptors can be opened again. MIXLAW_DEBUG=1 shows all.
 */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const unmute = mute();
  process.stderr.cork();
  try {
    return await work();
  } finally {
    unmute();
    process.stderr.uncork();
  }
}

const nothing = (): void => undefined;

function mute(): () => void {
  if (process.platform !== "linux" || process.env["MIXLAW_DEBUG"] === "1") return nothing;
  try {
    // Asking also makes Node open its own side of stderr before the descriptor moves.
    if (process.stderr.isTTY || fstatSync(2).isFIFO()) return asideFor(2);
    if (!fstatSync(2).isFile()) return nothing; // a socket: docs/decisions.md, 33
    const { position, appends } = descriptor(2);
    return appends ? asideFor(2) : () => blank(2, position);
  } catch {
    return nothing;
  }
}

/**
 * Puts /dev/null in the place of a descriptor until it is opened again. Not for a file that is
 * written where its descriptor stands: opened twice it has two positions, and `> log 2>&1`, or the
 * next command of a script, would overwrite what was written.
 */
function asideFor(fd: number): () => void {
  const saved = openSync(`/proc/self/fd/${fd}`, "a");
  // No other thread opens files here: the engine's workers start later. So the lowest free
  // descriptor, 2, is what the next open gets.
  closeSync(fd);
  openSync("/dev/null", "w");
  return () => {
    closeSync(fd);
    openSync(`/proc/self/fd/${saved}`, "a");
    closeSync(saved);
  };
}

/** O_APPEND of Linux, on all of Node's processors. */
const APPEND = 0o2000;

/** Where a descriptor stands in its file, and whether it writes at the end of it. */
function descriptor(fd: number): { readonly position: number; readonly appends: boolean } {
  const info = readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
  const position = Number(/^pos:\s*(\d+)/m.exec(info)?.[1]);
  const flags = parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? "", 8);
  return { position, appends: (flags & APPEND) !== 0 };
}

/** A line of Dawn's or Mesa's, and the places in Dawn's source below it. */
const FOREIGN =
  /^((Warning|Error): .*|MESA(-[A-Z]+)?: .*|Failed to create .* for shader cache .*| {4}at .*|)$/;

/**
 * What was written to a file since a place of it, without the foreign lines: what is left, behind a
 * line of blanks as long as they were, since a descriptor cannot go back.
 */
function blank(fd: number, from: number): void {
  const length = descriptor(fd).position - from;
  if (!(length > 0)) return;
  const written = Buffer.alloc(length);
  const reader = openSync(`/proc/self/fd/${fd}`, "r");
  try {
    if (readSync(reader, written, 0, length, from) < length) return;
  } finally {
    closeSync(reader);
  }
  const lines = written.toString("latin1").split(/(?<=\n)/);
  const own = lines.filter((line) => !FOREIGN.test(line.replace(/\n$/, ""))).join("");
  const blanks = length - own.length;
  if (blanks === 0) return;
  const text = `${" ".repeat(blanks - 1)}\n${own}`;
  writeSync(fd, Buffer.from(text, "latin1"), 0, length, from);
}
