/**
 * Whether float64 is WebAssembly's in this thread, or JavaScript's. It is decided once, when first
 * asked, by making what it needs: a module with SIMD, and a memory. All threads of an engine have
 * to be alike, since last digits are not: the main thread decides, and its workers follow.
 *
 * A memory reserves some 10 GiB of address space, whatever its size (V8 then leaves checks of
 * bounds to the processor). Where a process may have little of it (`ulimit -v`), one fits and four
 * do not. So there is one for all threads where they can share it.
 */

/** What the modules of a thread compute in. */
export interface WasmMemory {
  readonly memory: WebAssembly.Memory;
  /** Whether other threads have it too: a module has to declare what it imports as what it is. */
  readonly isShared: boolean;
}

/** Which float64 computes in a thread. */
export type Float64Choice =
  | { readonly kind: "webassembly"; readonly own: WasmMemory }
  /** `why`: the end of a sentence. */
  | { readonly kind: "javascript"; readonly why: string };

/** The most a memory may grow to, in its pages of 64 KiB: all that 32 bits address. */
export const MOST_PAGES = 2 ** 16;

let choice: Float64Choice | undefined;

/** Which float64 computes in this thread. */
export const float64Choice = (): Float64Choice => (choice ??= choose());

/** The memory of this thread's modules; undefined where JavaScript computes. */
export function wasmMemory(): WasmMemory | undefined {
  const chosen = float64Choice();
  return chosen.kind === "webassembly" ? chosen.own : undefined;
}

/** From now on JavaScript computes in this thread. @param why the end of a sentence */
export function forbidWasm(why: string): void {
  choice = { kind: "javascript", why };
}

/** What another thread is told of this one's choice; it can be posted. */
export type Float64Order =
  | { readonly kind: "webassembly"; readonly memory: WebAssembly.Memory }
  | { readonly kind: "javascript"; readonly why: string };

/** What a thread that shares this one's memory is to follow. */
export function float64Order(): Float64Order {
  const chosen = float64Choice();
  return chosen.kind === "webassembly"
    ? { kind: "webassembly", memory: chosen.own.memory }
    : chosen;
}

/** Does as the thread does that gave the order; before anything is computed here. */
export function followFloat64(order: Float64Order): void {
  choice =
    order.kind === "webassembly"
      ? { kind: "webassembly", own: { memory: order.memory, isShared: true } }
      : order;
}

/** A module of one function: (func (result v128) (f64x2.splat (f64.const 0))). */
// prettier-ignore
const SIMD = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // "\0asm", version 1
  1, 5, 1, 0x60, 0, 1, 0x7b, // its type
  3, 2, 1, 0,
  10, 15, 1, 13, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0xfd, 0x14, 0x0b, // its code
);
const compile = (bytes: BufferSource): WebAssembly.Module => new WebAssembly.Module(bytes);

function choose(): Float64Choice {
  const javascript = (why: string): Float64Choice => ({ kind: "javascript", why });
  if (typeof WebAssembly === "undefined") return javascript("there is no WebAssembly here");
  if (!WebAssembly.validate(SIMD)) return javascript("WebAssembly has no SIMD instructions here");
  try {
    // There is one attempt: browsers report each that a policy forbids to the console.
    compile(SIMD);
  } catch (error) {
    // Safari has an EvalError in its place.
    if (!(error instanceof WebAssembly.CompileError || error instanceof EvalError)) throw error;
    return javascript(
      "the content security policy forbids WebAssembly (there is no 'wasm-unsafe-eval' in script-src)",
    );
  }
  const isShared = typeof SharedArrayBuffer !== "undefined";
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: isShared });
    return { kind: "webassembly", own: { memory, isShared } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return javascript(
      "its memory could not be had, for which 10 GiB of address space are set aside (ulimit -v limits them)",
    );
  }
}
