/** The body of a function: statements one after another, in blocks. */
import {
  code,
  type Code,
  type I32,
  i32Of,
  type Local,
  localOf,
  type Result,
  type ValueType,
  write,
} from "./code.ts";
import { type Bytes, ByteWriter, join, list, unsigned } from "./encode.ts";
import { i32 } from "./scalar.ts";

/** The codes of types in the binary format; a block without a value has one too. */
export const TYPE_CODES: { readonly [T in Result]: number } = {
  i32: 0x7f,
  i64: 0x7e,
  f64: 0x7c,
  v128: 0x7b,
  none: 0x40,
};

const [LOOP, IF, ELSE, END, BRANCH_IF] = [0x03, 0x04, 0x05, 0x0b, 0x0d];

/** Where a branch goes: the begin of a loop. */
export interface Label {
  /** How many blocks it is in, itself included. */
  readonly depth: number;
}

/** A function of a module, as `ModuleBuilder.func` returns it. */
export interface Func<P extends readonly ValueType[], R extends Result> {
  readonly name: string;
  readonly index: number;
  readonly params: P;
  readonly result: R;
}

/** An operand for each parameter. */
export type Operands<P extends readonly ValueType[]> = { readonly [K in keyof P]: Code<P[K]> };

/** A call of a function: its result, as an expression. */
export const callOf = <P extends readonly ValueType[], R extends Result>(
  func: Func<P, R>,
  ...operands: Operands<P>
): Code<R> => code(func.result, [0x10, ...unsigned(func.index)], ...operands);

/** Computes a value for what else that does, and forgets it. */
export const drop = (value: Code<ValueType>): Code<"none"> => code("none", [0x1a], value);

/** Writes the body of a function; `ModuleBuilder.func` hands it to whoever fills it. */
export class FunctionBuilder {
  readonly #bytes = new ByteWriter();
  readonly #locals: ValueType[] = [];
  #depth = 0;

  constructor(
    /** How many local variables are parameters: the first. */
    readonly params: number,
  ) {}

  /** A new local variable; it is 0 when the function begins, not again in each turn of a loop. */
  local<T extends ValueType>(type: T): Local<T> {
    const index = this.params + this.#locals.length;
    this.#locals.push(type);
    return localOf(type, index);
  }

  /** Computes a value now, and keeps it in a new local variable. */
  let<T extends ValueType>(value: Code<T>): Local<T> {
    const local = this.local(value.type);
    this.set(local, value);
    return local;
  }

  set<T extends ValueType>(local: Local<T>, value: Code<NoInfer<T>>): void {
    write(this.#bytes, value);
    this.#bytes.add([0x21, ...unsigned(local.index)]);
  }

  /** Statements without a value: stores, calls. */
  do(...statements: readonly Code<"none">[]): void {
    for (const statement of statements) write(this.#bytes, statement);
  }

  /** A block that a branch to its label begins again; without one it ends. */
  loop(body: (again: Label) => void): void {
    this.#nest([LOOP, TYPE_CODES.none], body);
  }

  if(condition: I32, then: () => void, otherwise?: () => void): void {
    write(this.#bytes, i32Of(condition));
    this.#nest([IF, TYPE_CODES.none], () => {
      then();
      if (otherwise === undefined) return;
      this.#bytes.add([ELSE]);
      otherwise();
    });
  }

  /** for (let i = from; i < to; i += step) body(i), of signed i32; `to` is computed once. */
  for(from: I32, to: I32, step: number, body: (i: Local<"i32">) => void): void {
    const end = typeof to === "number" ? i32.const(to) : this.let(to);
    const i = this.let(i32Of(from));
    this.if(i32.ltS(i, end), () =>
      this.loop((again) => {
        body(i);
        this.set(i, i32.add(i, step));
        this.branchIf(again, i32.ltS(i, end));
      }),
    );
  }

  branchIf(label: Label, condition: I32): void {
    write(this.#bytes, i32Of(condition));
    this.#bytes.add([BRANCH_IF, ...unsigned(this.#depth - label.depth)]);
  }

  /** The function's entry in the code section; `value` is its result. */
  finish(value: Code<ValueType> | undefined): Bytes {
    if (value !== undefined) write(this.#bytes, value);
    const body = join(this.#declarations(), this.#bytes.written, [END]);
    return join(unsigned(body.length), body);
  }

  /** Runs of local variables of the same type, as the format has them. */
  #declarations(): Bytes {
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    return list(runs.map(({ type, count }) => [...unsigned(count), TYPE_CODES[type]]));
  }

  #nest(head: readonly number[], body: (label: Label) => void): void {
    this.#bytes.add(head);
    this.#depth++;
    body({ depth: this.#depth });
    this.#depth--;
    this.#bytes.add([END]);
  }
}
