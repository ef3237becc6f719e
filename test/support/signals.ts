/** Requests of the three OTLP signals as real clients sent them, and what an engine that took them then shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import type { SpanDetail, TraceRow } from '#shared/trace.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { endpoint, startEngine } from './workspace.ts';

const ROOT = join(import.meta.dirname, '../fixtures/formats');
const PATHS: Readonly<Record<string, string>> = {
  otlp: '/v1/traces',
  'otlp-logs': '/v1/logs',
  'otlp-metrics': '/v1/metrics',
};

export type Request = { readonly path: string; readonly bytes: Uint8Array };

/** `otlp-logs/claude-code-json` */
export function requestOf(fixture: string): Request {
  const folder = join(ROOT, fixture);
  const file = readdirSync(folder).find((each) => each.startsWith('input.')) ?? '';
  const stored = readFileSync(join(folder, file));
  const path = PATHS[fixture.split('/', 1)[0] ?? ''] ?? '/';
  return { path, bytes: file.endsWith('.gz') ? gunzipSync(stored) : stored };
}

export async function sendRequest(engine: Engine, { path, bytes }: Request): Promise<Response> {
  const type = bytes[0] === 0x7b ? 'application/json' : 'application/x-protobuf';
  const headers = { 'content-type': type, 'user-agent': 'client' };
  return fetch(endpoint(engine, path), { method: 'POST', headers, body: bytes as BodyInit });
}

export type ShownTrace = {
  readonly row: Omit<TraceRow, 'revision' | 'lastReceivedAt'>;
  /** In tree order. */
  readonly spans: readonly SpanDetail[];
};

/** A fresh engine that took the requests one after the other; its traces by id. */
export async function shownAfter(requests: readonly Request[]): Promise<{ engine: Engine; traces: ShownTrace[] }> {
  const engine = await startEngine();
  for (const request of requests) {
    const response = await sendRequest(engine, request);
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  }
  await engine.settle();
  const { rows } = await engine.call('trace.list', { limit: 100 });
  const traces: ShownTrace[] = [];
  for (const { revision: _revision, lastReceivedAt: _last, ...row } of rows) {
    const { columns } = await engine.call('trace.open', { traceId: row.id });
    // Reading 700 spans of internal work one by one would be most of the test.
    const told = columns.ids.filter((_, at) => SPAN_KINDS[columns.kind[at] ?? 0] !== 'custom');
    const spans = await Promise.all(told.map((spanId) => engine.call('span.get', { traceId: row.id, spanId })));
    traces.push({ row, spans: spans.map(withoutKeys) });
  }
  return { engine, traces: traces.sort((a, b) => (a.row.id < b.row.id ? -1 : 1)) };
}

/** Content keys count up in the order of arrival. */
function withoutKeys(span: SpanDetail): SpanDetail {
  const plain = (items: SpanDetail['input']): SpanDetail['input'] => items.map((item) => ({ ...item, key: 0 }));
  return { ...span, input: plain(span.input), output: plain(span.output) };
}

export function spansOf(traces: readonly ShownTrace[], kind: (typeof SPAN_KINDS)[number]): SpanDetail[] {
  return traces.flatMap(({ spans }) => spans.filter((span) => span.kind === kind));
}

export function failed(spans: readonly SpanDetail[]): SpanDetail[] {
  return spans.filter(({ status }) => status === SPAN_STATUSES[2]);
}

/** A JSON body of logs without the ids of traces and spans, as clients send it whose spans are off. */
export function withoutIds({ path, bytes }: Request): Request {
  const body = JSON.parse(Buffer.from(bytes).toString('utf8'), (key, value: unknown) =>
    key === 'traceId' || key === 'spanId' ? undefined : value,
  ) as unknown;
  return { path, bytes: Buffer.from(JSON.stringify(body)) };
}

type LogsBody = { resourceLogs: { scopeLogs: { scope: unknown; logRecords: unknown[] }[]; resource: unknown }[] };

/** Each record of a JSON body of logs as a request of its own. */
export function recordByRecord({ path, bytes }: Request): Request[] {
  const { resourceLogs } = JSON.parse(Buffer.from(bytes).toString('utf8')) as LogsBody;
  return resourceLogs.flatMap((group) =>
    group.scopeLogs.flatMap((scope) =>
      scope.logRecords.map((record) => {
        const body = { resourceLogs: [{ ...group, scopeLogs: [{ ...scope, logRecords: [record] }] }] };
        return { path, bytes: Buffer.from(JSON.stringify(body)) };
      }),
    ),
  );
}
