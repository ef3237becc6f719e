import { useState } from 'react';
import type { TraceRow } from '#shared/trace.ts';
import { useEngine } from '../../data/engine.ts';

/** The traces that received something since this view was opened, the last to do so first. Goes on changing live. */
export function useArrivals(): readonly TraceRow[] {
  const [since] = useState(() => Date.now());
  const page = useEngine('trace.list', { limit: 50 });
  const rows = page.data?.rows ?? [];
  return rows.filter((row) => row.lastReceivedAt >= since).sort((a, b) => b.lastReceivedAt - a.lastReceivedAt);
}
