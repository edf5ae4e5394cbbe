/** What goes wrong on GPUs, in sentences, and what a process remembers of it. */
import {
  DeviceLostError,
  HungKernelError,
  KernelError,
  type NoAdapterError,
} from "../base/errors.ts";
import { finding, type Finding } from "../base/verdict.ts";

/** An error after which the GPU cannot be gone on with, and the work can. */
export type GpuError = DeviceLostError | HungKernelError | KernelError;

/** Whether an error is one of the GPU's. */
export const isGpuError = (error: unknown): error is GpuError =>
  error instanceof DeviceLostError ||
  error instanceof HungKernelError ||
  error instanceof KernelError;

const ON_CPU = "the CPU went on in float64";

/** The work that a lost device had under way was done again. */
export const redone = (adapter: string): Finding =>
  finding(
    "device-lost",
    `the GPU device (${adapter}) was lost in mid-work: what it had under way was done again on a new one`,
  );

/** It was lost again on the new one. */
export const givenUp = (adapter: string): Finding =>
  finding(
    "device-lost",
    `the GPU device (${adapter}) was lost in mid-work, and so was the next: ${ON_CPU}`,
  );

/** No other device came. */
export const gone = (adapter: string, { refused, message }: NoAdapterError): Finding =>
  finding(
    "device-lost",
    refused === undefined
      ? `the GPU device (${adapter}) was lost, and no other came: ${ON_CPU}`
      : `${message.replace(/^The/, "the").replace(/\.$/, "")}; ${ON_CPU}`,
  );

/** A kernel never ended. */
export const hung = (adapter: string, { label, limit }: HungKernelError): Finding =>
  finding(
    "kernel-hung",
    `the GPU kernel "${label}" did not end on ${adapter} within ${Math.round(limit / 1000)} s: it is not used again in this process, and ${ON_CPU}`,
  );

/** A kernel did not compile, or a call of it failed. */
export const failed = (adapter: string, error: KernelError): Finding =>
  finding("kernel-failed", `on ${adapter}: ${error.message.replace(/\.$/, "")}; ${ON_CPU}`);

/** The kernel of teams failed, and the one without them goes on. A notice: numbers are as good. */
export const teamsFailed = (adapter: string, { message }: KernelError): string =>
  `On ${adapter} the search by teams of invocations failed (${message.replace(/\.$/, "")}); going on with one invocation a candidate.`;

/** Adds a fault to those that are known, once. */
export function noteFault(faults: Finding[], fault: Finding): void {
  if (faults.every(({ sentence }) => sentence !== fault.sentence)) faults.push(fault);
}

/** What a process knows of its GPUs. */
export class GpuMemory {
  /** Kernels that are not used again, by name, each with what is said of it. */
  readonly kernels = new Map<string, Finding>();
  /** Why adapters are not used again, by name. */
  readonly adapters = new Map<string, string>();
}

/**
 * The memory of this process: a kernel or an adapter that was refused is not tried by another
 * engine.
 */
export const PROCESS_MEMORY = new GpuMemory();
