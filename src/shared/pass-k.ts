/** How likely k runs of a task pass, from n that were tried of which c passed; null where n < k. */

/** At least one of k: 1 - C(n-c, k) / C(n, k). Chen et al. 2021, "Evaluating large language models trained on code". */
export function passAtK(n: number, c: number, k: number): number | null {
  if (n < k) return null;
  if (n - c < k) return 1;
  let none = 1;
  for (let j = 0; j < k; j++) none *= (n - c - j) / (n - j);
  return 1 - none;
}

/** All of k: C(c, k) / C(n, k). Yao et al. 2024, "tau-bench". */
export function passHatK(n: number, c: number, k: number): number | null {
  if (n < k) return null;
  if (c < k) return 0;
  let all = 1;
  for (let j = 0; j < k; j++) all *= (c - j) / (n - j);
  return all;
}
