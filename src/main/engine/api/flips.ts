/** What saving a grader would change, before it is saved. */
import type { HumanSource } from '#shared/flips.ts';
import type { Reader } from '../../store/database.ts';
import { currentVersion } from '../../store/grader-store.ts';
import { everyTraceId } from '../../store/trace-names.ts';
import { AppFailure } from '#shared/result.ts';
import type { Events } from '../changes.ts';
import { previewFlips } from '../grading/flips.ts';
import type { Grading } from '../grading/grading.ts';
import { NO_GRADER } from './grader-reads.ts';
import { chosenTraces, usable } from './graders.ts';
import type { Handlers } from './types.ts';

export function flipHandlers(grading: Grading, events: Events): Pick<Handlers, 'flip.preview'> {
  return {
    'flip.preview': async ({ reader, signal }, args) => {
      const { graderId, query, traceIds, category, taxonomy, jobId } = args;
      const definition = usable(args.definition);
      const saved = graderId === null ? null : (currentVersion(reader, graderId)?.version ?? missing());
      function tell(done: number, total: number, finished: boolean): void {
        if (jobId === undefined) return;
        events.emit('job', { jobId, label: `Compare ${definition.name}`, done, total, unit: 'traces', finished });
      }
      const source: HumanSource =
        category === undefined ? { kind: 'verdict' } : { kind: 'category', taxonomy: taxonomy ?? '', category };
      try {
        return await previewFlips({
          reader,
          bench: grading.bench,
          saved,
          definition,
          chosen: chosenOf(reader, traceIds, query),
          everyTrace: () => everyTraceId(reader),
          source,
          ask: args.ask === true,
          ...(args.limit === undefined ? {} : { limit: args.limit }),
          ...(args.seed === undefined ? {} : { seed: args.seed }),
          signal,
          progress: (done, total) => {
            tell(done, total, false);
          },
        });
      } finally {
        tell(0, 0, true);
      }
    },
  };
}

function chosenOf(
  reader: Reader,
  traceIds: readonly string[] | undefined,
  query: string | undefined,
): readonly string[] | null {
  if (traceIds === undefined && (query ?? '').trim() === '') return null;
  return chosenTraces(reader, traceIds, query);
}

function missing(): never {
  throw new AppFailure(NO_GRADER);
}
