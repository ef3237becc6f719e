import { useEffect, useRef, useState } from 'react';

/**
 * Follows a value at once, but not more often than every `ms` milliseconds: while an arrow key is held down, the spans
 * that rush by are not all fetched.
 */
export function usePaced<T>(value: T, ms: number): T {
  const [paced, setPaced] = useState(value);
  const last = useRef(-Infinity);
  useEffect(() => {
    const wait = Math.max(0, last.current + ms - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setPaced(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return paced;
}
