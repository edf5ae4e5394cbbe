/**
 * Whether float64 is WebAssembly's in this thread, or JavaScript's. It is decided once, when first
 * asked, by making what it needs: a module with SIMD, and a memory. All threads of an engine have
 * to be alike, since last digits are not: the main thread decides, and its workers follow.
 *
 * A memory reserves some 10 GiB of address space, whatever its size (V8 then leaves checks of
 * bounds to the processor). Where a process may have little of it (`ulimit -v`), one fits and four
 * do not. So there is one for all threads where they can share it.
 */

/** A WebAssembly.Memory, which not every project of TypeScript knows by its name. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The memory by the name that the platform has for it. @internal */
export const memoryIn = ({ memory }: Pick<WasmMemory, "memory">): WebAssembly.Memory =>
  memory as WebAssembly.Memory;

/** What the modules of a thread compute in. */
export interface WasmMemory {
  readonly memory: LinearMemory;
  /** Whether other threads have it too: a module has to declare what it imports as what it is. */
  readonly isShared: boolean;
  /** This thread's lane, see regions.ts; undefined where it has none. */
  readonly lane: number | undefined;
}

/** Which float64 computes in a thread. */
export type Float64Choice =
  | { readonly kind: "webassembly"; readonly own: WasmMemory }
  /** `why`: the end of a sentence. */
  | { readonly kind: "javascript"; readonly why: string };

/** The most a memory may grow to, in its pages of 64 KiB: all that 32 bits address. */
export const MOST_PAGES = 2 ** 16;

let choice: Float64Choice | undefined;
/** This thread's part of the shared memories that it knows: regions have been claimed by it. */
const partOf = new WeakMap<LinearMemory, WasmMemory>();

/** Which float64 computes in this thread. */
export const float64Choice = (): Float64Choice => (choice ??= possibleFloat64());

/** Whether this thread has made its choice. */
export const isFloat64Chosen = (): boolean => choice !== undefined;

/** The memory of this thread's modules; undefined where JavaScript computes. */
export function wasmMemory(): WasmMemory | undefined {
  const chosen = float64Choice();
  return chosen.kind === "webassembly" ? chosen.own : undefined;
}

/** From now on JavaScript computes in this thread. @param why the end of a sentence */
export function forbidWasm(why: string): void {
  choice = { kind: "javascript", why };
}

/** Which float64 computes here, as a part of the keys of what it computed: last digits differ. */
export const float64Name = (): string => `float64 in ${float64Choice().kind}`;

/** What a thread is told of another's choice; it can be posted. */
export type Float64Order =
  /** `shared`: the memory of all threads; undefined where each has its own. */
  | { readonly kind: "webassembly"; readonly shared?: Pick<WasmMemory, "memory" | "lane"> }
  | { readonly kind: "javascript"; readonly why: string };

/** What another thread is to follow. @param lane the one that it has of a shared memory */
export function float64Order(lane?: number): Float64Order {
  const chosen = float64Choice();
  if (chosen.kind === "javascript") return chosen;
  const { memory, isShared } = chosen.own;
  return { kind: "webassembly", ...(isShared ? { shared: { memory, lane } } : {}) };
}

/**
 * Does as another thread does.
 *
 * @throws where this thread cannot. An engine asks its workers before it orders them.
 */
export function followFloat64(order: Float64Order): void {
  if (order.kind === "javascript") {
    choice = order;
    return;
  }
  const isShared = order.shared !== undefined;
  // A module of an engine that shares its memory runs in no other kind, and the other way round.
  if (choice?.kind === "webassembly" && choice.own.isShared === isShared) return;
  choice = order.shared === undefined ? possibleFloat64(isShared) : sharing(order.shared);
  if (choice.kind === "javascript")
    throw new Error(`a worker cannot compute as its engine does: ${choice.why}`);
}

/** The choice of a thread that has a shared memory. */
function sharing({ memory, lane }: Pick<WasmMemory, "memory" | "lane">): Float64Choice {
  const own = partOf.get(memory) ?? { memory, isShared: true, lane };
  partOf.set(memory, own);
  return { kind: "webassembly", own };
}

/** Lanes that there are: as many as an engine has threads at most. */
export const LANES = 256;
/** The lane of the thread that makes a shared memory. It gives out the others. */
const FIRST_LANE = 0;
const lanes = new Set([FIRST_LANE]);

/** A lane that no other thread has; undefined where none is left. */
export function takeLane(): number | undefined {
  for (let lane = 0; lane < LANES; lane++)
    if (!lanes.has(lane)) {
      lanes.add(lane);
      return lane;
    }
  return undefined;
}

/** Says that the thread of a lane has ended. */
export const releaseLane = (lane: number): boolean => lanes.delete(lane);

/** A module of one function: (func (result v128) (f64x2.splat (f64.const 0))). */
// prettier-ignore
const SIMD = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // "\0asm", version 1
  1, 5, 1, 0x60, 0, 1, 0x7b, // its type
  3, 2, 1, 0,
  10, 15, 1, 13, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0xfd, 0x14, 0x0b, // its code
);
const compile = (bytes: BufferSource): WebAssembly.Module => new WebAssembly.Module(bytes);

/** Which float64 can compute here: makes what it needs, and decides nothing. */
export function possibleFloat64(
  isShared = typeof SharedArrayBuffer !== "undefined",
): Float64Choice {
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
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: isShared });
    return isShared
      ? sharing({ memory, lane: FIRST_LANE })
      : { kind: "webassembly", own: { memory, isShared, lane: undefined } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return javascript(
      "its memory could not be had, for which 10 GiB of address space are set aside (ulimit -v limits them)",
    );
  }
}
