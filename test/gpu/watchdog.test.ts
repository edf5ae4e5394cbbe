import { expect, test, vi } from "vitest";
import { Overdue, within } from "../../src/gpu/watchdog.ts";

const never = new Promise<never>(() => undefined);

test("what settles in time comes through, and leaves no timer", async () => {
  vi.useFakeTimers();
  try {
    await expect(within(Promise.resolve(7), 1000)).resolves.toBe(7);
    await expect(within(Promise.reject(new RangeError("mine")), 1000)).rejects.toThrow("mine");
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("what does not is overdue", async () => {
  await expect(within(never, 20)).rejects.toEqual(new Overdue(20));
});

test("time in which this thread took no turns hardly counts: it was stopped, or asleep", async () => {
  vi.useFakeTimers();
  try {
    let failure: unknown;
    within(never, 10_000).catch((error: unknown) => (failure = error));
    await vi.advanceTimersByTimeAsync(5000);
    const now = performance.now.bind(performance);
    const asleep = vi.spyOn(performance, "now").mockImplementation(() => now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(4000);
    expect(failure).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1000);
    expect(failure).toBeInstanceOf(Overdue);
    asleep.mockRestore();
  } finally {
    vi.useRealTimers();
  }
});
