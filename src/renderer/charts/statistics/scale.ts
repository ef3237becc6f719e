/** Where a number stands on a line of pixels, and which numbers are written beside it. */

export type Scale = {
  (value: number): number;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
};

const STEPS = [1, 2, 2.5, 5, 10];

/** An empty or broken domain is widened to one that can be drawn; with `round`, to whole ticks. */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
  { wanted = 5, round = false }: { readonly wanted?: number; readonly round?: boolean } = {},
): Scale {
  let [low, high] = domain;
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = [0, 1];
  if (high < low) [low, high] = [high, low];
  if (high === low) [low, high] = low === 0 ? [0, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
  const step = tickStep(high - low, wanted);
  if (round) [low, high] = [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
  const factor = (range[1] - range[0]) / (high - low);
  const ticks: number[] = [];
  // Counted, not added up: 0.1 + 0.2 is not 0.3.
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9 && ticks.length < 100; at++)
    ticks.push(Number((at * step).toPrecision(12)));
  return Object.assign((value: number) => range[0] + (value - low) * factor, {
    domain: [low, high] as const,
    ticks,
  });
}

/** 1, 2, 2.5 or 5 times a power of ten: about `wanted` of them fill the span. */
function tickStep(span: number, wanted: number): number {
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  return (STEPS.find((step) => step * power >= rough * (1 - 1e-9)) ?? 10) * power;
}
