/** The few distributions that tests and intervals need, to about 1e-12; equal to scipy on the reference vectors. */

// Lanczos' approximation with g = 7, nine terms.
const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6,
  1.505_632_735_149_311_6e-7,
];
const TINY = 1e-300;
const ENOUGH = 1e-16;
const MOST_TERMS = 10_000;

export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const y = x - 1;
  let sum = LANCZOS[0] ?? 0;
  for (let k = 1; k < LANCZOS.length; k++) sum += (LANCZOS[k] ?? 0) / (y + k);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularised incomplete beta function: the share of a Beta(a, b) below x. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast on one side of the mean; the other follows by symmetry.
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** Continued fraction of the incomplete beta function, by Lentz' method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    product *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    product *= c * d;
    if (Math.abs(c * d - 1) < ENOUGH) break;
  }
  return product;
}

function away(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}

/** The x below which a share q of a Beta(a, b) lies, by halving. */
export function betaQuantile(q: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  // More halvings than a double has bits near zero.
  for (let k = 0; k < 200 && low < high; k++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (betaCdf(middle, a, b) < q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The share of a chi-squared distribution above x. */
export function chiSquaredTail(x: number, df: number): number {
  return x <= 0 ? 1 : gammaTail(df / 2, x / 2);
}

/** The regularised upper incomplete gamma function Q(a, x). */
function gammaTail(a: number, x: number): number {
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let k = 1; k < MOST_TERMS && term > sum * ENOUGH; k++) {
      term *= x / (a + k);
      sum += term;
    }
    return 1 - front * sum;
  }
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let product = d;
  for (let k = 1; k < MOST_TERMS; k++) {
    const step = -k * (k - a);
    b += 2;
    d = 1 / away(step * d + b);
    c = away(b + step / c);
    product *= c * d;
    if (Math.abs(c * d - 1) < ENOUGH) break;
  }
  return front * product;
}

/** The share of the standard normal distribution below x. */
export function normalCdf(x: number): number {
  if (x === 0) return 0.5;
  const tail = gammaTail(0.5, x ** 2 / 2) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** The inverse of `normalCdf`, by Newton's steps from the logistic approximation. */
export function normalQuantile(q: number): number {
  if (q <= 0) return -Infinity;
  if (q >= 1) return Infinity;
  if (q > 0.5) return -normalQuantile(1 - q);
  // Starting left of the root, where the distribution is convex, the steps cannot overshoot it.
  let x = -Math.sqrt(-2 * Math.log(q));
  for (let k = 0; k < 100; k++) {
    const step = (normalCdf(x) - q) / (Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI));
    x -= step;
    if (Math.abs(step) < 1e-15 * Math.max(1, Math.abs(x))) break;
  }
  return x;
}

/** Two-sided p of Student's t. */
export function tTwoSided(t: number, df: number): number {
  return betaCdf(df / (df + t ** 2), df / 2, 0.5);
}

/** The t below which a share q > 0.5 of Student's distribution lies. */
export function tQuantile(q: number, df: number): number {
  const x = betaQuantile(2 * (1 - q), df / 2, 0.5);
  return Math.sqrt((df * (1 - x)) / x);
}

/** Two-sided p of k heads in n throws of a fair coin. */
export function fairCoin(k: number, n: number): number {
  return Math.min(1, 2 * coinTail(Math.min(k, n - k), n));
}

/** The chance of at most k heads in n throws of a fair coin. */
export function coinTail(k: number, n: number): number {
  let sum = 0;
  for (let i = 0; i <= k; i++) sum += coinChance(i, n);
  return sum;
}

export function coinChance(k: number, n: number): number {
  return Math.exp(logChoose(n, k) - n * Math.LN2);
}

export function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
