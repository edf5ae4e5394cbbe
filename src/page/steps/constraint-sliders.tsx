/** The least and the largest share of each domain as sliders, with what they cost. */
import type { VNode } from "preact";
import { percent } from "../../base/format-number.ts";
import type { FitView, OptimumChoice, OptimumView, PriceView } from "../protocol/workshop.ts";

type Side = "floor" | "cap";

const LABELS: Readonly<Record<Side, string>> = { floor: "at least", cap: "at most" };

export function ConstraintSliders({
  fit,
  choice,
  view,
  onChange,
}: {
  readonly fit: FitView;
  readonly choice: OptimumChoice;
  readonly view: OptimumView | undefined;
  readonly onChange: (choice: OptimumChoice) => void;
}): VNode {
  // prettier-ignore
  const set = (side: Side, domain: number, share: number): void =>
    onChange(moved(choice, side, domain, share));
  const isFree = choice.floors.every((x) => x === 0) && choice.caps.every((x) => x === 1);
  return (
    <fieldset>
      <legend>Shares that are allowed</legend>
      <div class="sliders">
        {fit.domains.map((name, domain) => (
          <div class="slider-row" key={name}>
            <span class="name">{name}</span>
            {(["floor", "cap"] as const).map((side) => (
              <Slider
                key={side}
                name={name}
                side={side}
                share={(side === "floor" ? choice.floors : choice.caps)[domain] ?? 0}
                price={view?.prices.find(
                  ({ slider }) => slider?.kind === side && slider.domain === domain,
                )}
                onChange={(share) => set(side, domain, share)}
              />
            ))}
            <span class="share">{shareOf(view, name)}</span>
          </div>
        ))}
      </div>
      <button
        type="button"
        disabled={isFree}
        onClick={() =>
          onChange({
            ...choice,
            floors: choice.floors.map(() => 0),
            caps: choice.caps.map(() => 1),
          })
        }
      >
        Allow every share
      </button>
    </fieldset>
  );
}

/** The choice with a limit moved; the other side gives way where they would cross. */
function moved(choice: OptimumChoice, side: Side, domain: number, share: number): OptimumChoice {
  const [floors, caps] = [[...choice.floors], [...choice.caps]];
  (side === "floor" ? floors : caps)[domain] = share;
  if (side === "floor") caps[domain] = Math.max(caps[domain] ?? 1, share);
  else floors[domain] = Math.min(floors[domain] ?? 0, share);
  return { ...choice, floors, caps };
}

const shareOf = (view: OptimumView | undefined, domain: string): string => {
  const share = view === undefined ? undefined : Object.entries(view.optimum.weights).find(([name]) => name === domain)?.[1]; // prettier-ignore
  return share === undefined ? "" : `optimum ${percent(share, 3)}`;
};

function Slider({
  name,
  side,
  share,
  price,
  onChange,
}: {
  readonly name: string;
  readonly side: Side;
  readonly share: number;
  readonly price: PriceView | undefined;
  readonly onChange: (share: number) => void;
}): VNode {
  // prettier-ignore
  return (
    <label class={price === undefined ? "slider" : "slider active"}>
      <span>
        {LABELS[side]} {percent(share)}
      </span>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={Math.round(100 * share)}
        aria-label={`${name}, ${LABELS[side]}`}
        aria-valuetext={price === undefined ? percent(share) : `${percent(share)}; ${price.words}`}
        onInput={({ currentTarget }) => onChange(Number(currentTarget.value) / 100)}
      />
      <span class="price">{price?.words ?? ""}</span>
    </label>
  );
}
