import { go } from '../../../state/place.ts';

/** Opens both traces step by step; of an item that only one run has, or of one trace that was judged twice, that one. */
export function openPair(traceA: string | null, traceB: string | null): void {
  if (traceA !== null && traceB !== null && traceA !== traceB)
    go({ view: 'compare', tab: 'traces', span: null, q: '', of: [traceA, traceB] });
  else {
    const only = traceA ?? traceB;
    if (only !== null) go({ view: 'trace', traceId: only });
  }
}
