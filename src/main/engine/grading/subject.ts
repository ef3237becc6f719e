/** What graders are given of a stored trace or session: see src/shared/grader.ts. */
import type { Subject, SubjectNeeds, SubjectSample, SubjectSpan, SubjectTrace } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import { sessionAddress } from '#shared/session.ts';
import type { TraceRow } from '#shared/trace.ts';
import type { CostEstimator } from '../../analysis/costs.ts';
import type { SubjectParts } from '../../graders/scope.ts';
import { annotationsOf } from '../../store/annotation-queries.ts';
import type { Reader } from '../../store/database.ts';
import { getTraceOrSession } from '../../store/session-row.ts';
import { scoreRecordsOf } from '../../store/trace-records.ts';
import { tracesOfSession } from '../../store/trace-queries.ts';
import { gone, loadAt, locate } from '../api/load-trace.ts';
import { lazy, once } from './lazy.ts';
import { parsed, type AskedTool } from './subject-texts.ts';
import { buildTrace, type TraceSubject } from './subject-trace.ts';
import type { TaskIndex } from './task-index.ts';

/** Runs of one task, or traces of one session, that a grader is given at most: the newest. */
const MOST_TRACES = 200;
const MOST_LABELS = 1_000;

export type SubjectOptions = {
  readonly reader: Reader;
  readonly estimator: () => CostEstimator;
  readonly needs: SubjectNeeds;
  /** Which traces are of one task. */
  readonly tasks: TaskIndex;
};

export type BuiltSubject = {
  readonly row: TraceRow;
  /** The trace as a whole. */
  readonly subject: Subject;
  /** What its parts are made of, for `gradeInScope`. */
  readonly parts: SubjectParts;
};

/**
 * Throws an AppFailure of `not_found`. `address` is a trace's id, or `session:<id>`.
 * @param over fields of `item` that come before those of the trace: the row of a dataset
 */
export function buildSubject(options: SubjectOptions, address: string, over: Json = null): BuiltSubject {
  const { reader, tasks } = options;
  const { row, keys, built } = load(options, address);
  const item = once(() => withOver(itemOf(reader, row, keys), over));
  const sample = once(() => sampleOfTrace(built.trace));
  const runs = once(() => tasks.runsOf(row).slice(-MOST_TRACES));

  const subject = lazy<Subject, 'item' | 'sample'>({ trace: built.trace }, { item, sample });
  return {
    row,
    subject: tasks.hasTask(row)
      ? withTraces(subject, () => runs().map((id) => traceOf(options, id, row.id, built)))
      : subject,
    parts: {
      spanSample: (span) => sampleOfSpan(built, span),
      payload: (edge) => built.payload(edge),
      session: () => sessionSubject(options, row, subject, over),
      pair: () => {
        const before = runs();
        const other = before[before.indexOf(row.id) - 1];
        return other === undefined ? null : { ...rest(subject), other: traceOf(options, other, row.id, built) };
      },
    },
  };
}

/** Members that are made when they are read stay so. */
function rest(subject: Subject): Subject {
  return withMembers({}, subject);
}

function withTraces(subject: Subject, traces: () => readonly SubjectTrace[]): Subject {
  const made = lazy<{ readonly traces: readonly SubjectTrace[] }, 'traces'>({}, { traces });
  return withMembers(rest(subject), made);
}

function withMembers(target: Partial<Subject>, from: Partial<Subject>): Subject {
  const all: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(from);
  return Object.defineProperties<Partial<Subject>>(target, all) as Subject;
}

function load(
  { reader, needs, estimator }: SubjectOptions,
  address: string,
): { readonly row: TraceRow; readonly keys: readonly number[]; readonly built: TraceSubject } {
  const row = getTraceOrSession(reader, address);
  if (!row) throw new AppFailure(gone);
  const place = locate(reader, address);
  const loaded = loadAt(reader, address, place);
  return { row, keys: place.traceKeys, built: buildTrace(reader, loaded, row, needs, estimator) };
}

function traceOf(options: SubjectOptions, id: string, ownId: string, own: TraceSubject): SubjectTrace {
  return id === ownId ? own.trace : load(options, id).built.trace;
}

