import { useState } from 'react';
import type { TraceRow } from '#shared/trace.ts';
import { useEngine } from '../../data/engine.ts';

/** The trace that received something last since this view was opened; null = still waiting. Goes on changing live. */
export function useArrival(): TraceRow | null {
  const [since] = useState(() => Date.now());
  const page = useEngine('trace.list', { limit: 20 });
  const rows = page.data?.rows ?? [];
  return rows.reduce<TraceRow | null>(
    (latest, row) =>
      row.lastReceivedAt >= since && row.lastReceivedAt >= (latest?.lastReceivedAt ?? 0) ? row : latest,
    null,
  );
}
