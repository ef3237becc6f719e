/** Grading in one engine: who does it, for a trial and for queued work, and the queue. */
import type { RunJudge } from '#shared/eval.ts';
import type { GradeServices } from '../../graders/types.ts';
import type { Connection } from '../../store/database.ts';
import type { Workspace } from '../../store/open.ts';
import type { ChangeFeed, Events } from '../changes.ts';
import type { JudgeChoice } from '../evals/run-judges.ts';
import { pinnedServices } from '../evals/run-judges.ts';
import type { RunQueue } from '../evals/run-queue.ts';
import { createRunQueue } from '../evals/run-queue.ts';
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
  /** Eval runs; null likewise. */
  readonly runs: RunQueue | null;
  readonly judging: JudgeChoice;
  readonly close: () => Promise<void>;
};

export type GradingOptions = {
  readonly workspace: Pick<Workspace, 'path' | 'reader'>;
  readonly nativeBinding: string | null;
  readonly prices: Prices;
  readonly services: GradeServices;
  readonly judging: JudgeChoice;
  /** In threads of its own: for a host that collects. */
  readonly threads: boolean;
  readonly writing: {
    readonly connection: Connection;
    readonly events: Events;
    readonly feed: Pick<ChangeFeed, 'changed'>;
  } | null;
};

export function createGrading(options: GradingOptions): Grading {
  const { workspace, nativeBinding, prices, services, judging, writing } = options;
  const file = options.threads ? graderFile() : null;
  const graders: Grader[] = [];

  function makeGrader(using: GradeServices): Grader {
    const grader =
      file === null
        ? createLocalGrader(createTraceGrader(workspace.reader, prices, using))
        : createThreadGrader(file, { workspace: workspace.path, nativeBinding }, using);
    graders.push(grader);
    return grader;
  }

  function makeRuns({ connection, events, feed }: NonNullable<GradingOptions['writing']>): RunQueue {
    let pinned: ReadonlyMap<string, RunJudge> = new Map();
    return createRunQueue(connection, {
      grader: makeGrader(pinnedServices(services, (graderHash) => pinned.get(graderHash))),
      judges: (judges) => {
        pinned = new Map(judges.map((judge) => [judge.graderHash, judge]));
      },
      choice: judging,
      events,
      changed: feed.changed,
      now: Date.now,
    });
  }

  const bench = makeGrader(services);
  const queue = writing
    ? createGradingQueue(writing.connection, {
        grader: makeGrader(services),
        events: writing.events,
        changed: writing.feed.changed,
        now: Date.now,
      })
    : null;
  const runs = writing ? makeRuns(writing) : null;
  // What was broken off the last time; a command that ends after its work leaves it to who stays.
  if (options.threads) {
    queue?.wake();
    runs?.wake();
  }

  return {
    bench,
    services,
    queue,
    runs,
    judging,
    async close() {
      await Promise.all([queue?.stop(), runs?.stop()]);
      await Promise.all(graders.map((grader) => grader.close()));
    },
  };
}
