import type { EngineEvents } from '#shared/rpc/contract.ts';
import { AppFailure } from '#shared/result.ts';
import type { Workspace } from '../../store/open.ts';
import { getTraceOrSession } from '../../store/session-row.ts';
import { runExport } from '../export-traces.ts';
import { exporters } from '../../formats/exporters.ts';
import type { Events } from '../changes.ts';
import type { DomainHandlers } from './types.ts';

/** A progress event for each of a hundred thousand small traces would be work of its own. */
const PROGRESS_MS = 100;

export function exportHandlers(options: {
  readonly workspace: Workspace;
  readonly events: Events;
  /** Totals of traces that arrived a moment ago are worked out first. */
  readonly settle: () => Promise<void>;
}): DomainHandlers<'export'> {
  const { workspace, events } = options;
  return {
    'export.formats': () =>
      exporters.map(({ id, label, about, extension, layout }) => ({ id, label, about, extension, layout })),
    'export.run': async ({ reader, signal }, { jobId, format, path, traceIds, query, overwrite }) => {
      for (const traceId of traceIds ?? []) {
        if (!getTraceOrSession(reader, traceId)) {
          throw new AppFailure({ code: 'not_found', message: `There is no trace "${traceId.slice(0, 200)}".` });
        }
      }
      await options.settle();
      const job = { jobId, label: `Export to ${path.split(/[\\/]/).at(-1) ?? ''}`, unit: 'traces' };
      let last = { done: 0, total: 0 };
      let told = 0;
      const tell = (finished: boolean): void => {
        const event: EngineEvents['job'] = { ...job, ...last, finished };
        events.emit('job', event);
      };
      try {
        return await runExport(reader, {
          format,
          path,
          overwrite: overwrite === true,
          ...(traceIds === undefined ? {} : { traceIds }),
          ...(query === undefined ? {} : { query }),
          forbidden: ['', '-wal', '-shm', '.lock'].map((suffix) => workspace.path + suffix),
          signal,
          progress: (done, total) => {
            last = { done, total };
            const now = performance.now();
            if (now - told < PROGRESS_MS && done < total) return;
            told = now;
            tell(false);
          },
        });
      } finally {
        tell(true);
      }
    },
  };
}
