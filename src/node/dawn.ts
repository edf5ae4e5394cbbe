/** Dawn, the WebGPU of Node: the adapters that it sees, and the one that is used. */
import { tmpdir } from "node:os";
import type * as Module from "webgpu";
import { InputError, NoAdapterError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";

type Dawn = Pick<typeof Module, "create" | "globals">;

/** An adapter, as Dawn lists it. */
export interface ListedAdapter {
  /** The name by the driver: "NVIDIA H200". */
  readonly name: string;
  /** What Dawn reaches it through: "vulkan", "metal", "d3d12". */
  readonly backend: string;
}

/**
 * Dawn's instances, by their flags: one each a process. They must stay reachable as long as a
 * device lives.
 */
const instances = new Map<string, GPU>();

/**
 * The native module. It is loaded when a GPU is asked for: systems that it was not built for, with
 * an older libstdc++ or with musl, compute on the CPU.
 *
 * @throws NoAdapterError where it is not there or cannot be loaded
 */
async function loadDawn(): Promise<Dawn> {
  try {
    return await import("webgpu");
  } catch (error) {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new NoAdapterError(
      `WebGPU cannot be loaded on this system: ${why.replace(/\.$/, "")}. ${option("backend", "cpu")} computes without it; docs/platforms.md says what it needs.`,
    );
  }
}

/** Dawn with some flags, which are those of its `dawn.node`. */
async function dawn(flags: readonly string[]): Promise<GPU> {
  const { create, globals } = await loadDawn();
  process.env["XDG_RUNTIME_DIR"] ??= tmpdir(); // lavapipe wants one
  Object.assign(globalThis, globals);
  const key = flags.join("\n");
  const gpu = instances.get(key) ?? create([...flags]);
  instances.set(key, gpu);
  return gpu;
}

/** A name that no adapter has. */
const NOBODY = "\u0001";

/**
 * All adapters, in Dawn's order; none where Dawn cannot be loaded. It lists them only where it is
 * asked for one that is not there, in a message with a line for each: " * backend: 'vulkan', name:
 * 'NVIDIA H200'".
 */
export async function listAdapters(): Promise<ListedAdapter[]> {
  const message = await dawn([`adapter=${NOBODY}`])
    .then((gpu) => gpu.requestAdapter())
    .then(
      () => "",
      (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
    );
  return [...message.matchAll(/^ \* backend: '(.*)', name: '(.*)'$/gm)].map(
    ([, backend = "", name = ""]) => ({ name, backend }),
  );
}

/**
 * `navigator.gpu` for Node.
 *
 * @param adapter a part of the name of an adapter, in letters of any size, or its number in
 *   `listAdapters`; undefined for the one that Dawn takes
 * @throws InputError where there is no such adapter, or where Dawn cannot tell it from another
 * @internal
 */
export async function nodeGpu(adapter?: string | number): Promise<GPU> {
  if (adapter === undefined) return dawn([]);
  const { name, backend } = chosenAdapter(await listAdapters(), adapter);
  return dawn([`backend=${backend}`, `adapter=${name}`]);
}

/** The adapter that is asked for. Dawn takes the first whose name has the name that it is given. */
export function chosenAdapter(
  adapters: readonly ListedAdapter[],
  asked: string | number,
): ListedAdapter {
  const number = /^\d+$/.test(String(asked)) ? Number(asked) : undefined;
  const has = ({ name }: ListedAdapter, part: string): boolean =>
    name.toLowerCase().includes(part.toLowerCase());
  const chosen =
    number === undefined ? adapters.find((each) => has(each, String(asked))) : adapters[number];
  const flag = `${option("adapter")} is ${JSON.stringify(asked)}`;
  if (chosen === undefined) {
    const there = adapters.map(({ name, backend }, n) => `${n} ${name} (${backend})`).join("; ");
    throw new InputError(
      `${flag}, and there is no such adapter; ${there === "" ? "there is none at all" : `there are: ${there}`}`,
      { option: "adapter" },
    );
  }
  const taken = adapters.find((each) => each.backend === chosen.backend && has(each, chosen.name));
  if (taken !== chosen)
    throw new InputError(
      `${flag}, which is ${chosen.name}; WebGPU cannot tell it from adapter ${adapters.findIndex((each) => each === taken)}, ${taken?.name ?? ""}. Let the driver show only one of them: docs/clusters.md says how`,
      { option: "adapter" },
    );
  return chosen;
}
