/**
 * One descriptor a kernel gives the WGSL declarations, the bind group layout and the uniform
 * writer: no binding number or offset is written twice.
 */

export interface Binding {
  readonly name: string;
  readonly type: string;
  readonly access: "uniform" | "read" | "read_write";
}

/** A uniform block of u32 and f32 scalars, in order. */
export type Uniforms = Readonly<Record<string, "u32" | "f32">>;

const SPACE = {
  uniform: "uniform",
  read: "storage, read",
  read_write: "storage, read_write",
} as const;
const KIND = { uniform: "uniform", read: "read-only-storage", read_write: "storage" } as const;

/** `const NAME = value;` for each, whole numbers as u32; other values are WGSL already. */
export const declareConstants = (values: Readonly<Record<string, number | string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `const ${name} = ${typeof value === "number" ? `${value}u` : value};`)
    .join("\n");

/** `@group(0) @binding(i) var<…> name: type;` for every binding. */
export const declare = (bindings: readonly Binding[]): string =>
  bindings
    .map((b, i) => `@group(0) @binding(${i}) var<${SPACE[b.access]}> ${b.name}: ${b.type};`)
    .join("\n");

/** The struct of a uniform block. */
export const declareUniforms = (name: string, uniforms: Uniforms): string =>
  `struct ${name} {\n${Object.entries(uniforms).map(([field, type]) => `  ${field}: ${type},`).join("\n")}\n}`; // prettier-ignore

export const layoutEntries = (bindings: readonly Binding[]): GPUBindGroupLayoutEntry[] =>
  bindings.map((b, binding) => ({
    binding,
    visibility: 4 /* GPUShaderStage.COMPUTE */,
    buffer: { type: KIND[b.access] },
  }));

/** The bytes of a uniform block, padded to 16. */
export function packUniforms(
  uniforms: Uniforms,
  values: Readonly<Record<string, number>>,
): ArrayBuffer {
  const fields = Object.entries(uniforms);
  const bytes = new DataView(new ArrayBuffer(Math.ceil(fields.length / 4) * 16));
  for (const [i, [name, type]] of fields.entries()) {
    const value = values[name];
    if (value === undefined) throw new Error(`uniform ${name} has no value`);
    if (type === "u32") bytes.setUint32(4 * i, value, true);
    else bytes.setFloat32(4 * i, value, true);
  }
  return bytes.buffer;
}
