/**
 * The calls that read traces. Each may load and analyse a large one, so that a host may have them answered by a thread
 * of its own (`reader/`): they are given a reading connection and the price table, and nothing else of the engine.
 */
import type { Contract, Method } from '#shared/rpc/contract.ts';
import { AppFailure } from '#shared/result.ts';
import { EVENT_PAGE } from '#shared/event-log.ts';
import { SEQUENCE_PAGE } from '#shared/sequence.ts';
import { getTraceOrSession } from '../../store/session-row.ts';
import { countFacets, listTraces } from '../../store/trace-queries.ts';
import { questionAndAnswer } from '../grading/whole-answer.ts';
import type { Prices } from '../prices.ts';
import { createAlignReads } from './align.ts';
import { annotationReads, scoreReads } from './annotations.ts';
import { behaviourReads } from './behaviour.ts';
import { compareReads } from './compare.ts';
import { datasetReads } from './datasets.ts';
import { evalReads } from './evals.ts';
import { graderDrafts } from './grader-drafts.ts';
import { graderReads } from './grader-reads.ts';
import { insightHandlers } from './insights.ts';
import { ledgerHandlers } from './ledger.ts';
import { metricHandlers } from './metrics.ts';
import { issueHandlers } from './misc.ts';
import { patternReads } from './patterns.ts';
import { gateReads } from './run-exchange.ts';
import { sessionHandlers } from './sessions.ts';
import { spanHandlers } from './spans.ts';
import { taxonomyReads } from './taxonomies.ts';
import { createTraceViews } from './trace-views.ts';
import type { Handlers } from './types.ts';

/** A reading call of one of these must be in the table below, or it does not compile. */
type Domain =
  | 'trace'
  | 'session'
  | 'span'
  | 'content'
  | 'raw'
  | 'issue'
  | 'ledger'
  | 'metrics'
  | 'annotation'
  | 'score'
  | 'agreement'
  | 'overview'
  | 'taxonomy'
  | 'schema'
  | 'coding'
  | 'pattern'
  | 'grader'
  | 'grade'
  | 'dataset'
  | 'eval'
  | 'run'
  | 'compare'
  | 'align'
  | 'behaviour';

/** A trial asks models and sandboxes, which live in the engine's own thread; an export writes a file. */
type Elsewhere = 'grade.try' | 'grader.export' | 'dataset.export' | 'run.export' | 'compare.export';

export type ReadMethod = {
  [M in Exclude<Method, Elsewhere>]: M extends `${Domain}.${string}`
    ? Contract[M]['kind'] extends 'read'
      ? M
      : never
    : never;
}[Exclude<Method, Elsewhere>];

export type ReadHandlers = Pick<Handlers, ReadMethod>;

export function createReads(prices: Pick<Prices, 'book' | 'estimator'>): ReadHandlers {
  const views = createTraceViews(prices);
  return {
    'trace.list': ({ reader }, args) => listTraces(reader, args),
    'trace.facets': ({ reader }, { query }) => countFacets(reader, query),
    'trace.get': ({ reader }, { traceId }) => {
      const row = getTraceOrSession(reader, traceId);
      if (!row) throw new AppFailure({ code: 'not_found', message: 'This trace does not exist, or was deleted.' });
      return row;
    },
    'trace.open': ({ reader }, { traceId }) => views.open(reader, traceId),
    'trace.graph': ({ reader }, { traceId, expanded }) => views.graph(reader, traceId, expanded === true),
    'trace.edge': ({ reader }, args) => views.edge(reader, args),
    'trace.sequence': ({ reader }, { traceId, cursor, limit }) =>
      views.sequence(reader, traceId, cursor ?? 0, Math.max(1, Math.min(limit ?? SEQUENCE_PAGE, SEQUENCE_PAGE))),
    'trace.lanes': ({ reader }, { traceId }) => views.lanes(reader, traceId),
    'trace.agents': ({ reader }, { traceId }) => views.agents(reader, traceId),
    'trace.waste': ({ reader }, { traceId }) => views.waste(reader, traceId),
    'trace.detect': ({ reader }, { traceId, edits }) => views.detect(reader, traceId, edits),
    'trace.findings': ({ reader }, { traceId }) => views.findings(reader, traceId),
    'trace.conversation': ({ reader }, { traceId, cursor, limit }) =>
      views.conversation(reader, traceId, cursor ?? 0, Math.max(1, Math.min(limit ?? 50, 500))),
    'trace.events': ({ reader }, { traceId, cursor, limit }) =>
      views.events(reader, traceId, cursor ?? 0, Math.max(1, Math.min(limit ?? EVENT_PAGE, EVENT_PAGE))),
    'trace.answer': ({ reader }, { traceId }) => questionAndAnswer(reader, traceId),
    'trace.previews': ({ reader }, { traceId, spanIds }) => views.previews(reader, traceId, spanIds),
    'trace.find': ({ reader }, { traceId, text }) => views.find(reader, traceId, text),
    'trace.handoff': ({ reader }, { traceId, spanId }) => views.handoff(reader, traceId, spanId),
    'trace.provenance': ({ reader }, { traceId, ...question }) => views.provenance(reader, traceId, question),
    ...annotationReads,
    ...scoreReads,
    ...insightHandlers,
    ...graderReads(prices),
    ...graderDrafts(prices),
    ...taxonomyReads,
    ...sessionHandlers,
    'span.context': ({ reader }, { traceId, spanId }) => views.context(reader, traceId, spanId),
    'span.calls': ({ reader }, { traceId, spanId }) => views.calls(reader, traceId, spanId),
    ...spanHandlers,
    ...patternReads,
    ...datasetReads(prices),
    ...evalReads(prices),
    ...gateReads,
    ...compareReads,
    ...createAlignReads(),
    ...behaviourReads(prices),
    ...issueHandlers,
    ...ledgerHandlers,
    ...metricHandlers,
  };
}
