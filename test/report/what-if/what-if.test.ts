import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { whatIfFacts } from "../../../src/report/facts/what-if.ts";
import { whatIf } from "../../../src/report/what-if/what-if.ts";
import { drawnMaterial } from "./material.ts";

const data = whatIfFacts(drawnMaterial());

/** The sliders in a page, and hands to move them. */
function mounted() {
  const { document, Event } = parseHTML("<html><body></body></html>");
  const section = whatIf(document, data, (run) => run());
  document.body.append(section);
  const input = (name: string): HTMLInputElement => {
    const found = [...section.querySelectorAll("input")].find((each) => each.getAttribute("aria-label") === name); // prettier-ignore
    if (found === undefined) throw new Error(`no input ${name}`);
    return found;
  };
  const set = (name: string, value: string, event: string): void => {
    const element = input(name);
    element.value = value;
    element.dispatchEvent(new Event(event));
  };
  const share = (domain: string): string => input(`share of ${domain} in percent, typed`).value;
  const status = (): string => section.querySelector(".status")?.textContent ?? "";
  const press = (name: string): void => {
    const button = [...section.querySelectorAll("button")].find((each) => each.textContent === name); // prettier-ignore
    button?.dispatchEvent(new Event("click"));
  };
  const hold = (domain: string): void => {
    const box = input(`hold ${domain}`);
    box.checked = true;
    box.dispatchEvent(new Event("change"));
  };
  const cells = (): string[] => [...section.querySelectorAll("tbody tr")].map((row) => row.textContent ?? ""); // prettier-ignore
  return { section, set, share, status, press, hold, cells };
}

describe("the sliders", () => {
  test("begin at the optimum", () => {
    const { share, section, cells } = mounted();
    expect(["d0", "d1", "d2"].map(share)).toEqual(["50.00 %", "20.00 %", "30.00 %"]);
    expect(section.querySelector(".paper")?.textContent).toBe(
      "At N 500M, D 10B, d0 50.00\u00A0%, d1 20.00\u00A0%, d2 30.00\u00A0%, by additive:",
    );
    expect(cells()).toHaveLength(3);
    expect(cells()[0]).toMatch(/^objective\d+\.\d{4}0[+-]/);
    expect(section.outerHTML).not.toMatch(/NaN|undefined/);
  });

  test("keep the sum, and what is held", () => {
    const { set, share, hold } = mounted();
    hold("d2");
    set("share of d0 in percent", "40", "input");
    expect(["d0", "d1", "d2"].map(share)).toEqual(["40.00 %", "30.00 %", "30.00 %"]);
  });

  test("stop where nothing can give way, and say so", () => {
    const { set, share, hold, status } = mounted();
    hold("d2");
    set("share of d0 in percent", "90", "input");
    expect(share("d0")).toBe("70.00 %");
    expect(status()).toBe("d0 stops at 70 %: the shares that are held leave it no more.");
    hold("d1");
    set("share of d0 in percent", "10", "input");
    expect(share("d0")).toBe("70.00 %");
    expect(status()).toMatch(/^d0 stays at 70 %: every other share is held/);
    set("share of d0 in percent", "70", "input");
    expect(status()).toBe("");
  });

  test("take typed counts, and refuse what is none", () => {
    const { set, section, status } = mounted();
    set("N, parameters, typed", "7B", "change");
    expect(section.querySelector(".paper")?.textContent).toContain("N 7B");
    expect(section.querySelector("[aria-label='on this point']")?.textContent).toContain("7B");
    set("N, parameters, typed", "seven", "change");
    expect(status()).toMatch(/^N must be a number above 0/);
    expect(section.querySelector(".paper")?.textContent).toContain("N 7B");
  });

  test("go to mixtures by name", () => {
    const { press, share } = mounted();
    press("reference");
    expect(["d0", "d1", "d2"].map(share)).toEqual(["40.00 %", "40.00 %", "20.00 %"]);
  });
});
