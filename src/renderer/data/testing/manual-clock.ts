import type { Clock } from '../refresh.ts';

export type ManualClock = {
  readonly clock: Clock;
  readonly advance: (ms: number) => void;
  readonly pending: () => number;
};

/** Time that moves only when told to, and runs what is due on the way. */
export function manualClock(): ManualClock {
  let now = 0;
  let timers: { at: number; run: () => void; id: number }[] = [];
  let next = 1;
  return {
    clock: {
      now: () => now,
      setTimer: (run, ms) => {
        timers.push({ at: now + ms, run, id: next });
        return next++;
      },
      clearTimer: (id) => {
        timers = timers.filter((timer) => timer.id !== id);
      },
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((timer) => timer !== due);
        now = due.at;
        due.run();
      }
      now = end;
    },
    pending: () => timers.length,
  };
}
