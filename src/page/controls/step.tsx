/** A step of the page: a heading that can have the focus, and what belongs to it. */
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function Step({
  id,
  title,
  isFocused,
  children,
}: {
  readonly id: string;
  readonly title: string;
  /** Whether its heading gets the focus when it appears, so that what is new is read first. */
  readonly isFocused?: boolean;
  readonly children: ComponentChildren;
}): VNode {
  // prettier-ignore
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isFocused !== true) return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ behavior: calmly(), block: "start" });
  }, []);
  return (
    <section class="step" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} tabIndex={-1} ref={heading}>
        {title}
      </h2>
      {children}
    </section>
  );
}

/** Scrolling moves at once for those who asked for less motion. */
const calmly = (): ScrollBehavior =>
  matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
