/**
 * Who&When in its own layout, one file a log: the bytes that were imported, with the verdict as it is annotated now. Where
 * those bytes are gone, the log is told again from its spans.
 */
import type { ExportFormat, ExportPiece, ExportTrace } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { contentText } from '#shared/message.ts';
import type { AnnotationRecord, SpanRecord } from '#shared/record.ts';
import { labelOf } from '../agents-sdk/values.ts';
import { withMembers, withoutMembers } from '../json-edit.ts';
import { parseJson } from '../messages/json-text.ts';
import { createUnwrap, type Unwrap } from '../tracewright-jsonl/received.ts';

export const whoAndWhenExport: ExportFormat = {
  id: 'who-and-when',
  label: 'Who&When',
  about:
    'Logs that are labelled with the agent to blame and the decisive step, a file each, in the layout of the benchmark.',
  extension: '',
  layout: 'folder',
  media: 'application/json',
  write,
};

const TAXONOMY = 'who_and_when';
const TRACE_PREFIX = 'who-and-when:';

function* write(traces: Iterable<ExportTrace>): Generator<ExportPiece> {
  const unwrap = createUnwrap();
  for (const trace of traces) {
    const { traceId } = trace.record;
    const verdict = verdictOf(trace);
    if (trace.row.dialect !== TAXONOMY && !verdict) {
      const reason = 'it came from no Who&When log and has no annotation of that kind.';
      yield { type: 'skipped', traceId, reason };
      continue;
    }
    const received = receivedText(trace, unwrap);
    const edited = trace.annotationRows.some(({ id, imported }) => id === verdict?.annotationId && !imported);
    const text = received === null ? null : withVerdict(received, verdict, edited);
    yield { type: 'text', path: pathOf(trace), text: text ?? toldAgain(trace, verdict) };
  }
}

/** The log's own verdict as it is now; else the blame that somebody laid here, of several the root cause. */
function verdictOf({ annotations, annotationRows }: ExportTrace): AnnotationRecord | null {
  const own = annotations.filter(({ taxonomy }) => taxonomy === TAXONOMY);
  const said = own.find(({ annotationId }) => annotationId === TAXONOMY) ?? own[0];
  if (said) return said;
  const blames = annotations.filter((_, index) => annotationRows[index]?.kind === 'blame');
  return blames.find(({ isRootCause }) => isRootCause) ?? blames[0] ?? null;
}

/** `Algorithm-Generated/7.json`, as the data set names it. */
function pathOf({ record }: ExportTrace): string {
  const { file } = record.metadata ?? {};
  const id = record.traceId.startsWith(TRACE_PREFIX) ? record.traceId.slice(TRACE_PREFIX.length) : record.traceId;
  const name = typeof file === 'string' && file !== '' ? file : id;
  return name.endsWith('.json') ? name : `${name}.json`;
}

function receivedText(trace: ExportTrace, unwrap: Unwrap): string | null {
  for (const body of unwrap(trace.received(), trace.record.traceId)) {
    if (body.format !== 'who-and-when') continue;
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body.bytes());
    const value = parseJson(text.replace(/^\uFEFF/, ''));
    if (isJsonObject(value) && Array.isArray(value.history)) return text;
  }
  return null;
}

const VERDICT = ['mistake_agent', 'mistake_step', 'mistake_reason', 'mistake_type'];

/** Members whose annotation still says what they say stay as they are written. Null when the text cannot be edited. */
function withVerdict(text: string, verdict: AnnotationRecord | null, edited: boolean): string | null {
  // Somebody removed it.
  if (!verdict) return withoutMembers(text, VERDICT);
  const said = parseJson(text.replace(/^\uFEFF/, ''));
  if (!isJsonObject(said)) return null;
  const { mistake_agent, mistake_step, mistake_reason } = said;
  const changes = {
    mistake_agent: verdict.agent === labelOf(mistake_agent) ? undefined : verdict.agent,
    mistake_step: stepChange(verdict, mistake_step, edited),
    mistake_reason: verdict.note === labelOf(mistake_reason) ? undefined : verdict.note,
    mistake_type: verdict.category === labelOf(said.mistake_type) ? undefined : verdict.category,
  };
  if (Object.values(changes).every((change) => change === undefined)) return text;
  return withMembers(text, changes);
}

function stepChange({ target }: AnnotationRecord, said: Json | undefined, edited: boolean): Json | undefined {
  const step = target.kind === 'span' ? /^m(\d{1,9})$/.exec(target.id)?.[1] : undefined;
  // What was no index stays as it was written; what was one and marks no message any more is none.
  if (target.kind !== 'span') return edited && isIndex(said) ? '' : undefined;
  if (step === undefined || (said !== undefined && Number(said) === Number(step) && said !== '')) return undefined;
  return typeof said === 'number' ? Number(step) : step;
}

function isIndex(said: Json | undefined): boolean {
  return (typeof said === 'string' || typeof said === 'number') && /^\d{1,9}$/.test(String(said).trim());
}

/** Members that the metadata holds beside those of the log. */
const DERIVED = new Set(['file', 'task']);

function toldAgain(trace: ExportTrace, verdict: AnnotationRecord | null): string {
  const { metadata = {} } = trace.record;
  const history: Json[] = [];
  const prompts: Record<string, Json> = {};
  let step: string | null = null;
  for (const span of trace.spans()) {
    if (verdict?.target.kind === 'span' && verdict.target.id === span.spanId) step = String(history.length);
    history.push(messageOf(span));
    const prompt = promptOf(span);
    if (span.agent !== null && prompt !== null && !Object.hasOwn(prompts, span.agent)) prompts[span.agent] = prompt;
  }
  const document: JsonObject = {
    ...Object.fromEntries(Object.entries(metadata).filter(([key]) => !DERIVED.has(key))),
    ...Object.fromEntries(trace.scores.flatMap(({ name, passed }) => (passed === null ? [] : [[name, passed]]))),
    question: metadata.task ?? trace.row.name,
    ...(Object.keys(prompts).length > 0 ? { system_prompt: prompts } : {}),
    history,
    ...(verdict
      ? {
          mistake_agent: verdict.agent,
          mistake_step: verdict.extra.mistake_step !== undefined && step === null ? verdict.extra.mistake_step : step,
          mistake_reason: verdict.note,
          ...(verdict.category === null ? {} : { mistake_type: verdict.category }),
        }
      : {}),
  };
  return `${JSON.stringify(document, null, 4)}\n`;
}

function messageOf(span: SpanRecord): Json {
  const { role, ...rest } = span.attributes;
  const content = span.output.map(contentText).join('\n');
  // In a log of the Hand-Crafted kind the role says who speaks, and no name does.
  if (span.origin.dialect === TAXONOMY && typeof role === 'string' && !isChatRole(role)) return { content, role };
  const name = span.agent ?? span.tool ?? span.name;
  const plain = span.origin.dialect === TAXONOMY ? rest : {};
  return { content, name, role: typeof role === 'string' ? role : 'assistant', ...plain };
}

function isChatRole(role: string): boolean {
  return role === 'user' || role === 'assistant' || role === 'system' || role === 'tool';
}

function promptOf(span: SpanRecord): string | null {
  const first = span.input[0];
  return first?.kind === 'message' && first.role === 'system' ? contentText(first) : null;
}
