/** What a grading would ask of model endpoints: estimated from a few of the traces. */
import type { GraderDefinition, Subject } from '#shared/grader.ts';
import type { GradingCost } from '#shared/grading.ts';
import { estimateCost } from '#shared/estimate.ts';
import type { Json } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import { needsOf } from '../../graders/definition.ts';
import { kindOf } from '../../graders/registry.ts';
import { scopeOf } from '../../graders/scope-spec.ts';
import { renderTemplate } from '../../graders/template.ts';
import type { Reader } from '../../store/database.ts';
import type { Prices } from '../prices.ts';
import { createTraceGrader } from './grade-trace.ts';
import { CANCELLED } from './grader.ts';
import { asksEmbeddings, definitionsIn } from './runs.ts';

/** Traces that are looked at, evenly spread over those that are to be graded. */
const SAMPLED = 20;
/** Parts of one trace whose text is looked at. */
const PARTS = 5;
const BYTES_A_TOKEN = 4;
/** Framing of one request: roles, and the schema of the answer. */
const TOKENS_A_CALL = 120;
/** What a judge writes: its steps and its result. */
const ANSWER_TOKENS = 200;
const DEEPEST = 8;

export type CostQuestion = {
  readonly reader: Reader;
  readonly prices: Pick<Prices, 'book' | 'estimator'>;
  readonly traceIds: readonly string[];
  /** By trace: fields of `item` over its own. */
  readonly items?: ReadonlyMap<string, Json>;
  readonly definitions: readonly GraderDefinition[];
  readonly signal: AbortSignal;
};

export async function estimateGrading(question: CostQuestion): Promise<GradingCost> {
  const { reader, prices, traceIds, definitions, signal } = question;
  const asking = definitions.flatMap((outer) =>
    definitionsIn(outer)
      .filter((inner) => kindOf(inner.type)?.runs === 'endpoint' || asksEmbeddings(inner))
      .map((inner) => ({ outer, inner })),
  );
  const traces = traceIds.length;
  if (asking.length === 0 || traces === 0) return { traces, calls: 0, promptTokens: 0, cost: 0 };
  const grader = createTraceGrader(reader, prices, {
    judge: () => Promise.reject(new Error('an estimate asks nobody')),
    embed: () => Promise.reject(new Error('an estimate asks nobody')),
    runCode: () => Promise.reject(new Error('an estimate runs nothing')),
    now: () => 0,
  });
  const sample = spread(traceIds, SAMPLED);
  let calls = 0;
  let promptTokens = 0;
  let cost: number | null = 0;
  for (const id of sample) {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new AppFailure(CANCELLED);
    const read = (traceId: string, spanId?: string): Subject =>
      grader.subject(traceId, spanId, question.items?.get(traceId));
    const subject = subjectOf(read, id);
    if (!subject) continue;
    for (const { outer, inner } of asking) {
      const parts = partsOf(read, id, subject, outer);
      const asks = parts.count * asksOf(inner);
      const embeds = asksEmbeddings(inner);
      const rendered = mean(
        parts.subjects.map((part) => (embeds ? embeddedTokens(inner, part) : tokensOf(inner, part))),
      );
      const tokens = Math.round(asks * (rendered + (embeds ? 0 : TOKENS_A_CALL)));
      calls += asks;
      promptTokens += tokens;
      const output = embeds ? 0 : asks * ANSWER_TOKENS;
      const usage = { input: tokens, output, cacheRead: null, cacheWrite: null, reasoning: null };
      const model = embeds ? inner.embedding_model : inner.model;
      const usd = typeof model === 'string' ? estimateCost(usage, model, prices.book()) : null;
      cost = cost === null || (usd === null && asks > 0) ? null : cost + (usd ?? 0);
    }
  }
  const scale = traces / sample.length;
  return {
    traces,
    calls: Math.round(calls * scale),
    promptTokens: Math.round(promptTokens * scale),
    cost: cost === null ? null : cost * scale,
  };
}

function subjectOf(read: (id: string) => Subject, id: string): Subject | null {
  try {
    return read(id);
  } catch (cause) {
    if (cause instanceof AppFailure && cause.error.code === 'not_found') return null;
    throw cause;
  }
}

type Parts = { readonly count: number; readonly subjects: readonly Subject[] };

function partsOf(
  read: (id: string, spanId?: string) => Subject,
  id: string,
  subject: Subject,
  definition: GraderDefinition,
): Parts {
  const { on, filter = {} } = scopeOf(definition);
  if (on !== 'span' && on !== 'handoff') return { count: 1, subjects: [subject] };
  const spans =
    on === 'handoff'
      ? (subject.trace?.handoffs ?? []).map(({ span_id: spanId }) => spanId)
      : (subject.trace?.spans ?? [])
          .filter(
            (span) =>
              (filter.kind === undefined || span.kind === filter.kind) &&
              (filter.agent === undefined || span.agent === filter.agent) &&
              (filter.tool === undefined || span.tool === filter.tool) &&
              (filter.status === undefined || span.status === filter.status) &&
              (filter.name === undefined || span.name.toLowerCase().includes(filter.name.toLowerCase())),
          )
          .map((span) => span.id);
  return { count: spans.length, subjects: spread(spans, PARTS).map((spanId) => read(id, spanId)) };
}

/** How often a model is asked for one verdict. */
function asksOf({ judges }: GraderDefinition): number {
  if (typeof judges === 'number' && Number.isFinite(judges)) return Math.max(1, Math.floor(judges));
  return Array.isArray(judges) ? Math.max(1, judges.length) : 1;
}

/** Both texts go in one request. */
function embeddedTokens({ input, reference }: GraderDefinition, subject: Subject): number {
  return renderedBytes(textsIn([input ?? null, reference ?? null]), subject) / BYTES_A_TOKEN;
}

function renderedBytes(texts: readonly string[], subject: Subject): number {
  let bytes = 0;
  for (const text of texts) {
    const rendered = renderTemplate(text, subject);
    bytes += Buffer.byteLength(rendered.ok ? rendered.value : text);
  }
  return bytes;
}

function tokensOf(definition: GraderDefinition, subject: Subject): number {
  const texts = textsIn(definition);
  let bytes = renderedBytes(texts, subject);
  // Put in by the kind itself.
  if (needsOf(definition).transcript && !texts.some((text) => /\{\{\s*trace(?:\.transcript)?\s*\}\}/.test(text)))
    bytes += Buffer.byteLength(subject.trace?.transcript ?? '');
  return bytes / BYTES_A_TOKEN;
}

function textsIn(value: Json, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each: Json) => textsIn(each, depth + 1));
}

function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, k) => all[Math.floor((k * all.length) / most)] as T);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
