/**
 * A small assembler for WebAssembly: functions of typed expressions, in a module of at most one
 * memory, which it imports.
 *
 * Instructions have the specification's names, in `i32`, `i64`, `f64` (scalar.ts) and `v128`,
 * `f64x2`, `i64x2`, `i32x4` (simd.ts). Each builds an expression from expressions; numbers are
 * constants. A `FunctionBuilder` writes statements in order. An operand of the wrong type is an
 * error of TypeScript.
 *
 * @example Σ xᵢ² of n float64 numbers from an address on, two at once
 *
 *     const module = new ModuleBuilder();
 *     module.importMemory("env", "memory", { min: 1 });
 *     const squares = module.func("squares", ["i32", "i32"], "f64", (f, address, n) => {
 *       const total = f.local("v128");
 *       f.for(0, n, 2, (i) => {
 *         const x = f.let(v128.load(i32.add(address, i32.shl(i, 3))));
 *         f.set(total, f64x2.add(total, f64x2.mul(x, x)));
 *       });
 *       return f64.add(f64x2.extractLane(total, 0), f64x2.extractLane(total, 1));
 *     });
 *     module.export(squares);
 *     const compiled = new WebAssembly.Module(module.bytes());
 */
import { code, type Code, type Local, localOf, type Result, type ValueType } from "./code.ts";
import { type Bytes, join, list, section, text, unsigned } from "./encode.ts";
import { type Func, FunctionBuilder, TYPE_CODES } from "./function-builder.ts";
import { i32 } from "./scalar.ts";
import { f64x2, v128 } from "./simd.ts";

/** Sizes in pages of 64 KiB; a shared memory has a largest size. */
export type MemoryLimits =
  | { readonly min: number; readonly max?: number; readonly shared?: false }
  | { readonly min: number; readonly max: number; readonly shared: true };

/** The local variables of parameters. */
type Params<P extends readonly ValueType[]> = { readonly [K in keyof P]: Local<P[K]> };

/** What a body returns: the function's result, if it has one. */
type Returned<R extends Result> = R extends ValueType ? Code<R> : void;

const [TYPE, IMPORT, FUNCTION, EXPORT, CODE, DATA] = [1, 2, 3, 7, 10, 11];
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export class ModuleBuilder {
  /** Signatures that functions have, each once. */
  readonly #types: string[] = [];
  readonly #functions: { name: string; type: number; body: Bytes }[] = [];
  readonly #exports: Bytes[] = [];
  #memory: Bytes | undefined;
  /** Numbers that the module reads from the memory. */
  readonly #constants: number[] = [];
  readonly #pairs = new Map<string, Code<"v128">>();
  /** The address of the constants: of an imported global, or 0. */
  #constantsBase: Code<"i32"> = i32.const(0);
  #global: Bytes | undefined;

  /** The memory of loads and stores: `imports[module][name]` where the module is instantiated. */
  importMemory(module: string, name: string, limits: MemoryLimits): void {
    const { min, max, shared = false } = limits;
    const flags = (max === undefined ? 0 : 1) | (shared ? 2 : 0);
    this.#memory = [
      ...text(module),
      ...text(name),
      0x02,
      flags,
      ...unsigned(min),
      ...(max === undefined ? [] : unsigned(max)),
    ];
  }

  /**
   * The address of the constants, a multiple of 16, as a global variable that is imported: modules
   * that share a memory have their constants at different places. Without it they begin at 0.
   * Instantiating writes `constantBytes` there.
   */
  importConstantsAddress(module: string, name: string): void {
    this.#global = [...text(module), ...text(name), 0x03, TYPE_CODES.i32, 0x00];
    this.#constantsBase = code("i32", [0x23, 0x00]);
  }

  /** The address of the constants, as an expression. */
  get constantsAddress(): Code<"i32"> {
    return this.#constantsBase;
  }

  /** Bytes of the constants that there are so far. */
  get constantBytes(): number {
    return 8 * this.#constants.length;
  }

  /**
   * A number in both lanes. It is loaded from the memory, if there is one: that is one instruction,
   * a constant in the code is three.
   */
  constant(x: number): Code<"v128"> {
    if (this.#memory === undefined) return f64x2.const(x);
    const key = Object.is(x, -0) ? "-0" : String(x);
    const load = this.#pairs.get(key) ?? v128.load(this.#constantsBase, this.table([x, x]));
    this.#pairs.set(key, load);
    return load;
  }

  /**
   * Puts float64 numbers, of an even count, among the constants; returns where they are from
   * `constantsAddress` on.
   */
  table(values: Iterable<number>): number {
    const offset = this.constantBytes;
    for (const value of values) this.#constants.push(value);
    return offset;
  }

  /**
   * Adds a function. `body` writes its statements and returns its result; it may add functions
   * itself. The name is what profiles show.
   */
  func<const P extends readonly ValueType[], R extends Result>(
    name: string,
    params: P,
    result: R,
    body: (f: FunctionBuilder, ...params: Params<P>) => Returned<NoInfer<R>>,
  ): Func<P, R> {
    const f = new FunctionBuilder(params.length);
    const value: Code<ValueType> | void = body(
      f,
      ...(params.map((type, at) => localOf(type, at)) as unknown as Params<P>),
    );
    const index = this.#functions.length;
    const type = this.#type(params, result);
    this.#functions.push({ name, type, body: f.finish(value ?? undefined) });
    return { name, index, params, result };
  }

  /** Lets JavaScript call a function, by its name. */
  export(func: Func<readonly ValueType[], Result>): void {
    this.#exports.push([...text(func.name), 0x00, ...unsigned(func.index)]);
  }

  /** The module in the binary format. */
  bytes(): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const imports = [this.#global, this.#memory].filter((bytes) => bytes !== undefined);
    const sections = [
      section(TYPE, list(this.#types.map((type) => type.split(",").map(Number)))),
      ...(imports.length === 0 ? [] : [section(IMPORT, list(imports))]),
      section(FUNCTION, list(functions.map(({ type }) => unsigned(type)))),
      section(EXPORT, list(this.#exports)),
      section(CODE, list(functions.map(({ body }) => body))),
      ...(this.#constants.length === 0 ? [] : [section(DATA, list([this.#constantSegment()]))]),
      this.#names(),
    ];
    return join(HEADER, ...sections);
  }

  #constantSegment(): Bytes {
    const bytes = new Uint8Array(Float64Array.from(this.#constants).buffer);
    return join([0], this.#constantsBase.bytes, [0x0b], unsigned(bytes.length), bytes);
  }

  /** The number of a signature. */
  #type(params: readonly ValueType[], result: Result): number {
    const results = result === "none" ? [] : [[TYPE_CODES[result]]];
    const type = join([0x60], list(params.map((p) => [TYPE_CODES[p]])), list(results)).join(",");
    if (!this.#types.includes(type)) this.#types.push(type);
    return this.#types.indexOf(type);
  }

  /** The section that names functions, for profiles. */
  #names(): Bytes {
    const names = list(
      this.#functions.map(({ name }, index) => [...unsigned(index), ...text(name)]),
    );
    return section(0, join(text("name"), section(1, names)));
  }
}
