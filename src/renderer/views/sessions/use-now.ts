import { useEffect, useState } from 'react';

/** Epoch milliseconds that move on by themselves, for relative times and for bars of running traces. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
