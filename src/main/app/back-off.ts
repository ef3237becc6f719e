/** How long to wait before starting something again that keeps ending: longer each time, then not at all. */
const delays = [200, 1_000, 2_000, 5_000, 10_000];
/** A life this long counts as healthy: the next end is the first one again. */
const healthyAfter = 30_000;

export type BackOff = {
  /** Milliseconds to wait, or null when it ended too often. */
  readonly next: (now: number) => number | null;
};

export function backOff(): BackOff {
  let ended = 0;
  let lastEnd = 0;
  return {
    next(now) {
      if (now - lastEnd > healthyAfter) ended = 0;
      lastEnd = now;
      const delay = delays[ended] ?? null;
      ended += 1;
      return delay;
    },
  };
}
