/**
 * One descriptor a kernel gives the WGSL declarations, the bind group layout, the bind groups and
 * what is written to and read from buffers: no binding number, offset or size is written twice.
 */
import { SHADER_STAGE } from "./usage.ts";

/** What a kernel does with a buffer, and so of which kind it is. */
export type Access = "uniform" | "read" | "read_write";

/** A buffer that a kernel sees; its number is its place in the kernel's list. */
export interface Binding {
  readonly name: string;
  /** WGSL. */
  readonly type: string;
  readonly access: Access;
}

/** The fields of a WGSL struct, in order: scalars of four bytes, so that there are no gaps. */
export type Fields = Readonly<Record<string, "u32" | "f32">>;

/** A number for each field of a struct. */
export type Values<F extends Fields> = Readonly<Record<keyof F, number>>;

/** Bytes of a uniform buffer that every adapter can bind. */
export const UNIFORM_BYTES = 65_536;

/** Tables are rows of vec4<f32>: column c is component c mod 4 of vector ⌊c/4⌋. */
export const VECTOR = { length: 4, bytes: 16 } as const;

/** Vectors of a row of so many columns. */
export const vectorsFor = (columns: number): number => Math.ceil(columns / VECTOR.length);

/** Where a column of a row is: its vector, and the name of its component there. */
export const placeOf = (
  column: number,
): { readonly vector: number; readonly component: string } => ({
  vector: Math.floor(column / VECTOR.length),
  component: "xyzw"[column % VECTOR.length],
});

/** The index of a vector in a table of rows of `stride` vectors; `row` and the result are WGSL. */
export function vectorIndex(row: string, stride: number, vector: number): string {
  const first = stride === 1 ? row : `${row} * ${stride}u`;
  return vector === 0 ? first : `${first} + ${vector}u`;
}

const ADDRESS_SPACE = {
  uniform: "uniform",
  read: "storage, read",
  read_write: "storage, read_write",
} as const;
const BUFFER_TYPE = {
  uniform: "uniform",
  read: "read-only-storage",
  read_write: "storage",
} as const;

/** `const NAME = value;` for each, whole numbers as u32; other values are WGSL already. */
export const declareConstants = (values: Readonly<Record<string, number | string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `const ${name} = ${typeof value === "number" ? `${value}u` : value};`)
    .join("\n");

/** `struct Name { … }`. */
export const declareStruct = (name: string, fields: Fields): string =>
  [
    `struct ${name} {`,
    ...Object.entries(fields).map(([field, type]) => `  ${field}: ${type},`),
    "}",
  ].join("\n");

/** `@group(0) @binding(i) var<…> name: type;` for every binding. */
export const declareBindings = (bindings: readonly Binding[]): string =>
  bindings
    .map(
      ({ name, type, access }, i) =>
        `@group(0) @binding(${i}) var<${ADDRESS_SPACE[access]}> ${name}: ${type};`,
    )
    .join("\n");

/** What a pipeline is told of its bindings. */
export const layoutEntries = (bindings: readonly Binding[]): GPUBindGroupLayoutEntry[] =>
  bindings.map(({ access }, binding) => ({
    binding,
    visibility: SHADER_STAGE.COMPUTE,
    buffer: { type: BUFFER_TYPE[access] },
  }));

/** A buffer, or a part of one. */
export type Bound = GPUBuffer | GPUBufferBinding;

/** A kernel's buffers by name as a bind group's entries. Throws where one is missing. */
export const groupEntries = (
  bindings: readonly Binding[],
  buffers: Readonly<Record<string, Bound>>,
): GPUBindGroupEntry[] =>
  bindings.map(({ name }, binding) => {
    const bound = buffers[name];
    if (bound === undefined) throw new Error(`binding ${name} has no buffer`);
    return { binding, resource: "buffer" in bound ? bound : { buffer: bound } };
  });

/** Bytes of a struct. */
export const bytesOf = (fields: Fields): number => 4 * Object.keys(fields).length;

/** Structs one after the other: the contents of an array of them. */
export function packStructs<F extends Fields>(
  fields: F,
  structs: readonly Values<F>[],
): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(bytesOf(fields) * structs.length));
  let at = 0;
  for (const values of structs) {
    for (const [name, type] of Object.entries(fields)) {
      const value: number | undefined = values[name];
      if (value === undefined) throw new Error(`field ${name} has no value`);
      if (type === "u32") view.setUint32(at, value, true);
      else view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return view.buffer;
}

/** Bytes of a struct in a uniform buffer: whole vectors. */
export const uniformBytes = (fields: Fields): number =>
  Math.ceil(bytesOf(fields) / VECTOR.bytes) * VECTOR.bytes;

/** A struct as the contents of a uniform buffer. */
export function packUniforms<F extends Fields>(fields: F, values: Values<F>): ArrayBuffer {
  const bytes = new Uint8Array(uniformBytes(fields));
  bytes.set(new Uint8Array(packStructs(fields, [values])));
  return bytes.buffer;
}

/** Bytes from where a part of a uniform buffer may be bound to where the next may, anywhere. */
export const UNIFORM_STEP = 256;

/** Structs as the contents of one uniform buffer, each at a multiple of `UNIFORM_STEP`. */
export function packUniformSteps<F extends Fields>(
  fields: F,
  structs: readonly Values<F>[],
): ArrayBuffer {
  const bytes = new Uint8Array(UNIFORM_STEP * structs.length);
  for (const [i, values] of structs.entries())
    bytes.set(new Uint8Array(packStructs(fields, [values])), UNIFORM_STEP * i);
  return bytes.buffer;
}

/** Each field of an array of structs as a column. */
export function unpackStructs<F extends Fields>(
  fields: F,
  bytes: ArrayBuffer,
): Readonly<Record<keyof F, Float64Array>> {
  const [floats, words] = [new Float32Array(bytes), new Uint32Array(bytes)];
  const width = Object.keys(fields).length;
  const columns = Object.entries(fields).map(([name, type], field) => {
    const from = type === "u32" ? words : floats;
    const column = Float64Array.from(
      { length: from.length / width },
      (_, i) => from[width * i + field],
    );
    return [name, column];
  });
  return Object.fromEntries(columns) as Record<keyof F, Float64Array>;
}

/** What a kernel of one uniform struct begins with: constants, `Settings`, bindings. */
export const declare = (
  constants: Readonly<Record<string, number | string>>,
  settings: Fields,
  bindings: readonly Binding[],
): string =>
  [
    declareConstants(constants),
    declareStruct("Settings", settings),
    declareBindings(bindings),
  ].join("\n\n");