/** The session of a trace read as one; a trace without a session is one of its own. */
function sessionSubject(options: SubjectOptions, row: TraceRow, subject: Subject, over: Json): Subject {
  if (row.session === null || row.id === sessionAddress(row.session)) {
    const traces = row.session === null ? null : tracesOfSession(options.reader, row.session);
    return withTraces(subject, () =>
      traces === null
        ? subject.trace
          ? [subject.trace]
          : []
        : traces.slice(-MOST_TRACES).map(({ id }) => load(options, id).built.trace),
    );
  }
  const whole = buildSubject(options, sessionAddress(row.session), over);
  return whole.parts.session();
}

/** OpenAI's `sample` of a whole trace: the final answer, and all tool calls. */
function sampleOfTrace(trace: SubjectTrace): SubjectSample {
  return sampleOf(trace.output_text, () =>
    trace.tool_calls.map(({ id, name, arguments: args }) => ({ id, name, arguments: args })),
  );
}

function sampleOfSpan({ texts, spanById, asked }: TraceSubject, { id, output }: SubjectSpan): SubjectSample {
  const span = spanById(id);
  if (!span) return sampleOf(output, () => []);
  return sampleOf(span.kind === 'tool' ? output : texts.said(span) || (asked(span).length > 0 ? '' : output), () =>
    asked(span),
  );
}

function sampleOf(text: string, calls: () => readonly AskedTool[]): SubjectSample {
  const json = parsed(text);
  const tools = once(() =>
    calls().map(({ id, name, arguments: args }, index) => ({
      id: id ?? `call_${index + 1}`,
      type: 'function' as const,
      function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args ?? {}) },
    })),
  );
  return lazy<SubjectSample, 'output_tools' | 'choices'>(
    { output_text: text, ...(typeof json === 'object' && json !== null ? { output_json: json } : {}) },
    {
      output_tools: tools,
      choices: () => [
        {
          index: 0,
          finish_reason: 'stop',
          message: {
            role: 'assistant',
            content: text,
            ...(tools().length === 0 ? {} : { tool_calls: tools() }),
          },
        },
      ],
    },
  );
}

/**
 * The row of a dataset where the trace was made from one, with what is known of the trace besides: its metadata's fields,
 * and under names that no field has: `metadata`, `labels` and `label` (categories that people or the data gave it),
 * `verdict` (pass or fail), `scores` by name. What graders here said is left out: a verdict does not depend on another one.
 */
function itemOf(reader: Reader, row: TraceRow, keys: readonly number[]): JsonObject {
  const metadata = row.metadata ?? {};
  const annotations = annotationsOf(reader, keys, MOST_LABELS);
  const labels = [...new Set(annotations.flatMap(({ category }) => category ?? []))].sort();
  const verdict = annotations.findLast(({ passed }) => passed !== null)?.passed ?? null;
  const scores: Record<string, Json> = {};
  for (const key of keys) {
    for (const { spanId, source, name, value, label } of scoreRecordsOf(reader, key, row.id))
      if (spanId === null && !source.startsWith('grader:')) Object.defineProperty(scores, name, own(value ?? label));
  }
  return {
    label: labels[0] ?? null,
    labels,
    verdict: verdict === null ? null : verdict ? 'pass' : 'fail',
    scores,
    ...metadata,
    ...rowIn(metadata),
    metadata: isJsonObject(metadata.metadata) ? metadata.metadata : metadata,
  };
}

/** Members of both; one that is no object stands alone. */
function withOver(item: JsonObject, over: Json): Json {
  if (over === null) return item;
  return isJsonObject(over) ? { ...item, ...over } : over;
}

/** Also for a name such as `__proto__`. */
function own(value: Json): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true };
}

/** Where traces of an eval keep the row that they were made from. */
export function rowIn(metadata: JsonObject): JsonObject {
  const source = isJsonObject(metadata.datasource_item) ? metadata.datasource_item : metadata;
  return isJsonObject(source.item) ? source.item : source === metadata ? {} : source;
}
