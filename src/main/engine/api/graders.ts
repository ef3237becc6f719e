/** Saving graders, trying them, and the work that is queued for them. */
import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { Grade, GraderDefinition, GradingRow } from '#shared/grader.ts';
import type { GradeTrial } from '#shared/grading.ts';
import { TRIAL_TRACES } from '#shared/grading.ts';
import type { Json } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import { checkDefinition } from '../../graders/definition.ts';
import type { Connection, Reader } from '../../store/database.ts';
import { renameScores } from '../../store/grade-store.ts';
import { archiveGrader, currentVersion, putVersion } from '../../store/grader-store.ts';
import { gradingById, gradingsOf, putGrading } from '../../store/grading-store.ts';
import { readQuery, traceKeyOf } from '../../store/trace-queries.ts';
import type { Events } from '../changes.ts';
import type { Writing } from '../create-engine.ts';
import { selectedTraceIds } from '../export-bundles.ts';
import { estimateGrading } from '../grading/cost.ts';
import type { Grading } from '../grading/grading.ts';
import { jobOf } from '../grading/grading-queue.ts';
import type { Prices } from '../prices.ts';
import { reviewerOf } from './annotations.ts';
import { existingGrader, NO_GRADER } from './grader-reads.ts';
import type { Handlers } from './types.ts';

const MOST_PARTS = 500;
/** A definition holds texts and code; OpenAI takes 256 kB of source. */
const LARGEST_DEFINITION = 2 * 1024 * 1024;

type Others = 'grader.save' | 'grader.archive' | 'grade.try' | `grading.${'start' | 'list' | 'cancel' | 'cost'}`;

export function graderHandlers({
  reader,
  writing,
  grading,
  events,
  prices,
}: {
  readonly reader: Reader;
  readonly writing: () => Writing;
  readonly grading: Grading;
  readonly events: Events;
  readonly prices: Prices;
}): Pick<Handlers, Others> {
  function connected(): Connection {
    const { connection } = writing().workspace;
    if (!connection) throw new Error('a workspace that is written has a connection');
    return connection;
  }

  return {
    'grader.save': (_signal, { id, definition: given, note }) => {
      const connection = connected();
      const definition = usable(given);
      const body = canonicalJson(definition);
      if (body.length > LARGEST_DEFINITION)
        throw new AppFailure({ code: 'too_large', message: 'A grader may have 2 MB.', hint: 'Shorten its texts.' });
      const hash = hashOf(body);
      const graderId = id ?? randomUUID();
      if (id !== undefined && existingGrader(reader, id).current.hash === hash) return existingGrader(reader, id);
      connection.transaction((writer) => {
        putVersion(writer, {
          graderId,
          definition,
          body,
          hash,
          author: reviewerOf(writer),
          note: note?.trim() || null,
          now: Date.now(),
        });
        renameScores(writer, graderId, definition.name);
      });
      writing().feed.changed(['grader', 'score'], []);
      return existingGrader(connection, graderId);
    },
    'grader.archive': (_signal, { id, archived }) => {
      const connection = connected();
      existingGrader(connection, id);
      connection.transaction((writer) => archiveGrader(writer, id, archived));
      writing().feed.changed(['grader'], []);
      return existingGrader(connection, id);
    },
    'grade.try': ({ signal }, args) => tryGrader(grading, events, signal, args),
    'grading.start': async (signal, { graderIds, query, traceIds, label }) => {
      const connection = connected();
      const { feed, derivation } = writing();
      if (!grading.queue) throw new Error('a workspace that is written has a queue');
      const versions = [...new Set(graderIds)].map((id) => {
        const version = currentVersion(connection, id);
        if (!version) throw new AppFailure(NO_GRADER);
        return version;
      });
      if (versions.length === 0) throw new AppFailure({ code: 'bad_request', message: 'No grader is given.' });
      // What has arrived is graded as it is then listed.
      await derivation.flush();
      if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });
      const traceKeys = chosenTraces(connection, traceIds, query).flatMap((id) => traceKeyOf(connection, id) ?? []);
      if (traceKeys.length === 0)
        throw new AppFailure({
          code: 'not_found',
          message: 'There is no trace to grade.',
          hint: 'Choose other traces, or another search.',
        });
      const names = versions.map(({ version }) => version.definition.name);
      const gradingId = randomUUID();
      connection.transaction((writer) => {
        putGrading(writer, {
          id: gradingId,
          label: label?.trim() || `Grade: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`,
          graderIds: versions.map(({ version }) => version.graderId),
          versionKeys: versions.map(({ key }) => key),
          traceKeys,
          now: Date.now(),
        });
      });
      feed.changed(['grading'], []);
      const row = gradingRow(connection, gradingId);
      events.emit('job', jobOf(row));
      grading.queue.wake();
      return row;
    },
    'grading.list': ({ reader: own }) => gradingsOf(own),
    'grading.cancel': (_signal, { id }) => {
      const connection = connected();
      gradingRow(connection, id);
      grading.queue?.cancel(id);
      return gradingRow(connection, id);
    },
    'grading.cost': async ({ reader: own, signal }, { graderIds = [], definition, query, traceIds }) => {
      const definitions: GraderDefinition[] = graderIds.map((id) => existingGrader(own, id).current.definition);
      if (definition !== undefined) definitions.push(usable(definition));
      return estimateGrading({
        reader: own,
        prices,
        traceIds: chosenTraces(own, traceIds, query),
        definitions,
        signal,
      });
    },
  };
}

