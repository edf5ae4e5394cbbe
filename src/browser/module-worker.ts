/** A module worker of a page, as a pool uses it. */
import type { PoolWorker } from "../fit/workers/worker-pool.ts";
import type { Answer, Request } from "../fit/workers/worker-task.ts";

/** What a worker says of itself when it has loaded. */
export interface Ready {
  /** Whether the policy that its script came with lets it compile JavaScript. */
  readonly compiles: boolean;
  /** Why it has no float64 in WebAssembly, to end a sentence; undefined where it has. */
  readonly refusal: string | undefined;
}

/** Milliseconds that a worker's script may take to load. */
const LOADING = 20_000;

/** Who waits for a message of a worker, which answers in the order of the requests. */
interface Listener {
  readonly resolve: (message: unknown) => void;
  readonly reject: (reason: Error) => void;
}

export class ModuleWorker implements PoolWorker {
  /** Rejects where the script does not load. */
  readonly ready: Promise<Ready>;
  readonly #worker: Worker;
  readonly #listeners: Listener[] = [];
  /** Why the worker is of no more use. */
  #failure: Error | undefined;
  #gone = (): void => undefined;

  /**
   * @param script where the worker's script is; without it, beside this module.
   * @throws what the browser throws where it lets no worker be started.
   */
  constructor(script: URL | string | undefined) {
    // Bundlers know the first expression by its form, and bundle or copy the script.
    this.#worker =
      script === undefined
        ? new Worker(new URL("./browser-worker.js", import.meta.url), { type: "module" })
        : new Worker(script, { type: "module" });
    const late = setTimeout(() => this.#stop("its script did not load in time"), LOADING);
    this.#worker.addEventListener("message", ({ data }) => this.#listeners.shift()?.resolve(data)); // prettier-ignore
    this.#worker.addEventListener("error", (event) => this.#stop(causeOf(event)));
    this.#worker.addEventListener("messageerror", () => this.#stop("its answer is broken"));
    this.ready = this.#hear<Ready>().finally(() => clearTimeout(late)); // its first message
    this.ready.catch(() => undefined); // told to whoever asks
  }

  /** Calls `gone` when the worker is of no more use: it failed, or it was ended. */
  onEnd(gone: () => void): void {
    this.#gone = gone;
  }

  send(request: Request): void {
    this.#worker.postMessage(request);
  }

  async ask(request: Request): Promise<Answer> {
    await this.ready;
    this.#worker.postMessage(request);
    return this.#hear<Answer>();
  }

  end(): Promise<void> {
    this.#stop("the worker was ended");
    return Promise.resolve();
  }

  #stop(reason: string): void {
    this.#worker.terminate();
    this.#failure = new Error(reason);
    for (const { reject } of this.#listeners.splice(0)) reject(this.#failure);
    this.#gone();
  }

  /** The next message that nobody waits for. Rejects when the worker fails or is ended before. */
  #hear<Message>(): Promise<Message> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise<unknown>((resolve, reject) => {
      this.#listeners.push({ resolve, reject });
    }) as Promise<Message>;
  }
}

/** What an error event of a worker tells, which is nothing where the script did not load. */
const causeOf = ({ message }: Partial<ErrorEvent>): string =>
  message === undefined || message === "" ? "its script did not load" : message;
