/** Adjusted p values: of many tests, some come out small by luck alone. In the order given. */

/** Holds back every false claim among them (Holm 1979): for what is claimed. */
export function holm(p: readonly number[]): number[] {
  return stepwise(p, (rank, count) => count - rank, 'up');
}

/** Keeps the share of false ones among the claims small (Benjamini and Hochberg 1995): for what is looked through. */
export function benjaminiHochberg(p: readonly number[]): number[] {
  return stepwise(p, (rank, count) => count / (rank + 1), 'down');
}

/** Each adjusted value is at least those of smaller p (up), or at most those of larger p (down). */
function stepwise(
  p: readonly number[],
  factor: (rank: number, count: number) => number,
  direction: 'up' | 'down',
): number[] {
  const order = p.map((_, index) => index).sort((a, b) => (p[a] ?? 0) - (p[b] ?? 0));
  const adjusted = new Array<number>(p.length).fill(1);
  let bound = direction === 'up' ? 0 : 1;
  for (let k = 0; k < order.length; k++) {
    const rank = direction === 'up' ? k : order.length - 1 - k;
    const index = order[rank] ?? 0;
    const value = Math.min(1, (p[index] ?? 1) * factor(rank, p.length));
    bound = direction === 'up' ? Math.max(bound, value) : Math.min(bound, value);
    adjusted[index] = bound;
  }
  return adjusted;
}
