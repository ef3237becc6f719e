import { useEffect, useMemo, useState } from 'react';
import type { EventPage } from '#shared/event-log.ts';
import type { SpanTable } from '../../model/span-table.ts';
import { buildLog, logInSteps, type LogRows } from './log-rows.ts';

/** A log with the spans that its rows mean. */
export type BuiltLog = { readonly table: SpanTable; readonly log: LogRows };

/** Up to here the log is there with the first frame. */
const AT_ONCE = 4_000;
const BUDGET_MS = 10;

/** The log of the newest spans; of a large trace the one before, or null, while the newest is being built in pauses. */
export function useLog(table: SpanTable, pages: readonly EventPage[]): BuiltLog | null {
  const { columns } = table;
  const small = columns.count <= AT_ONCE;
  const now = useMemo(
    () => (small ? { table, log: buildLog(columns, table.times(), pages, table.rowOf) } : null),
    [small, table, columns, pages],
  );
  const [built, setBuilt] = useState<BuiltLog | null>(null);
  useEffect(() => {
    if (small) return undefined;
    const steps = logInSteps(columns, table.times(), pages, table.rowOf);
    let timer = setTimeout(work, 0);
    function work(): void {
      const until = performance.now() + BUDGET_MS;
      do {
        const { done, value } = steps.next();
        if (done === true) {
          setBuilt({ table, log: value });
          return;
        }
      } while (performance.now() < until);
      timer = setTimeout(work, 0);
    }
    return () => clearTimeout(timer);
  }, [small, table, columns, pages]);
  return now ?? built;
}
