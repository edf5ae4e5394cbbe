/** What the view of the basins shows. */
import { decode64 } from "../../../base/base64.ts";
import type { Fit } from "../../../fit/result/fit-file.ts";
import type { BasinsData, BasinsOfFit } from "../../../views/laws/basins.ts";
import type { Material } from "../material.ts";

export const basinsFacts = ({ file }: Material): BasinsData => ({ fits: file.fits.map(basinsOf) });

/** Files of earlier versions know the best basin alone. */
function basinsOf({ law, target, objective, search }: Fit): BasinsOfFit {
  const { starts, followed = starts, reachedBest, hops, basins, otherBasins, unseen } = search;
  const { objectives = "" } = search;
  const best = { objective, starts: reachedBest, hops: hops.reachedBest, distance: 0 };
  return {
    law,
    target,
    starts,
    followed,
    reachedBest,
    basins: basins ?? [best],
    objectives: decode64(objectives),
    others: otherBasins?.basins ?? 0,
    unseen: unseen ?? null,
  };
}
