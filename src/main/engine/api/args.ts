/**
 * The arguments of every call, checked where they enter: what another process sends is not what the compiler saw. A
 * wrong one is `bad_request` with its name; fields that no handler reads are left out.
 */
import type { AnnotationState } from '#shared/annotation.ts';
import type { BehaviourGroup, BehaviourSource } from '#shared/behaviour.ts';
import type { NoteRef } from '#shared/coding.ts';
import type { DatasetEdit, ExpectedCall } from '#shared/dataset.ts';
import type { EvalCriterion, EvalDefinition, EvalSource, RunItemFilter } from '#shared/eval.ts';
import { RUN_EXPORTS } from '#shared/eval.ts';
import type { Args, Method } from '#shared/rpc/contract.ts';
import { AppFailure } from '#shared/result.ts';
import type { Rule } from '#shared/rules.ts';
import type { DetectorEdits } from '#shared/detect.ts';
import type { EndpointDraft } from '#shared/endpoint.ts';
import type { DraftSource } from '#shared/grader-drafts.ts';
import type { GraderExport } from '#shared/grader-exchange.ts';
import type { GraphEdgeKind } from '#shared/graph.ts';
import type { Grade } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import type { LedgerKind } from '#shared/ledger.ts';
import { LEDGER_KINDS } from '#shared/ledger.ts';
import type { OverviewPick, Period } from '#shared/overview.ts';
import { PERIODS } from '#shared/overview.ts';
import type { PriceOverrides } from '#shared/prices.ts';
import type { ItemState, QueueDraft, QueueSource } from '#shared/review.ts';
import type { ScoreSchema, Taxonomy } from '#shared/taxonomy.ts';

type Field<T> = { readonly expected: string; readonly is: (value: unknown) => value is T };
type Fields<A> = { readonly [K in keyof A]-?: Field<A[K]> };
type Shapes = { readonly [M in Method]: Args<M> extends object ? Fields<Args<M>> : null };

