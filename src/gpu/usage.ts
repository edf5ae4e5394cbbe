/**
 * WebGPU's flags by name, with the values of its specification. A page has them as globals; Node
 * has them only where a host has put those of the `webgpu` package on `globalThis`, so that code
 * that runs in both, and constants of modules above all, cannot count on them.
 */

/** `GPUBufferUsage`. */
export const BUFFER_USAGE = {
  MAP_READ: 0x1,
  COPY_SRC: 0x4,
  COPY_DST: 0x8,
  UNIFORM: 0x40,
  STORAGE: 0x80,
  QUERY_RESOLVE: 0x200,
} as const;

/** `GPUMapMode`. */
export const MAP_MODE = { READ: 0x1 } as const;

/** `GPUShaderStage`. */
export const SHADER_STAGE = { COMPUTE: 0x4 } as const;
