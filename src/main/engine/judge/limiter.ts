/** Lets so many run at a time; the others wait in the order in which they came. */
export type Limiter = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

export function createLimiter(most: number): Limiter {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async (work, signal) => {
    signal.throwIfAborted();
    if (running >= most) await turn(signal);
    else running++;
    try {
      return await work();
    } finally {
      // The place is handed on: nobody who comes later can take it in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      function begin(): void {
        signal.removeEventListener('abort', leave);
        resolve();
      }
      function leave(): void {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(signal.reason as Error);
      }
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(begin);
    });
  }
}