const text: Field<string> = { expected: 'a text', is: (value) => typeof value === 'string' };
const flag: Field<boolean> = { expected: 'true or false', is: (value) => typeof value === 'boolean' };
/** Also for a cursor that is a position: whole, not negative, exact. */
const count: Field<number> = {
  expected: 'a whole number of 0 or more',
  is: (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
};
const share: Field<number> = {
  expected: 'a share from 0 to 1',
  is: (value): value is number => typeof value === 'number' && value >= 0 && value <= 1,
};
const texts: Field<readonly string[]> = {
  expected: 'a list of texts',
  is: (value): value is readonly string[] => Array.isArray(value) && value.every((each) => typeof each === 'string'),
};
const textOrTexts: Field<string | readonly string[]> = {
  expected: 'a text or a list of texts',
  is: (value): value is string | readonly string[] => text.is(value) || texts.is(value),
};
const textOrNull: Field<string | null> = {
  expected: 'a text or null',
  is: (value) => value === null || typeof value === 'string',
};
/** The handler says what is wrong inside. */
const overrides: Field<PriceOverrides | null> = {
  expected: 'price edits or null',
  is: (value): value is PriceOverrides | null => typeof value === 'object',
};
/** The handler says what is wrong inside. */
const detectorEdits: Field<DetectorEdits> = {
  expected: 'settings by detector id',
  is: (value): value is DetectorEdits => typeof value === 'object' && value !== null && !Array.isArray(value),
};
const detectorEditsOrNull: Field<DetectorEdits | null> = {
  expected: 'settings by detector id, or null',
  is: (value): value is DetectorEdits | null => value === null || detectorEdits.is(value),
};
const ledgerKind: Field<LedgerKind> = {
  expected: `one of ${LEDGER_KINDS.join(', ')}`,
  is: (value): value is LedgerKind => LEDGER_KINDS.some((kind) => kind === value),
};
/** An unknown kind finds no edge. */
const edgeKind = text as Field<GraphEdgeKind>;

function optional<T>(field: Field<T>): Field<T | undefined> {
  return { expected: field.expected, is: (value): value is T | undefined => value === undefined || field.is(value) };
}

/** Read field by field, with a sentence for what is wrong, by the handler. */
const rules: Field<readonly Rule[]> = {
  expected: 'a list of rules',
  is: (value): value is readonly Rule[] => Array.isArray(value),
};

/** Likewise. */
const annotation: Field<AnnotationState> = {
  expected: 'an annotation',
  is: (value): value is AnnotationState => typeof value === 'object' && value !== null,
};

/** Likewise. */
const taxonomy: Field<Taxonomy> = {
  expected: 'a taxonomy',
  is: (value): value is Taxonomy => typeof value === 'object' && value !== null,
};
/** Likewise. */
const schema: Field<ScoreSchema> = {
  expected: 'a score schema',
  is: (value): value is ScoreSchema => typeof value === 'object' && value !== null,
};
const noteRefs: Field<readonly NoteRef[]> = {
  expected: 'a list of { traceId, id }',
  is: (value): value is readonly NoteRef[] =>
    Array.isArray(value) &&
    value.every((each: Partial<NoteRef> | null) => typeof each?.traceId === 'string' && typeof each.id === 'string'),
};
const noteFilter = {
  author: optional(text),
  workflow: optional(text),
  tag: optional(text),
  text: optional(text),
  open: optional(flag),
};

/** Likewise. */
const queue: Field<QueueDraft> = {
  expected: 'a review queue',
  is: (value): value is QueueDraft => typeof value === 'object' && value !== null,
};
const queueSource: Field<QueueSource> = {
  expected: 'where its traces come from',
  is: (value): value is QueueSource => typeof value === 'object' && value !== null,
};
/** Likewise. */
const endpoint: Field<EndpointDraft> = {
  expected: 'a judge endpoint',
  is: (value): value is EndpointDraft => typeof value === 'object' && value !== null,
};
/** An unknown state finds nothing, and cannot be set. */
const itemState = text as Field<ItemState>;
const itemStates = texts as Field<readonly ItemState[]>;

const period: Field<Period> = {
  expected: `one of ${PERIODS.join(', ')}`,
  is: (value): value is Period => PERIODS.some((each) => each === value),
};
const pictureFormat: Field<'svg' | 'csv'> = {
  expected: 'svg or csv',
  is: (value): value is 'svg' | 'csv' => value === 'svg' || value === 'csv',
};
const overview = { query: optional(text), taxonomy: optional(text), by: optional(period) };
/** A field that is not one of those in the data finds nothing. */
const pick: Field<OverviewPick> = {
  expected: 'what was picked, as an object',
  is: (value): value is OverviewPick =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    optional(texts).is('traceIds' in value ? value.traceIds : undefined) &&
    optional(textOrNull).is('agent' in value ? value.agent : undefined),
};

/** The handler says what is wrong inside. */
const json: Field<Json> = { expected: 'a JSON value', is: (value): value is Json => value !== undefined };
const flagOrNull: Field<boolean | null> = {
  expected: 'true, false or null',
  is: (value) => value === null || typeof value === 'boolean',
};
/** Of an unknown format, the handler says which there are. */
const graderExport = text as Field<GraderExport>;
const draftSource: Field<DraftSource> = {
  expected: 'a span, a trajectory, a category or a detector',
  is: (value): value is DraftSource => {
    const given = value as Readonly<Record<string, unknown>> | null;
    if (typeof value !== 'object' || given === null) return false;
    const needed = {
      span: ['traceId', 'spanId'],
      trajectory: ['traceId'],
      category: ['taxonomy', 'category'],
      detector: ['id'],
    };
    const { kind } = given;
    return (
      typeof kind === 'string' &&
      Object.hasOwn(needed, kind) &&
      needed[kind as DraftSource['kind']].every((name) => typeof given[name] === 'string')
    );
  },
};
/** An unknown one finds nothing. */
const gradeStatus = text as Field<Grade['status']>;
const grading = { query: optional(text), traceIds: optional(texts) };

const countOrNull: Field<number | null> = {
  expected: `${count.expected}, or null`,
  is: (value): value is number | null => value === null || count.is(value),
};
/** The handler says what is wrong inside. */
function object<T>(expected: string): Field<T> {
  return {
    expected,
    is: (value): value is T => typeof value === 'object' && value !== null && !Array.isArray(value),
  };
}
function list<T>(expected: string, one: Field<T>): Field<readonly T[]> {
  return {
    expected,
    is: (value): value is readonly T[] => Array.isArray(value) && value.every((each) => one.is(each)),
  };
}
function oneOf<T extends string>(values: readonly T[]): Field<T> {
  return { expected: values.join(', '), is: (value): value is T => values.includes(value as T) };
}
const datasetEdits = list('a list of edits', object<DatasetEdit>('an edit'));
const datasetFormat = oneOf(['jsonl', 'csv'] as const);
const evalDefinition = object<EvalDefinition>('the definition of an eval');
const evalSource = object<EvalSource>('a source of traces');
const evalCriteria = list('a list of criteria', object<EvalCriterion>('a criterion'));
const itemFilter = object<RunItemFilter>('a filter of items');
const rowsToGrade = list(
  'a list of rows with item and sample',
  object<{ readonly item: Json; readonly sample: Json }>('a row'),
);
const runExport = oneOf(RUN_EXPORTS);
const comparisonFormat = oneOf(['markdown', 'json', 'csv'] as const);
const expectedCalls: Field<readonly ExpectedCall[]> = {
  expected: 'a list of tool calls with their names',
  is: (value): value is readonly ExpectedCall[] =>
    Array.isArray(value) &&
    value.every((each: unknown) => typeof (each as { readonly name?: unknown } | null)?.name === 'string'),
};
const behaviourGroups: Field<readonly BehaviourGroup[]> = {
  expected: 'groups with a label and a source of traces',
  is: (value): value is readonly BehaviourGroup[] =>
    Array.isArray(value) &&
    value.every((each: unknown) => {
      const group = each as { readonly label?: unknown; readonly source?: unknown } | null;
      return text.is(group?.label) && isBehaviourSource(group?.source);
    }),
};

function isBehaviourSource(value: unknown): value is BehaviourSource {
  const source = value as Readonly<Record<string, unknown>> | null | undefined;
  if (source?.kind === 'traces') return texts.is(source.traceIds);
  return (source?.kind === 'query' && text.is(source.query)) || (source?.kind === 'run' && text.is(source.runId));
}

const trace = { traceId: text };
const span = { traceId: text, spanId: text };

const SHAPES: Shapes = {
  'engine.info': null,
  'engine.doctor': null,
  'engine.formats': null,
  'trace.list': { query: optional(text), cursor: optional(text), limit: optional(count) },
  'trace.facets': { query: optional(text) },
  'trace.get': trace,
  'trace.open': trace,
  'trace.graph': { ...trace, expanded: optional(flag) },
  'trace.edge': {
    ...trace,
    from: textOrTexts,
    to: textOrTexts,
    kind: edgeKind,
    expanded: optional(flag),
    limit: optional(count),
    offset: optional(count),
  },
  'trace.sequence': { ...trace, cursor: optional(count), limit: optional(count) },
  'trace.detect': { ...trace, edits: optional(detectorEdits) },
  'trace.findings': trace,
  'trace.lanes': trace,
  'trace.agents': trace,
  'trace.waste': trace,
  'trace.conversation': { ...trace, cursor: optional(count), limit: optional(count) },
  'trace.events': { ...trace, cursor: optional(count), limit: optional(count) },
  'trace.answer': trace,
  'trace.previews': { ...trace, spanIds: texts },
  'trace.find': { ...trace, text },
  'trace.handoff': span,
  'trace.provenance': { ...span, contentKey: optional(count), text },
  'trace.delete': { traceIds: texts },
  'annotation.list': trace,
  'annotation.history': { ...trace, id: text },
  'annotation.reviewer': null,
  'annotation.places': { ...trace, spanIds: texts },
  'annotation.count': { traceIds: texts },
  'annotation.save': { ...trace, id: optional(text), state: annotation, replaces: optional(texts) },
  'annotation.remove': { ...trace, id: text },
  'queue.list': null,
  'queue.get': { queueId: text },
  'queue.items': { queueId: text, states: optional(itemStates), cursor: optional(count), limit: optional(count) },
  'queue.at': { queueId: text, itemId: optional(count) },
  'queue.create': { jobId: text, queue },
  'queue.addItems': { jobId: text, queueId: text, source: queueSource },
  'queue.mark': { itemId: count, state: itemState },
  'queue.draft': { itemId: count, draft: text },
  'queue.delete': { queueId: text },
  'taxonomy.list': null,
  'taxonomy.history': { id: text },
  'taxonomy.usage': { id: text },
  'taxonomy.unknown': null,
  'taxonomy.save': { taxonomy },
  'taxonomy.reset': { id: text },
  'taxonomy.export': { id: text, path: text },
  'schema.list': null,
  'schema.save': { schema },
  'schema.remove': { id: text },
  'coding.notes': {
    ...noteFilter,
    group: optional(textOrNull),
    cursor: optional(count),
    limit: optional(count),
  },
  'coding.counts': noteFilter,
  'coding.promote': { notes: noteRefs, taxonomy: text, category: text },
  'coding.group': { notes: noteRefs, group: textOrNull },
  'coding.withdraw': { annotations: noteRefs },
  'agreement.get': {
    annotators: optional(texts),
    taxonomy: optional(text),
    query: optional(text),
    tolerance: optional(count),
    seed: optional(count),
  },
  'overview.get': overview,
  'overview.export': { ...overview, path: text, format: pictureFormat },
  'picture.export': { path: text, text, format: pictureFormat },
  'overview.traces': { ...overview, pick },
  'score.list': trace,
  'pattern.parse': { text },
  'pattern.search': { pattern: text, query: optional(text), cursor: optional(text), limit: optional(count) },
  'grader.kinds': null,
  'grader.list': { archived: optional(flag) },
  'grader.get': { id: text },
  'grader.check': { definition: json },
  'grader.save': { id: optional(text), definition: json, note: optional(textOrNull) },
  'grader.archive': { id: text, archived: flag },
  'grader.drafts': { from: draftSource },
  'grader.import': { text: optional(text), path: optional(text) },
  'grader.export': { graderIds: texts, path: text, format: graderExport },
  'grade.try': { definition: json, traceIds: texts, spanId: optional(text), jobId: optional(text) },
  'grade.subject': { ...trace, spanId: optional(text) },
  'grade.list': trace,
  'grade.page': {
    graderId: text,
    versionHash: optional(text),
    passed: optional(flagOrNull),
    status: optional(gradeStatus),
    cursor: optional(text),
    limit: optional(count),
  },
  'grading.start': { ...grading, graderIds: texts, label: optional(text) },
  'grading.list': null,
  'grading.cancel': { id: text },
  'grading.cost': { ...grading, graderIds: optional(texts), definition: optional(json) },
  'flip.preview': {
    ...grading,
    graderId: textOrNull,
    definition: json,
    limit: optional(count),
    seed: optional(count),
    ask: optional(flag),
    taxonomy: optional(text),
    category: optional(text),
    jobId: optional(text),
  },
  'dataset.list': { archived: optional(flag) },
  'dataset.get': { id: text },
  'dataset.examples': {
    id: text,
    version: optional(count),
    text: optional(text),
    cursor: optional(count),
    limit: optional(count),
  },
  'dataset.example': { id: text, version: optional(count), key: text },
  'dataset.create': { name: text },
  'dataset.rename': { id: text, name: text },
  'dataset.archive': { id: text, archived: flag },
  'dataset.edit': { id: text, base: count, edits: datasetEdits, note: optional(textOrNull) },
  'dataset.revert': { id: text, version: count },
  'dataset.ofTraces': { traceIds: texts },
  'dataset.addTraces': { ...grading, id: text, jobId: optional(text) },
  'dataset.import': { id: optional(text), path: text, name: optional(text), jobId: optional(text) },
  'dataset.export': { id: text, version: optional(count), path: text, format: datasetFormat },
  'eval.list': { archived: optional(flag) },
  'eval.get': { id: text },
  'eval.save': { id: optional(text), definition: evalDefinition },
  'eval.archive': { id: text, archived: flag },
  'eval.estimate': { source: evalSource, criteria: evalCriteria, limit: optional(countOrNull), seed: optional(count) },
  'run.start': {
    evalId: text,
    name: optional(text),
    source: optional(evalSource),
    limit: optional(countOrNull),
    seed: optional(count),
    items: optional(rowsToGrade),
  },
  'run.repeat': { id: text, name: optional(text) },
  'run.cancel': { id: text },
  'run.resume': { id: text },
  'run.rename': { id: text, name: text },
  'run.delete': { id: text },
  'run.list': { evalId: optional(text) },
  'run.get': { id: text },
  'run.items': { id: text, filter: optional(itemFilter), cursor: optional(count), limit: optional(count) },
  'run.item': { id: count },
  'run.ofTrace': trace,
  'run.figures': { id: text },
  'run.gate': { id: text, baselineId: optional(text), threshold: optional(share) },
  'run.import': { path: text },
  'run.export': {
    id: text,
    path: text,
    format: runExport,
    baselineId: optional(text),
    threshold: optional(share),
  },
  'compare.runs': { baselineId: text, otherIds: texts, resamples: optional(count), seed: optional(count) },
  'compare.items': { baselineId: text, otherId: text },
  'compare.export': { baselineId: text, otherIds: texts, path: text, format: comparisonFormat },
  'align.traces': { a: text, b: text },
  'align.expected': { expected: expectedCalls, b: text },
  'align.graph': { a: text, b: text },
  'align.many': { baseline: text, traceIds: texts },
  'behaviour.map': { groups: behaviourGroups, runId: optional(text), split: optional(flag) },
  'endpoint.list': null,
  'endpoint.save': { endpoint, confirm: optional(flag) },
  'endpoint.remove': { id: text },
  'endpoint.test': { id: text },
  'outbound.list': { limit: optional(count) },
  'session.list': { query: optional(text), cursor: optional(text), limit: optional(count) },
  'session.get': { sessionId: text },
  'session.traces': { sessionId: text, cursor: optional(text), limit: optional(count) },
  'session.place': trace,
  'span.get': span,
  'span.raw': span,
  'span.context': span,
  'span.calls': span,
  'content.get': { key: count },
  'ledger.get': { traceId: optional(text) },
  'ledger.items': { kind: ledgerKind, traceId: optional(text), limit: optional(count), offset: optional(count) },
  'raw.get': { rawKey: count },
  'issue.list': { traceId: optional(text), limit: optional(count) },
  'import.run': { jobId: text, paths: texts, format: optional(text) },
  'sample.load': null,
  'connect.helpers': null,
  'export.formats': null,
  'export.run': {
    jobId: text,
    format: text,
    path: text,
    traceIds: optional(texts),
    query: optional(text),
    overwrite: optional(flag),
  },
  'rules.get': null,
  'rules.set': { rules },
  'rules.preview': { rules },
  'rebuild.run': { jobId: text, traceIds: optional(texts), query: optional(text) },
  'rebuild.cancel': null,
  'metrics.list': {
    session: optional(text),
    model: optional(text),
    measure: optional(text),
    fromNs: optional(text),
    toNs: optional(text),
  },
  'settings.get': { key: text },
  'settings.set': { key: text, value: textOrNull },
  'prices.get': null,
  'prices.unpriced': { limit: optional(count) },
  'prices.export': { path: text },
  'prices.set': { overrides },
  'detectors.get': null,
  'detectors.set': { edits: detectorEditsOrNull },
  'sql.query': { sql: text, limit: optional(count) },
};

/** The checked arguments of a call; throws an AppFailure of `bad_request`. */
export function checkArgs(method: Method, args: unknown): unknown {
  const shape: Readonly<Record<string, Field<unknown>>> | null = SHAPES[method];
  if (shape === null) return undefined;
  if (typeof args !== 'object' || args === null) throw wrong(`${method} needs arguments by name.`);
  const given = args as Readonly<Record<string, unknown>>;
  const checked: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (!field.is(value)) throw wrong(`"${name}" of ${method} must be ${field.expected}.`);
    if (value !== undefined) checked[name] = value;
  }
  return checked;
}

function wrong(message: string): AppFailure {
  return new AppFailure({ code: 'bad_request', message });
}
