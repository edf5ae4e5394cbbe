/** Intervals by a bootstrap of the fit that there is. */
import type { VNode } from "preact";
import { count } from "../../base/wording.ts";
import type { FitView } from "../protocol/workshop.ts";

/** Replicates that the button makes. */
export const REPLICATES = 200;

export function BootstrapPanel({
  fit,
  isBusy,
  onBootstrap,
}: {
  readonly fit: FitView;
  readonly isBusy: boolean;
  readonly onBootstrap: () => void;
}): VNode {
  // prettier-ignore
  if (fit.replicates > 0)
    return <p class="hint">Intervals are from {count(fit.replicates, "bootstrap replicate")}.</p>;
  if (!fit.hasTable)
    return (
      <p class="hint">This fit has no bootstrap, so there are no intervals of the best shares.</p>
    );
  return (
    <div class="row">
      <button type="button" disabled={isBusy} onClick={onBootstrap}>
        How sure is it? Bootstrap, {REPLICATES} replicates
      </button>
      <span class="hint">Fits the laws again, and to {REPLICATES} samples of the runs.</span>
    </div>
  );
}
