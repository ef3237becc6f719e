/** The interval of a share that holds for few cases and for shares near 0 and 1 (Wilson 1927). */
export type Share = { readonly count: number; readonly of: number; readonly low: number; readonly high: number };

/** Quantile of the standard normal distribution at 0.975. */
const Z = 1.959963984540054;

/** 95 %; of nothing it is all of 0…1. */
export function wilson(count: number, of: number): Share {
  if (of === 0) return { count, of, low: 0, high: 1 };
  const share = count / of;
  const middle = share + Z ** 2 / (2 * of);
  const half = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  const whole = 1 + Z ** 2 / of;
  return {
    count,
    of,
    // At the ends both terms are equal, and rounding must not make 6e-18 of 0.
    low: count === 0 ? 0 : Math.max(0, (middle - half) / whole),
    high: count === of ? 1 : Math.min(1, (middle + half) / whole),
  };
}
