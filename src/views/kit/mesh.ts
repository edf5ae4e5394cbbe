/**
 * Fields over a triangle: values at the points of a grid, linear between them, as bands and level
 * lines. Each small triangle is cut where its values pass a level (marching triangles).
 */
import { itemAt } from "../../base/known.ts";

type Point = readonly [x: number, y: number];

/** A triangle's height in units of its side. */
export const HEIGHT = Math.sqrt(3) / 2;

/** Where a mixture of three parts is: corners at (0, 0), (1, 0) and (½, √3/2). */
export const placeOf = (parts: ArrayLike<number>): Point => [
  itemAt(parts, 1) + itemAt(parts, 2) / 2,
  itemAt(parts, 2) * HEIGHT,
];

/** Values over the grid whose points have the parts (i, j, n − i − j)/n, by i, then by j. */
export interface Mesh {
  readonly n: number;
  readonly points: readonly Point[];
  readonly triangles: readonly (readonly [number, number, number])[];
}

export function meshOf(n: number): Mesh {
  const points: Point[] = [];
  const rows: number[] = [];
  for (let i = 0; i <= n; i++) {
    rows.push(points.length);
    for (let j = 0; i + j <= n; j++) points.push(placeOf([i / n, j / n, (n - i - j) / n]));
  }
  const at = (i: number, j: number): number => itemAt(rows, i) + j;
  const triangles: [number, number, number][] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; i + j < n; j++) {
      triangles.push([at(i, j), at(i + 1, j), at(i, j + 1)]);
      if (i + j + 1 < n) triangles.push([at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)]);
    }
  return { n, points, triangles };
}

interface Vertex {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** Where the value between two vertices is the level. */
function crossing(a: Vertex, b: Vertex, level: number): Vertex {
  const t = (level - a.value) / (b.value - a.value);
  return { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y), value: level };
}

/** The part of a polygon with values of at least the level (sign 1) or at most it (sign −1). */
function clipped(polygon: readonly Vertex[], level: number, sign: 1 | -1): Vertex[] {
  const isInside = ({ value }: Vertex): boolean => sign * (value - level) >= 0;
  return polygon.flatMap((vertex, v) => {
    const next = itemAt(polygon, (v + 1) % polygon.length);
    const kept = isInside(vertex) ? [vertex] : [];
    return isInside(vertex) === isInside(next) ? kept : [...kept, crossing(vertex, next, level)];
  });
}

const cornersOf = ({ points, triangles }: Mesh, values: Float64Array): Vertex[][] =>
  triangles.map((triangle) =>
    triangle.map((p) => {
      const [x, y] = itemAt(points, p);
      return { x, y, value: itemAt(values, p) };
    }),
  );

/** How places become pixels. */
export type Place = (x: number, y: number) => readonly [number, number];

const text = (place: Place, { x, y }: Vertex): string =>
  place(x, y)
    .map((pixel) => pixel.toFixed(1))
    .join(",");

/** SVG path data of where values lie between two levels. Values must be finite. */
export const bandPath = (
  mesh: Mesh,
  values: Float64Array,
  [low, high]: readonly [number, number],
  place: Place,
): string =>
  cornersOf(mesh, values)
    .map((corners) => clipped(clipped(corners, low, 1), high, -1))
    .filter((polygon) => polygon.length > 2)
    .map((polygon) => `M${polygon.map((vertex) => text(place, vertex)).join("L")}Z`)
    .join("");

/** SVG path data of the line on which values are the level. */
export const levelPath = (mesh: Mesh, values: Float64Array, level: number, place: Place): string =>
  cornersOf(mesh, values)
    .map((corners) =>
      corners.flatMap((vertex, v) => {
        const next = itemAt(corners, (v + 1) % corners.length);
        const isBetween = vertex.value >= level !== next.value >= level;
        return isBetween ? [crossing(vertex, next, level)] : [];
      }),
    )
    .filter((ends) => ends.length === 2)
    .map((ends) => `M${ends.map((vertex) => text(place, vertex)).join("L")}`)
    .join("");
