/** The fixtures of all formats: `test/fixtures/formats/<format id>/<case>/input.*`, gzip or plain. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Format } from '#shared/format.ts';
import { contentText } from '#shared/message.ts';
import type {
  AnnotationRecord,
  MetricRecord,
  NormalisedRecord,
  ScoreRecord,
  SpanRecord,
  Usage,
} from '#shared/record.ts';
import { detectFormat, formatForPath } from '../../src/main/formats/registry.ts';

const ROOT = join(import.meta.dirname, '../fixtures/formats');
export const HEAD_BYTES = 64 * 1024;
/** Traces with more spans than this are kept as a count and a digest. */
const LISTED_SPANS = 120;

export type Case = {
  readonly format: string;
  readonly name: string;
  readonly folder: string;
  readonly bytes: Uint8Array;
};

export function loadCases(): Case[] {
  return folders(ROOT).flatMap((format) =>
    folders(join(ROOT, format)).flatMap((name) => {
      const folder = join(ROOT, format, name);
      const input = readdirSync(folder).find((file) => file.startsWith('input.'));
      if (input === undefined) return [];
      const bytes = readFileSync(join(folder, input));
      return [{ format, name, folder, bytes: input.endsWith('.gz') ? gunzipSync(bytes) : bytes }];
    }),
  );
}

