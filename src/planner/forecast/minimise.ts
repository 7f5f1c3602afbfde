// Smallest value of a function of a few bounded variables: the best point of a coarse grid, then Nelder and Mead's simplex.
// Deterministic.

export interface Bounds {
  /** Values of the coarse grid. */
  grid: readonly number[];
  low: number;
  high: number;
}

/**
 * @param near a point that was best for much the same function; saves the grid
 * @returns the best point that was found
 */
export function minimise(
  f: (x: readonly number[]) => number,
  bounds: readonly Bounds[],
  near?: readonly number[],
  evaluations = 60,
): number[] {
  if (near !== undefined && near.length === bounds.length) return simplex(f, bounds, [...near], f(near), evaluations);
  let best: number[] = [];
  let value = Infinity;
  const point: number[] = new Array(bounds.length).fill(0);
  const walk = (i: number): void => {
    if (i === bounds.length) {
      const v = f(point);
      if (v < value) {
        value = v;
        best = [...point];
      }
      return;
    }
    for (const x of bounds[i]!.grid) {
      point[i] = x;
      walk(i + 1);
    }
  };
  walk(0);
  if (best.length === 0) return bounds.map((b) => b.grid[0]!);
  return simplex(f, bounds, best, value, evaluations);
}

function simplex(
  f: (x: readonly number[]) => number,
  bounds: readonly Bounds[],
  start: number[],
  startValue: number,
  evaluations: number,
): number[] {
  const d = bounds.length;
  const inside = (x: number[]): number[] => {
    for (let i = 0; i < d; i++) x[i] = Math.min(bounds[i]!.high, Math.max(bounds[i]!.low, x[i]!));
    return x;
  };
  let used = 0;
  const at = (x: number[]): { x: number[]; v: number } => {
    used++;
    const v = f(x);
    return { x, v: Number.isFinite(v) ? v : Number.MAX_VALUE };
  };
  const corners = [{ x: start, v: startValue }];
  for (let i = 0; i < d; i++) {
    const x = [...start];
    const step = (bounds[i]!.high - bounds[i]!.low) * 0.12;
    x[i] = x[i]! + step > bounds[i]!.high ? x[i]! - step : x[i]! + step;
    corners.push(at(inside(x)));
  }
  while (used < evaluations) {
    corners.sort((a, b) => a.v - b.v);
    const worst = corners[d]!;
    if (worst.v - corners[0]!.v <= 1e-7 * Math.abs(corners[0]!.v)) break;
    const centre = new Array<number>(d).fill(0);
    for (let c = 0; c < d; c++) for (let i = 0; i < d; i++) centre[i]! += corners[c]!.x[i]! / d;
    const along = (by: number): { x: number[]; v: number } =>
      at(inside(centre.map((m, i) => m + by * (worst.x[i]! - m))));
    const mirrored = along(-1);
    if (mirrored.v < corners[0]!.v) {
      const further = along(-2);
      corners[d] = further.v < mirrored.v ? further : mirrored;
    } else if (mirrored.v < corners[d - 1]!.v) corners[d] = mirrored;
    else {
      const nearer = along(mirrored.v < worst.v ? -0.5 : 0.5);
      if (nearer.v < Math.min(worst.v, mirrored.v)) corners[d] = nearer;
      else {
        const first = corners[0]!;
        for (let c = 1; c <= d; c++) {
          corners[c] = at(inside(corners[c]!.x.map((v, i) => first.x[i]! + 0.5 * (v - first.x[i]!))));
        }
      }
    }
  }
  corners.sort((a, b) => a.v - b.v);
  return corners[0]!.x;
}
