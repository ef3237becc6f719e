/** Do two groups differ in how many of them have something? Exact also for few cases (Fisher 1922). */

/** Natural logarithms of factorials, as far as they were needed. */
let logFactorials = new Float64Array([0, 0]);

/** Chances that differ by no more than this, relatively, are taken for equal: sums of logarithms are not exact. */
const EQUAL = 1e-7;

/**
 * Two-sided p of `a` among `ofA` against `b` among `ofB`, with the margins as they are: the chance of all tables that are no
 * likelier than this one, as R's fisher.test and scipy's fisher_exact. 1 when a group is empty.
 */
export function fisherExact(a: number, ofA: number, b: number, ofB: number): number {
  if (ofA === 0 || ofB === 0) return 1;
  const have = a + b;
  const low = Math.max(0, have - ofB);
  const high = Math.min(have, ofA);
  const whole = logChoose(ofA + ofB, have);
  const chance = (x: number): number => Math.exp(logChoose(ofA, x) + logChoose(ofB, have - x) - whole);
  const most = chance(a) * (1 + EQUAL);
  let sum = 0;
  for (let x = low; x <= high; x++) {
    const p = chance(x);
    if (p <= most) sum += p;
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

function logFactorial(n: number): number {
  if (n >= logFactorials.length) {
    const longer = new Float64Array(2 * n + 2);
    longer.set(logFactorials);
    for (let k = logFactorials.length; k < longer.length; k++) longer[k] = (longer[k - 1] ?? 0) + Math.log(k);
    logFactorials = longer;
  }
  return logFactorials[n] ?? 0;
}
