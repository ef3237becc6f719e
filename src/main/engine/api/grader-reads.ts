/** What is kept of graders and their verdicts, and what a grader would be given. */
import type { GraderRow } from '#shared/grader.ts';
import { GRADE_PAGE } from '#shared/grading.ts';
import { AppFailure } from '#shared/result.ts';
import { sessionSpanId } from '#shared/session.ts';
import { checkDefinition } from '../../graders/definition.ts';
import { GRADER_KINDS } from '../../graders/registry.ts';
import type { GradeServices } from '../../graders/types.ts';
import type { Reader } from '../../store/database.ts';
import { gradesOf, pageOfGrades } from '../../store/grade-store.ts';
import { graderById, gradersOf, versionsOf } from '../../store/grader-store.ts';
import { sessionAt, sessionKeys } from '../../store/session-facts.ts';
import { traceKeyOf } from '../../store/trace-queries.ts';
import { createTraceGrader } from '../grading/grade-trace.ts';
import type { Prices } from '../prices.ts';
import type { Handlers } from './types.ts';

/** Verdicts of one trace, in one answer. */
const MOST_GRADES = 5_000;

type Reads =
  'grader.kinds' | 'grader.list' | 'grader.get' | 'grader.check' | 'grade.list' | 'grade.page' | 'grade.subject';

export function graderReads(prices: Pick<Prices, 'estimator'>): Pick<Handlers, Reads> {
  return {
    'grader.kinds': () =>
      GRADER_KINDS.map(({ type, label, about, group, runs, schema, example }) => ({
        type,
        label,
        about,
        group,
        runs,
        schema,
        example,
      })),
    'grader.list': ({ reader }, { archived }) => gradersOf(reader, archived === true),
    'grader.get': ({ reader }, { id }) => ({ row: existingGrader(reader, id), versions: versionsOf(reader, id) }),
    'grader.check': (_context, { definition }) => {
      const checked = checkDefinition(definition);
      return { definition: checked.definition, problems: checked.problems };
    },
    'grade.list': ({ reader }, { traceId }) => {
      const session = sessionAt(reader, traceId);
      if (session === null) return gradesOf(reader, [keyOf(reader, traceId)], MOST_GRADES);
      return gradesOf(reader, sessionKeys(reader, session).traceKeys, MOST_GRADES).map((row) => ({
        ...row,
        spanId: row.spanId === null ? null : sessionSpanId(row.traceId, row.spanId),
        evidence: row.evidence.map(({ traceId: other = row.traceId, ...each }) => ({
          ...each,
          spanId: each.spanId === null ? null : sessionSpanId(other, each.spanId),
        })),
      }));
    },
    'grade.page': ({ reader }, { limit, ...filter }) =>
      pageOfGrades(reader, filter, Math.max(1, Math.min(limit ?? 100, GRADE_PAGE))),
    'grade.subject': ({ reader }, { traceId, spanId }) =>
      createTraceGrader(reader, prices, NO_SERVICES).subject(traceId, spanId),
  };
}

/** To look at a subject asks nobody. */
export const NO_SERVICES: GradeServices = {
  judge: () => Promise.reject(new Error('no judge')),
  embed: () => Promise.reject(new Error('no embeddings')),
  runCode: () => Promise.reject(new Error('no sandbox')),
  now: () => 0,
};

export const NO_GRADER = {
  code: 'not_found',
  message: 'This grader does not exist.',
  hint: 'Go back to Graders.',
} as const;

export function existingGrader(reader: Reader, graderId: string): GraderRow {
  const row = graderById(reader, graderId);
  if (!row) throw new AppFailure(NO_GRADER);
  return row;
}

function keyOf(reader: Reader, traceId: string): number {
  const key = traceKeyOf(reader, traceId);
  if (key === null) throw new AppFailure({ code: 'not_found', message: 'This trace does not exist, or was deleted.' });
  return key;
}
