/** Grading in one engine: who does it, for a trial and for queued work, and the queue. */
import type { GradeServices } from '../../graders/types.ts';
import type { Connection } from '../../store/database.ts';
import type { Workspace } from '../../store/open.ts';
import type { ChangeFeed, Events } from '../changes.ts';
import type { Prices } from '../prices.ts';
import { createTraceGrader } from './grade-trace.ts';
import type { Grader } from './grader.ts';
import { createLocalGrader } from './grader.ts';
import { createThreadGrader, graderFile } from './grader-thread.ts';
import type { GradingQueue } from './grading-queue.ts';
import { createGradingQueue } from './grading-queue.ts';

export type Grading = {
  /** For what somebody waits for: queued work does not hold it up. */
  readonly bench: Grader;
  readonly services: GradeServices;
  /** Null in a workspace that is open for reading only. */
  readonly queue: GradingQueue | null;
  readonly close: () => Promise<void>;
};

export type GradingOptions = {
  readonly workspace: Pick<Workspace, 'path' | 'reader'>;
  readonly nativeBinding: string | null;
  readonly prices: Prices;
  readonly services: GradeServices;
  /** In threads of its own: for a host that collects. */
  readonly threads: boolean;
  readonly writing: {
    readonly connection: Connection;
    readonly events: Events;
    readonly feed: Pick<ChangeFeed, 'changed'>;
  } | null;
};

export function createGrading(options: GradingOptions): Grading {
  const { workspace, nativeBinding, prices, services, writing } = options;
  const file = options.threads ? graderFile() : null;
  const graders: Grader[] = [];

  function makeGrader(): Grader {
    const grader =
      file === null
        ? createLocalGrader(createTraceGrader(workspace.reader, prices, services))
        : createThreadGrader(file, { workspace: workspace.path, nativeBinding }, services);
    graders.push(grader);
    return grader;
  }

  const bench = makeGrader();
  const queue = writing
    ? createGradingQueue(writing.connection, {
        grader: makeGrader(),
        events: writing.events,
        changed: writing.feed.changed,
        now: Date.now,
      })
    : null;
  // What was broken off the last time; a command that ends after its work leaves it to who stays.
  if (options.threads) queue?.wake();

  return {
    bench,
    services,
    queue,
    async close() {
      await queue?.stop();
      await Promise.all(graders.map((grader) => grader.close()));
    },
  };
}
