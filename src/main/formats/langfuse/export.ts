/** Langfuse's own export: a list of { trace, observations }, which its tools and ours read. */
import type { ExportFormat, ExportPiece, ExportTrace } from '#shared/format.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { ScoreRecord, SpanKind, SpanRecord, Usage } from '#shared/record.ts';
import { nsToIso } from '#shared/time.ts';
import { contentsToJson } from '../chat-json.ts';
import { digestOf } from '../fields.ts';
import { keptAttributes, OWN_SPAN, ownFacts, unsaid } from '../own-facts.ts';
import { factToJson } from '../record-json.ts';
import { createSpanMerger } from '../span-engine.ts';
import { createObservationReader } from './observation.ts';
import { OWN_SCORE } from './score.ts';

export const langfuseExporter: ExportFormat = {
  id: 'langfuse',
  label: 'Langfuse export (JSON)',
  about: 'Traces with their observations and scores, as Langfuse exports them. Annotations stay behind.',
  extension: 'json',
  layout: 'file',
  media: 'application/json',
  write,
};

function* write(traces: Iterable<ExportTrace>): Generator<ExportPiece> {
  let count = 0;
  yield text('[');
  for (const trace of traces) {
    const { root, rest } = rootOf(trace.spans());
    yield text(`${count++ === 0 ? '\n' : ',\n'}{"trace":${JSON.stringify(traceJson(trace, root))},"observations":[`);
    let first = true;
    for (const span of root === null ? rest : chain(root, rest)) {
      yield text(`${first ? '\n' : ',\n'}${JSON.stringify(observation(span))}`);
      first = false;
    }
    yield text(']}');
  }
  yield text(count === 0 ? ']\n' : '\n]\n');
}

function text(chunk: string): ExportPiece {
  return { type: 'text', path: '', text: chunk };
}

/** The first span tells what the trace read and wrote; the others are pulled later. */
function rootOf(spans: Iterable<SpanRecord>): {
  root: SpanRecord | null;
  rest: Iterator<SpanRecord> & Iterable<SpanRecord>;
} {
  const rest = iteratorOf(spans);
  const next = rest.next();
  return { root: next.done === true ? null : next.value, rest };
}

function* iteratorOf(spans: Iterable<SpanRecord>): Generator<SpanRecord> {
  yield* spans;
}

function* chain(first: SpanRecord, rest: Iterable<SpanRecord>): Generator<SpanRecord> {
  yield first;
  yield* rest;
}

function traceJson({ record, row, scores }: ExportTrace, root: SpanRecord | null): JsonObject {
  const isRoot = root?.parentId === null;
  return {
    id: record.traceId,
    projectId: 'tracewright',
    name: record.name ?? row.name,
    timestamp: row.startNs === null ? null : nsToIso(BigInt(row.startNs)),
    environment: 'default',
    tags: record.tags ?? [],
    bookmarked: false,
    public: false,
    release: null,
    version: null,
    userId: record.userId ?? null,
    sessionId: record.sessionId ?? null,
    input: isRoot ? contentsToJson(root.input) : null,
    output: isRoot ? contentsToJson(root.output) : null,
    metadata: record.metadata ?? null,
    scores: scores.map(scoreJson),
    totalCost: row.cost,
    latency: row.durationNs === null ? null : row.durationNs / 1e9,
  };
}

const TYPES: Readonly<Record<SpanKind, string>> = {
  agent: 'AGENT',
  generation: 'GENERATION',
  tool: 'TOOL',
  handoff: 'TOOL',
  guardrail: 'GUARDRAIL',
  retrieval: 'RETRIEVER',
  evaluator: 'EVALUATOR',
  chain: 'CHAIN',
  custom: 'SPAN',
};

function observation(span: SpanRecord): JsonObject {
  const plain = observationJson(span, {});
  const missing = unsaid(span, readBack(plain));
  return Object.keys(missing).length === 0 ? plain : observationJson(span, missing);
}

function readBack(observed: JsonObject): SpanRecord | null {
  const merger = createSpanMerger();
  createObservationReader(merger.add, () => undefined).read(observed, { traceId: null, root: null });
  return merger.records().find((record) => record.type === 'span') ?? null;
}

function observationJson(span: SpanRecord, missing: JsonObject): JsonObject {
  const { traceId, spanId, parentId, origin } = span;
  const { shown, told } = keptAttributes(span.attributes, isTaken);
  const own = JSON.stringify({ ...ownFacts(span, { traceId, spanId, parentId }), ...told, ...missing });
  return {
    id: spanId,
    traceId,
    projectId: 'tracewright',
    environment: 'default',
    parentObservationId: parentId,
    type: span.subtype === 'embedding' ? 'EMBEDDING' : TYPES[span.kind],
    name: span.name,
    startTime: span.start === null ? null : nsToIso(span.start),
    endTime: span.end === null ? null : nsToIso(span.end),
    completionStartTime: null,
    level: span.status === 'error' ? 'ERROR' : 'DEFAULT',
    statusMessage: span.error?.message ?? null,
    version: null,
    model: span.model,
    modelParameters: null,
    input: contentsToJson(span.input),
    output: contentsToJson(span.output),
    usageDetails: usageJson(span.usage ?? span.reportedUsage),
    costDetails: span.cost === null ? {} : { total: span.cost },
    metadata: {
      attributes: { ...shown, [OWN_SPAN]: own },
      ...(origin.resource === null ? {} : { resourceAttributes: origin.resource }),
      ...(origin.scopeName === null ? {} : { scope: { name: origin.scopeName, version: origin.scopeVersion } }),
    },
  };
}

/** What our reader of observations writes among the attributes. */
function isTaken(name: string): boolean {
  return /^(?:langfuse\.|tracewright\.)/.test(name) || OWN_NAMES.has(name);
}

const OWN_NAMES: ReadonlySet<string> = new Set(['metadata', 'agent.name', 'attributes', 'gen_ai.tool.definitions']);

/** Langfuse counts cached and reasoning tokens apart from the rest. */
function usageJson(usage: Usage | null): JsonObject {
  if (!usage) return {};
  const { input, output, cacheRead, cacheWrite, reasoning } = usage;
  const counts: Readonly<Record<string, Json>> = {
    input: input === null ? null : Math.max(0, input - (cacheRead ?? 0) - (cacheWrite ?? 0)),
    output: output === null ? null : Math.max(0, output - (reasoning ?? 0)),
    input_cached_tokens: cacheRead,
    input_cache_creation: cacheWrite,
    output_reasoning_tokens: reasoning,
    total: input === null && output === null ? null : (input ?? 0) + (output ?? 0),
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== null));
}

function scoreJson(score: ScoreRecord): JsonObject {
  const { traceId, spanId, name, value, label, passed, explanation, source } = score;
  return {
    id: digestOf(JSON.stringify([traceId, spanId, name, source])),
    traceId,
    observationId: spanId,
    name,
    value: value ?? (passed === null ? null : Number(passed)),
    stringValue: label,
    dataType: passed !== null ? 'BOOLEAN' : value !== null ? 'NUMERIC' : 'CATEGORICAL',
    source: 'API',
    comment: explanation,
    metadata: { [OWN_SCORE]: factToJson(score) },
  };
}
