/**
 * Monte Carlo over mixtures on the GPU: shaders/mixtures.wgsl for a weighted sum of laws whose
 * parameters are the shares. Coordinates and scale are data: other targets of a law, other fits of
 * them, another N and D run the same kernel. What comes back is a few numbers a block of 4096
 * samples and one histogram. A block is a pure function of (laws, draws, its number), so results do
 * not depend on how blocks are cut into chunks.
 */
import rng from "../../../shaders/lib/rng.wgsl";
import spacing from "../../../shaders/lib/spacing.wgsl";
import special from "../../../shaders/lib/special.wgsl";
import mixtures from "../../../shaders/mixtures.wgsl";
import type { Program } from "../../expr/program.ts";
import { lines, reference, type TableAccess } from "../../expr/wgsl.ts";
import { inChunks, type Watch } from "../chunks.ts";
import type { Device } from "../device.ts";
import { type Binding, declare, declareUniforms, layoutEntries, packUniforms, type Uniforms } from "../layout.ts"; // prettier-ignore
import { unroll } from "../unroll.ts";

const WORKGROUP = 64;
const TURNS = 64;
/** Samples whose best, worst and number come back as one. */
export const BLOCK = WORKGROUP * TURNS;
/** Intervals of the histogram. */
export const BINS = 128;
/** As many as 32-bit numbers can count, in whole blocks. */
export const MOST_SAMPLES = 2 ** 32 - BLOCK;

const LABEL = "Monte Carlo";
/** Bytes of a `Block`. */
const BLOCK_BYTES = 16;
/**
 * Shares and sums of shares in float32 are about this uncertain: limits are wider by it, so that
 * nothing that lies on a limit is lost.
 */
const SLACK = 1e-6;

/**
 * Targets of one law: a program over the shares, with a row of its run table and a weight a target.
 */
export interface LawRows {
  /** What only its value needs. */
  readonly program: Program;
  /** rows × columns of the run table. */
  readonly table: Float64Array;
  readonly weights: ArrayLike<number>;
}

/** Σ coefficientᵢ·hᵢ between `min` and `max`. */
export interface Row {
  readonly coefficients: ArrayLike<number>;
  readonly min: number;
  readonly max: number;
}

/**
 * How mixtures are drawn and which of them count; src/mixture/sampling/random-mixtures.ts makes it
 * and says what it means.
 */
export interface Draws {
  readonly seed: number;
  readonly purpose: number;
  /**
   * Of 65536: kinds below `sparseBelow` are sparse, further ones below `nearBelow` near the
   * reference.
   */
  readonly sparseBelow: number;
  readonly nearBelow: number;
  /** What is shared out above the floors. */
  readonly rest: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** 1 where a domain stays at its floor. */
  readonly pinned: Uint8Array;
  readonly reference: Float64Array;
  readonly rows: readonly Row[];
}

/**
 * What is left of each block: its smallest and largest loss, the number of the former's sample, and
 * how many samples were feasible.
 */
export interface Blocks {
  readonly best: Float64Array;
  readonly index: Float64Array;
  readonly worst: Float64Array;
  readonly feasible: Float64Array;
}

export interface Tally extends Blocks {
  /** Samples done: all that were asked for, unless the signal fired. */
  readonly samples: number;
  readonly counts: Float64Array;
}

/** BINS equal intervals from `low` to `high`; the outermost ones take what lies beyond. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

const SETTINGS: Uniforms = {
  seed_low: "u32",
  seed_high: "u32",
  first_block: "u32",
  samples: "u32",
  sparse_below: "u32",
  near_below: "u32",
  rows: "u32",
  rest: "f32",
  low: "f32",
  scale: "f32",
};

const BINDINGS: readonly Binding[] = [
  { name: "settings", type: "Settings", access: "uniform" },
  { name: "domains", type: "array<Domain, K>", access: "read" },
  { name: "rows", type: "array<f32>", access: "read" },
  { name: "blocks", type: "array<Block>", access: "read_write" },
  { name: "histogram", type: "array<atomic<u32>, BINS>", access: "read_write" },
];

/**
 * Uniform memory is read once for all lanes; what does not fit into it is storage. Bytes that every
 * adapter has.
 */
const UNIFORM_BYTES = 65536;

const stride = ({ program }: LawRows): number => Math.ceil((1 + program.tables.run.length) / 4);
const vectors = (laws: readonly LawRows[]): number =>
  laws.reduce((sum, law) => sum + law.weights.length * stride(law), 0);

/** A target's weight, then its row, four numbers a vector; the laws one after the other. */
function tableBinding(laws: readonly LawRows[]): Binding {
  const count = vectors(laws);
  return {
    name: "targets",
    type: `array<vec4<f32>, ${count}>`,
    access: 16 * count <= UNIFORM_BYTES ? "uniform" : "read",
  };
}

const bindingsOf = (laws: readonly LawRows[]): readonly Binding[] => [
  ...BINDINGS,
  tableBinding(laws),
];

