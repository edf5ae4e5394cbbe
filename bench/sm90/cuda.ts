/**
 * A kernel of WGSL as CUDA C++, by rules for the few forms of text that the search kernels have.
 * Lines stay where they are, so that what a compiler says of a line holds for the kernel's text.
 */

/** What WGSL has and C++ has not; `array` and `vec4` keep their WGSL names. */
const PRELUDE = `
typedef unsigned u32;
typedef float f32;
template <class T, unsigned N> struct array {
  T at[N];
  __device__ __forceinline__ T& operator[](unsigned i) { return at[i]; }
  __device__ __forceinline__ const T& operator[](unsigned i) const { return at[i]; }
};
template <class T> struct alignas(16) vec4 {
  T x, y, z, w;
  __device__ __forceinline__ T& operator[](unsigned i) { return (&x)[i]; }
};
template <class T> struct atomic { T value; };
template <class T> __device__ __forceinline__ T select(T no, T yes, bool is) { return is ? yes : no; }
template <class T> struct bitcast_to;
template <> struct bitcast_to<u32> {
  static __device__ __forceinline__ u32 of(float x) { return __float_as_uint(x); }
  static __device__ __forceinline__ u32 of(u32 x) { return x; }
};
template <> struct bitcast_to<f32> {
  static __device__ __forceinline__ float of(u32 x) { return __uint_as_float(x); }
};
template <class T> __device__ __forceinline__ T clamp(T x, T low, T high) { return min(max(x, low), high); }
template <class T> __device__ __forceinline__ T workgroup_uniform_load(T* from) {
  __syncthreads();
  T value = *from;
  __syncthreads();
  return value;
}
template <class T> __device__ __forceinline__ T atomicLoad(atomic<T>* from) { return *(volatile T*)&from->value; }
template <class T> __device__ __forceinline__ void atomicStore(atomic<T>* to, T value) { *(volatile T*)&to->value = value; }
struct Uint3 { u32 x, y, z; };
`;

/** What `pattern` matches becomes spaces, but for line breaks. */
export const blank = (text: string, pattern: RegExp): string =>
  text.replace(pattern, (match) => match.replace(/[^\n]/g, " "));

/** Functions, from `fn` to the brace that opens them. */
const FUNCTION = /fn (\w+)\(([^{]*?)\)(?:\s*->\s*([\w<>]+))?\s*\{/g;

/** Parameters as C++ has them, in as many lines. */
const parameters = (list: string): string =>
  list
    .replace(/@builtin\(\w+\)/g, "")
    .replace(/(\w+): vec3<u32>/g, "Uint3 $1")
    .replace(/(\w+): ([\w<>]+)/g, "$2 $1")
    .replace(/,(\s*)$/, "$1");

/** Buffers that are arrays. */
const BINDING =
  /@binding\(\d+\) var<(storage, read|storage, read_write|uniform)> (\w+): array<([\w<>]+)(?:, \d+)?>;/g;

/** Constant arrays. */
const TABLE = /const (\w+) = (array<[^(]*>)\(([^;]*)\);/g;

/** Words of C++ that a kernel may have as names. */
const TAKEN = /\b(short|long|double|char|int|float|class|new|this|union|signed|unsigned)\b/g;

/** Literals of floats and of whole numbers, as C++ has them. */
const literals = (text: string): string =>
  text.replace(/(?<![\w.])(\d+\.\d*(?:e[+-]?\d+)?|\d+e[+-]?\d+)(?![\w.])/g, "$1f");

/** The line that the kernel's text begins at: what comes before is of no account. */
const START = '#line 1 "kernel.wgsl"\n';

/** The text of the whole kernel, one function `search_kernel`. */
export function cudaOf(source: string): string {
  const wgsl = source.replace(TAKEN, "$1_");
  const bindings = Array.from(wgsl.matchAll(BINDING), ([, access, name, type]) => ({
    type: access === "storage, read_write" ? type : `const ${type}`,
    name,
  }));
  const shared = Array.from(wgsl.matchAll(/var<workgroup> (\w+): ([^;]+);/g));
  const tables = Array.from(wgsl.matchAll(TABLE), ([, name, type, values = ""]) => {
    return `__constant__ const ${type} ${name} = {{${literals(values)}}};`;
  });
  let text = literals(blank(blank(wgsl.replace(/^const P = /m, "//"), TABLE), /\/\/[^\n]*/g));
  text = blank(text, /@group\(0\)[^;]*;|var<workgroup>[^;]*;|@compute|@workgroup_size\(\w+\)/g)
    .replace(/struct (\w+) \{([^}]*)\}/g, (_, name: string, fields: string) => {
      const list = fields.replace(/(\w+): (\w+),?/g, "$2 $1;");
      return `struct ${name} {${list}};`;
    })
    .replace(/,(\s*\))/g, "$1")
    .replace(/^const (\w+) = ([^;]*);/gm, "static constexpr auto $1 = $2;")
    .replace(/Log1pPoint\(inside, ([^)]*)\)/g, "Log1pPoint{inside, $1}")
    .replace(/var<private> (\w+): ([^;]+);/g, "$2 $1;")
    .replace(
      FUNCTION,
      (_, name: string, list: string, type = "void") =>
        `__device__ __forceinline__ ${type} ${name}(${parameters(list)}) {`,
    )
    .replace(/\bfor \(var /g, '_Pragma("unroll 1") for (auto ')
    .replace(/\bvar (\w+): ([\w<>, ]+?)( =|;)/g, "$2 $1$3")
    .replace(/\bvar /g, "auto ")
    .replace(/\blet /g, "const auto ")
    .replace(/\bbitcast<(\w+)>\(/g, "bitcast_to<$1>::of(")
    .replaceAll("workgroupBarrier()", "__syncthreads()")
    .replaceAll("workgroupUniformLoad(", "workgroup_uniform_load(");
  // What an invocation has is a struct, whose functions need no order: all after the settings.
  const at = text.indexOf("};", text.indexOf("struct Settings")) + 2;
  const [constants, functions] = [text.slice(0, at), text.slice(at)];
  const fields = bindings.map(({ type, name }) => `${type}* __restrict__ ${name};`).join(" ");
  const declared = shared.map(([, name, type]) => `__shared__ ${type} ${name};`).join(" ");
  const list = bindings.map(({ type, name }) => `${type}* __restrict__ ${name}`).join(", ");
  return [
    PRELUDE,
    `constexpr u32 P = ${/const P = (\d+)/.exec(wgsl)?.[1]};\n`,
    ...tables.map((table) => `${table.replaceAll("\n", " ")}\n`),
    START,
    `${constants} __constant__ Settings settings; ${declared} struct Kernel { ${fields}`,
    functions,
    "};",
    `extern "C" __global__ void __launch_bounds__(WORKGROUP) search_kernel(${list}) {`,
    `  Kernel kernel = {${bindings.map(({ name }) => name).join(", ")}};`,
    "  kernel.search(Uint3{blockIdx.x, 0u, 0u}, threadIdx.x);",
    "}",
  ].join("");
}
