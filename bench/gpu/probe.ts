/** Says what the engine runs on; run by bench/gpu/main.ts. */
import { openEngine } from "../../src/node.ts";
import { finish } from "../timing.ts";

const engine = await openEngine({ backend: "auto" });
finish(await engine.describe());