/** The contents of `targets`. */
export function packTargets(laws: readonly LawRows[]): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(4 * vectors(laws));
  let at = 0;
  for (const law of laws) {
    const width = law.program.tables.run.length;
    for (let t = 0; t < law.weights.length; t++, at += 4 * stride(law)) {
      packed[at] = law.weights[t];
      packed.set(law.table.subarray(t * width, (t + 1) * width), at + 1);
    }
  }
  return packed;
}

/** Fields of `Domain`, in order. A pinned domain's bits are above every limit of the draw. */
const DOMAIN = ["floor", "least", "most", "reference", "pinned"] as const;
const PINNED = 0x400;

const noTable = (): never => {
  throw new Error("a program over shares reads no tables");
};
/** Column c of target `one` of a law whose rows begin at vector `base`. */
const cell = (base: number, width: number, c: number): string =>
  `targets[${base}u + one * ${width}u + ${Math.floor(c / 4)}u].${"xyzw"[c % 4]}`;

/**
 * Up to this many lines the targets of a law are written out: 1.5 × faster on lavapipe where a
 * target has few lines, no faster where it has many, and slow to compile.
 */
const WRITTEN_OUT = 600;

/** `fn loss() -> f32`: what depends on the shares alone once a law, the rest once a target. */
function lossSource(laws: readonly LawRows[]): string {
  let base = 0;
  const blocks = laws.map((law) => {
    const { program, weights } = law;
    const [from, width] = [base, stride(law)];
    base += weights.length * width;
    const access: TableAccess = {
      mix: noTable,
      run: (column) => cell(from, width, 1 + column),
      response: noTable,
    };
    const each = lines(program, "run", access, "share");
    const mark = each.length * weights.length <= WRITTEN_OUT ? "/*unroll*/ " : "";
    const text = [
      "  {",
      ...lines(program, "fit", access, "share").map((line) => `    ${line}`),
      `    ${mark}for (var one = 0u; one < ${weights.length}u; one++) {`,
      ...each.map((line) => `      ${line}`),
      `      total += ${cell(from, width, 0)} * ${reference(program, program.value)};`,
      "    }",
      "  }",
    ].join("\n");
    return unroll(text, {});
  });
  return `fn loss() -> f32 {\n  var total = 0.0;\n${blocks.join("\n")}\n  return total;\n}`;
}

/**
 * Whether a draw can be infeasible at all: floors hold by construction, other limits and a
 * reference of one's own have to be checked.
 */
const isChecked = (d: Draws): boolean =>
  d.rows.length > 0 ||
  d.upper.some((x) => x < 1) ||
  (d.nearBelow > d.sparseBelow && d.reference.some((x, i) => x < d.lower[i]));

/** Words a sample: one for its kind and one a domain, four a block. */
const philoxBlocks = (domains: number): number => Math.ceil((domains + 1) / 4);

/**
 * What comes before shaders/mixtures.wgsl for some laws and kind of draws: constants, bindings,
 * library and `loss`.
 */
export function prelude(laws: readonly LawRows[], draws: Draws): string {
  const k = draws.lower.length;
  return [
    `const CHECKED = ${isChecked(draws)};\nconst K = ${k}u;\nconst PHILOX = ${philoxBlocks(k)}u;\nconst BINS = ${BINS}u;\nconst WORKGROUP = ${WORKGROUP}u;\nconst TURNS = ${TURNS}u;\nconst PURPOSE = ${draws.purpose}u;`,
    declareUniforms("Settings", SETTINGS),
    `struct Domain {\n${DOMAIN.map((name) => `  ${name}: ${name === "pinned" ? "u32" : "f32"},`).join("\n")}\n}`,
    "struct Block {\n  best: f32,\n  index: u32,\n  worst: f32,\n  feasible: u32,\n}",
    declare(bindingsOf(laws)),
    rng,
    spacing,
    special,
    lossSource(laws),
  ].join("\n\n");
}

/**
 * Beyond this many blocks of random words a sample they are drawn in a loop: written out, the
 * generator would take longer to compile than the law.
 */
const UNROLLED_PHILOX = 4;

/** The whole shader. */
export function mixturesSource(laws: readonly LawRows[], draws: Draws): string {
  const k = draws.lower.length;
  const philox = philoxBlocks(k);
  const text =
    philox > UNROLLED_PHILOX ? mixtures.replace("/*unroll*/ for (var b ", "for (var b ") : mixtures;
  return `${prelude(laws, draws)}\n\n${unroll(text, { K: k, PHILOX: philox })}`;
}

/**
 * Draws and evaluates samples 0 … samples − 1; stops between chunks when the signal fires. `most`
 * limits the blocks a chunk.
 */