function folders(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

export type Outcome = { readonly records: readonly NormalisedRecord[]; readonly errors: readonly string[] };

/** Decodes as an import of a file does: containers are unpacked, and each body goes to the decoder of its path or shape. */
export function decodeAll(format: Format, bytes: Uint8Array, name: string | null = null): Outcome {
  if (format.type === 'decoder') {
    const result = format.decode(bytes, { name, contentType: null, userAgent: null });
    return result.ok
      ? { records: result.value.records, errors: [] }
      : { records: [], errors: [`${result.error.code}: ${result.error.message}`] };
  }
  const records: NormalisedRecord[] = [];
  const errors: string[] = [];
  for (const unpacked of format.unpack(bytes)) {
    if (!unpacked.ok) {
      errors.push(`${unpacked.error.code}: ${unpacked.error.message}`);
      continue;
    }
    const { path, contentType, userAgent, bytes: body } = unpacked.value;
    const inner =
      (path === null ? null : formatForPath(path)) ?? detectFormat(body.subarray(0, HEAD_BYTES), null)?.format;
    if (inner?.type !== 'decoder') {
      errors.push(`unsupported_format: ${path}`);
      continue;
    }
    const result = inner.decode(body, { name: null, contentType, userAgent });
    if (result.ok) for (const record of result.value.records) records.push(record);
    else errors.push(`${result.error.code}: ${result.error.message}`);
  }
  return { records, errors };
}

export type Golden = {
  readonly traces: readonly GoldenTrace[];
  readonly metrics?: readonly string[];
  readonly definitions?: readonly string[];
  readonly issues: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
};
type GoldenTrace = {
  readonly id: string;
  readonly name: string | null;
  readonly session: string | null;
  readonly origin: string | null;
  readonly spans: readonly string[] | { readonly count: number; readonly sha256: string };
  /** Annotations and scores. */
  readonly verdicts?: readonly string[];
};

/** What a golden keeps: a line per span that a person can read, and a digest of the content that stands behind it. */
export function summarise({ records, errors }: Outcome): Golden {
  const traces = new Map<
    string,
    { name: string | null; session: string | null; origin: string | null; lines: string[]; verdicts?: string[] }
  >();
  const issues: Record<string, number> = {};
  const metrics: string[] = [];
  const definitions: string[] = [];
  const traceOf = (id: string): NonNullable<ReturnType<typeof traces.get>> => {
    const known = traces.get(id);
    if (known) return known;
    const fresh = { name: null, session: null, origin: null, lines: [] };
    traces.set(id, fresh);
    return fresh;
  };
  for (const record of records) {
    if (record.type === 'issue') {
      const key = `${record.severity} ${record.code}${record.spanId === undefined ? '' : ` ${record.spanId}`}`;
      issues[key] = (issues[key] ?? 0) + 1;
    } else if (record.type === 'metric') {
      metrics.push(metricLine(record));
    } else if (record.type === 'definition') {
      definitions.push(`${record.kind} ${JSON.stringify(record.definition)}`);
    } else if (record.type === 'trace') {
      const trace = traceOf(record.traceId);
      trace.name = record.name ?? trace.name;
      trace.session = record.sessionId ?? trace.session;
    } else if (record.type === 'revision') {
      (traceOf(record.traceId).verdicts ??= []).push(
        `revision of ${record.annotationId} by ${typeof record.body.author === 'string' ? record.body.author : 'nobody'}`,
      );
    } else if (record.type === 'annotation' || record.type === 'score') {
      (traceOf(record.traceId).verdicts ??= []).push(verdictLine(record));
    } else {
      const trace = traceOf(record.traceId);
      const { dialect, scopeName, scopeVersion } = record.origin;
      trace.origin ??= [dialect, scopeName, scopeVersion].filter((each) => each !== null).join(' ');
      trace.lines.push(spanLine(record));
    }
  }
  return {
    traces: [...traces].map(([id, { name, session, origin, lines, verdicts }]) => ({
      id,
      name,
      session,
      origin,
      spans: lines.length > LISTED_SPANS ? { count: lines.length, sha256: digest(lines.join('\n'), 64) } : lines,
      ...(verdicts ? { verdicts } : {}),
    })),
    ...(metrics.length === 0 ? {} : { metrics }),
    ...(definitions.length === 0 ? {} : { definitions }),
    issues,
    errors,
  };
}

function metricLine({ name, measure, temporality, value, session, model, agent, service }: MetricRecord): string {
  const who = [session, model, agent, service].map((each) => each ?? '-').join(' ');
  return `${name} ${measure} ${temporality} ${value} | ${who}`;
}

/** Every fact of an annotation or a score, times as text. */
function verdictLine(record: AnnotationRecord | ScoreRecord): string {
  return JSON.stringify(record, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

function spanLine(span: SpanRecord): string {
  const behind = {
    input: span.input,
    output: span.output,
    attributes: span.attributes,
    events: span.events,
    links: span.links,
  };
  const took = span.start === null || span.end === null ? '-' : `${span.end - span.start} ns`;
  return [
    `${span.spanId} < ${span.parentId ?? '-'}`,
    span.subtype === null ? span.kind : `${span.kind}/${span.subtype}`,
    JSON.stringify(span.name),
    `agent=${span.agent ?? '-'} model=${span.model ?? '-'} tool=${span.tool ?? '-'}`,
    `${span.status}${span.error ? ` (${span.error.type ?? '-'}: ${span.error.message.slice(0, 80)})` : ''}`,
    took,
    `tokens ${tokens(span.usage)}${span.reportedUsage ? ` of ${tokens(span.reportedUsage)}` : ''}`,
    `items ${span.input.length} > ${span.output.length}`,
    digest(JSON.stringify(behind, withoutBigInt), 8),
  ].join(' | ');
}

function tokens(usage: Usage | null): string {
  if (!usage) return '-';
  const { input, output, cacheRead, cacheWrite, reasoning } = usage;
  return [input, output, cacheRead, cacheWrite, reasoning].map((count) => count ?? '-').join('/');
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function withoutBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Whatever arrives, what leaves a format keeps the contract that ingest relies on. */
export function contractFaults({ records }: Outcome): string[] {
  const faults: string[] = [];
  for (const record of records) {
    if (record.type === 'issue') {
      const size = Buffer.byteLength(record.detail ?? '');
      if (size > 65_536) faults.push(`detail of ${size} bytes`);
      continue;
    }
    if (record.type === 'metric') {
      if (!Number.isFinite(record.value) || typeof record.time !== 'bigint') faults.push('no point of a metric');
      continue;
    }
    if (typeof record.traceId !== 'string' || record.traceId === '') faults.push('no trace id');
    if (record.type !== 'span') continue;
    if (typeof record.spanId !== 'string' || record.spanId === '') faults.push('no span id');
    if (typeof record.name !== 'string') faults.push('name is no text');
    for (const time of [record.start, record.end])
      if (time !== null && typeof time !== 'bigint') faults.push('time is no bigint');
    for (const label of [record.agent, record.model, record.tool, record.subtype]) {
      if (label !== null && typeof label !== 'string') faults.push('label is no text');
    }
    for (const item of [...record.input, ...record.output]) {
      if (typeof contentText(item) !== 'string') faults.push('content without text');
    }
    // Throws on values that nest too deeply for whatever reads them next, and on values that are not JSON.
    JSON.stringify([record.input, record.output, record.attributes, record.error, record.events, record.links]);
  }
  return faults;
}
