/** A module is written once for all programs that have the same code. */
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { LOSSES } from "../../../src/expr/loss.ts";
import { contentOf, type Program, type Slot } from "../../../src/expr/program.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { residualProgram } from "../../../src/laws/objective.ts";
import { float64Order, followFloat64 } from "../../../src/wasm/availability.ts";
import { instanceFor, moduleFor } from "../../../src/wasm/program/module-of-program.ts";
import * as writer from "../../../src/wasm/program/program-module.ts";
import { bound, LAWS } from "../../laws/fixture.ts";

const ADDITIVE = LAWS.indexOf(laws.additive);

const freshProgram = (at = ADDITIVE, kind: "raw" | "log" = "raw"): Program =>
  residualProgram(bound(LAWS[at], 3, "positive"), kind);

const order = float64Order(0);

/** This thread has a memory of its own from now on. */
function newMemory(): void {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 64, shared: true });
  followFloat64({ kind: "javascript", why: "the memory changes" });
  followFloat64({ kind: "webassembly", shared: { memory, lane: 0 } });
}

beforeEach(newMemory);
// Tests of other files run in this process.
afterAll(() => {
  followFloat64({ kind: "javascript", why: "the memory changes" });
  followFloat64(order);
});

test("a law that is bound again has the module that it had", () => {
  const write = vi.spyOn(WebAssembly, "Module");
  const [first, second] = [freshProgram(), freshProgram()];
  expect(second).not.toBe(first);
  const module = moduleFor(first, "huber");
  const before = write.mock.calls.length;
  expect(moduleFor(second, "huber")).toBe(module);
  expect(write.mock.calls.length).toBe(before);
  expect(moduleFor(second, "squared")).not.toBe(module);
  expect(moduleFor(freshProgram(ADDITIVE, "log"), "huber")).not.toBe(module);
  write.mockRestore();
});

test("in another memory the module has another instance", () => {
  const first = instanceFor(freshProgram(), "huber");
  newMemory();
  const second = instanceFor(freshProgram(), "huber");
  expect(first).toBeDefined();
  expect(second).toBeDefined();
  expect(second?.exports).not.toBe(first?.exports);
});

test("programs of the same content have the same code, laws and losses have their own", () => {
  const bytes = new Map<string, string>();
  for (const at of LAWS.keys()) {
    const program = freshProgram(at);
    const written = writer.programModule(program, LOSSES[0], true).bytes;
    const text = Buffer.from(written).toString("base64");
    expect(bytes.get(contentOf(program)) ?? text).toBe(text);
    bytes.set(contentOf(program), text);
    expect(contentOf(structuredClone(program))).toBe(contentOf(program));
  }
  expect(new Set(bytes.values()).size).toBe(bytes.size);
});

test("each slot, constant, column and the bend are of the content", () => {
  const program = freshProgram();
  const own = contentOf(program);
  const other = (change: Partial<Program>): string => contentOf({ ...program, ...change });
  for (const [i, slot] of program.slots.entries()) {
    const changed: Slot =
      slot.kind === "const"
        ? { ...slot, value: slot.value + 2 ** -50 * Math.max(1, Math.abs(slot.value)) }
        : slot.kind === "op"
          ? { ...slot, args: slot.args.map((arg) => arg + 1) }
          : { ...slot, index: slot.index + 1 };
    expect(other({ slots: program.slots.with(i, changed) })).not.toBe(own);
  }
  for (const [c, column] of program.columns.entries()) {
    const fewer = { ...column, entries: column.entries.slice(1) };
    expect(other({ columns: program.columns.with(c, fewer) })).not.toBe(own);
  }
  const { bent, tables } = program;
  if (bent === undefined) throw new Error("the program has no bend");
  expect(other({ bent: { ...bent, bend: bent.bend - 1 } })).not.toBe(own);
  expect(other({ tables: { ...tables, mix: tables.mix.slice(1) } })).not.toBe(own);
  expect(contentOf({ ...program, slots: [{ kind: "const", value: 0 }] })).not.toBe(
    contentOf({ ...program, slots: [{ kind: "const", value: -0 }] }),
  );
});