export async function runMixtures(
  device: Device,
  laws: readonly LawRows[],
  draws: Draws,
  range: Range,
  samples: number,
  watch: Watch,
  most: number = device.limits.maxComputeWorkgroupsPerDimension,
): Promise<Tally> {
  const pipeline = await device.pipeline(
    LABEL,
    mixturesSource(laws, draws),
    "sample",
    layoutEntries(bindingsOf(laws)),
  );
  const count = Math.ceil(samples / BLOCK);
  const buffers = await device.checked(LABEL, (gpu) => allocate(gpu, laws, draws, count));
  try {
    const group = await device.checked(LABEL, (gpu) => {
      const bound = [
        buffers.uniform,
        buffers.domains,
        buffers.rows,
        buffers.blocks,
        buffers.histogram,
        buffers.targets,
      ];
      return gpu.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
      });
    });
    const submit = (from: number, size: number): Promise<void> =>
      device.checked(LABEL, (gpu) => {
        // The write waits in the queue behind the chunks submitted before: one uniform buffer does
        // for all.
        gpu.queue.writeBuffer(buffers.uniform, 0, packSettings(draws, range, samples, from));
        const encoder = gpu.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(size);
        pass.end();
        gpu.queue.submit([encoder.finish()]);
      });
    const done = await inChunks(device, pipeline, submit, count, most, watch);
    const raw =
      done === 0
        ? new ArrayBuffer()
        : await device.read(LABEL, buffers.blocks, buffers.staging, BLOCK_BYTES * done);
    const counts = Float64Array.from(
      new Uint32Array(await device.read(LABEL, buffers.histogram, buffers.staging, 4 * BINS)),
    );
    return { samples: Math.min(samples, done * BLOCK), counts, ...unpack(raw) };
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  }
}

function allocate(gpu: GPUDevice, laws: readonly LawRows[], draws: Draws, count: number) {
  const [domains, rows, targets] = [packDomains(draws), packRows(draws.rows), packTargets(laws)];
  const [COPY_SRC, COPY_DST, UNIFORM, STORAGE, MAP_READ] = [0x4, 0x8, 0x40, 0x80, 0x1];
  const make = (size: number, usage: number): GPUBuffer =>
    gpu.createBuffer({ size: Math.max(16, size), usage });
  const made = {
    uniform: make(16 * Math.ceil(Object.keys(SETTINGS).length / 4), UNIFORM | COPY_DST),
    domains: make(domains.byteLength, STORAGE | COPY_DST),
    rows: make(rows.byteLength, STORAGE | COPY_DST),
    blocks: make(BLOCK_BYTES * count, STORAGE | COPY_SRC),
    histogram: make(4 * BINS, STORAGE | COPY_SRC),
    targets: make(
      targets.byteLength,
      (tableBinding(laws).access === "uniform" ? UNIFORM : STORAGE) | COPY_DST,
    ),
    staging: make(Math.max(BLOCK_BYTES * count, 4 * BINS), MAP_READ | COPY_DST),
  };
  gpu.queue.writeBuffer(made.domains, 0, domains);
  gpu.queue.writeBuffer(made.rows, 0, rows);
  gpu.queue.writeBuffer(made.targets, 0, targets);
  return made;
}

/** `Block` records as columns. */
function unpack(raw: ArrayBuffer): Blocks {
  const [floats, words] = [new Float32Array(raw), new Uint32Array(raw)];
  const column = (from: Float32Array | Uint32Array, field: number): Float64Array =>
    Float64Array.from({ length: raw.byteLength / 16 }, (_, i) => from[4 * i + field]);
  return {
    best: column(floats, 0),
    index: column(words, 1),
    worst: column(floats, 2),
    feasible: column(words, 3),
  };
}

/** The uniform block of a chunk that begins with block `from`. */
export const packSettings = (
  draws: Draws,
  { low, high }: Range,
  samples: number,
  from: number,
): ArrayBuffer =>
  packUniforms(SETTINGS, {
    seed_low: draws.seed >>> 0,
    seed_high: Math.floor(draws.seed / 2 ** 32) >>> 0,
    first_block: from,
    samples,
    sparse_below: draws.sparseBelow,
    near_below: draws.nearBelow,
    rows: draws.rows.length,
    rest: draws.rest,
    low,
    scale: BINS / (high - low),
  });

/** A limit in float32, infinite ones as huge ones: WGSL has no dependable infinity. */
const limit = (x: number): number => Math.max(-3e38, Math.min(3e38, x));

/** The contents of `domains`. */
export function packDomains(draws: Draws): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(DOMAIN.length * draws.lower.length);
  const words = new Uint32Array(packed.buffer);
  for (const [i, floor] of draws.lower.entries()) {
    packed.set(
      [floor, limit(floor - SLACK), limit(draws.upper[i] + SLACK), draws.reference[i]],
      DOMAIN.length * i,
    );
    words[DOMAIN.length * i + DOMAIN.indexOf("pinned")] = draws.pinned[i] === 1 ? PINNED : 0;
  }
  return packed;
}

/** The contents of `rows`. */
export function packRows(rows: readonly Row[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    rows.flatMap(({ coefficients, min, max }) => {
      const slack =
        SLACK * Array.from(coefficients).reduce((most, a) => Math.max(most, Math.abs(a)), 0);
      return [...Array.from(coefficients), limit(min - slack), limit(max + slack)];
    }),
  );
}
