/**
 * How often panes go after what a running cursor passes. Each time, all that they show is drawn anew, which no frame has
 * time for; and nobody reads that fast.
 */
export type PacedFollow = {
  /** The cursor came to another place. A place that is told again changes nothing. */
  readonly pass: (place: string | number) => void;
  /** The same, followed at once: somebody went there on purpose. */
  readonly jump: (place: string | number) => void;
  readonly cancel: () => void;
};

/** Milliseconds. */
const STEP_MS = 250;
/** After more places than this without a rest, the cursor runs: panes wait until it rests, but not for ever. */
const RUNNING = 4;
const REST_MS = 120;
const LONGEST_MS = 600;

/**
 * `go` is called for the newest place, now or in a while.
 * @param stepMs shortest time from one call to the next while places come one by one
 */
export function createPacedFollow(go: () => void, stepMs: number = STEP_MS): PacedFollow {
  let last: string | number | null = null;
  /** Places that came without a rest. */
  let passed = 0;
  let passedAt = -Infinity;
  let wentAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function follow(): void {
    clearTimeout(timer);
    wentAt = performance.now();
    go();
  }

  return {
    pass(place) {
      if (place === last) return;
      last = place;
      const now = performance.now();
      passed = now - passedAt > REST_MS ? 1 : passed + 1;
      passedAt = now;
      const due = passed > RUNNING ? Math.min(wentAt + LONGEST_MS, now + REST_MS) : wentAt + stepMs;
      if (now >= due) return follow();
      clearTimeout(timer);
      timer = setTimeout(follow, due - now);
    },
    jump(place) {
      last = place;
      follow();
    },
    cancel() {
      clearTimeout(timer);
      last = null;
      passedAt = -Infinity;
      wentAt = -Infinity;
    },
  };
}
