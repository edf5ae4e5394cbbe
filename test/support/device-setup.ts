/** Run with every test file that may use the GPU: ends its device with it. */
import { afterAll } from "vitest";
import { closeSharedDevice } from "./shared-device.ts";

afterAll(closeSharedDevice);