export function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

type TryArgs = {
  readonly definition: Json;
  readonly traceIds: readonly string[];
  readonly spanId?: string;
  readonly jobId?: string;
};

async function tryGrader(
  { bench }: Grading,
  events: Events,
  signal: AbortSignal,
  { definition, traceIds, spanId, jobId }: TryArgs,
): Promise<GradeTrial[]> {
  const checked = usable(definition);
  if (traceIds.length > TRIAL_TRACES)
    throw new AppFailure({ code: 'bad_request', message: `At most ${TRIAL_TRACES} traces are tried at once.` });
  const trials: (GradeTrial | AppFailure)[] = [];
  let done = 0;
  function tell(finished: boolean): void {
    if (jobId === undefined) return;
    const label = `Try ${checked.name}`;
    events.emit('job', { jobId, label, done, total: traceIds.length, unit: 'traces', finished });
  }
  try {
    await bench.grade(
      { traceIds, definitions: [checked], ...(spanId === undefined ? {} : { spanId }) },
      (index, result) => {
        done++;
        const traceId = traceIds[index] ?? '';
        const graded = result.ok ? result.value.results[0] : undefined;
        if (!graded) trials[index] = new AppFailure(result.ok ? NOT_GRADED : result.error);
        else
          trials[index] = {
            traceId,
            grade: graded.grade,
            grades:
              graded.parts.length === 0 ? [{ spanId: null, grade: graded.grade }] : graded.parts.slice(0, MOST_PARTS),
          };
        tell(false);
      },
      signal,
    );
  } finally {
    tell(true);
  }
  return trials.map((trial, index) => {
    if (!(trial instanceof AppFailure)) return trial;
    // One that was deleted meanwhile, or whose reading failed, leaves the others their verdicts.
    if (traceIds.length === 1) throw trial;
    const grade = failed(trial.error.message);
    return { traceId: traceIds[index] ?? '', grade, grades: [{ spanId: null, grade }] };
  });
}

function failed(message: string): Grade {
  return {
    status: 'errored',
    score: null,
    label: null,
    passed: null,
    explanation: message,
    evidence: [],
    errors: [{ flag: 'other_error', message }],
    subRewards: {},
    usage: [],
    notes: {},
    durationMs: 0,
  };
}

export function chosenTraces(
  reader: Reader,
  traceIds: readonly string[] | undefined,
  query: string | undefined,
): string[] {
  if (traceIds !== undefined) return selectedTraceIds(reader, { traceIds });
  const text = query ?? '';
  const [problem] = readQuery(text).problems;
  if (problem !== undefined)
    throw new AppFailure({ code: 'bad_request', message: `${problem}.`, hint: 'Correct the search.' });
  return selectedTraceIds(reader, text.trim() === '' ? {} : { query: text });
}

/** As it is kept: normalised. */
export function usable(given: Json): GraderDefinition {
  const { definition, problems } = checkDefinition(given);
  if (definition) return definition;
  const [first] = problems.filter(({ severity }) => severity === 'error');
  throw new AppFailure({
    code: 'bad_request',
    message: `This is no grader: ${first ? `${first.path === '' ? '' : `${first.path}: `}${first.message}` : 'it cannot be read.'}`,
    hint: 'Correct its definition.',
  });
}

const NOT_GRADED = { code: 'internal', message: 'The trace was not graded.' } as const;

function gradingRow(reader: Reader, gradingId: string): GradingRow {
  const row = gradingById(reader, gradingId);
  if (!row) throw new AppFailure({ code: 'not_found', message: 'This grading does not exist.' });
  return row;
}
