/**
 * Clients of every kind at once, and an engine that is killed in the middle: whatever was acknowledged is there, spans that
 * were told in several requests are one, and what is derived fits the rows.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace, random } from '../support/make-trace.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const KILLS = 8;
const script = fileURLToPath(new URL('../support/serve-engine.ts', import.meta.url));
const GRPC = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const USED = { input: 41, output: 17 };

/** A model call that is told in steps; once all of them are acknowledged, all of it has to show. */
type Told = { readonly spanName: string; readonly steps: readonly Step[] };
type Step = { readonly path: string; readonly body: object };

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, '0');
}

function nanos(ms: number): string {
  return `${1_795_289_345_000 + ms}000000`;
}

function attributes(given: Readonly<Record<string, string>>): object[] {
  return Object.entries(given).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

function logs(scope: string, record: object): Step {
  return {
    path: '/v1/logs',
    body: { resourceLogs: [{ scopeLogs: [{ scope: { name: scope }, logRecords: [record] }] }] },
  };
}

const KINDS: readonly ((n: number) => Told)[] = [
  (n) => {
    const span = {
      object: 'trace.span',
      id: `agents-${n}`,
      trace_id: `agents-trace-${n}`,
      parent_id: null,
      started_at: '2026-01-01T00:00:00Z',
      ended_at: null,
      span_data: { type: 'generation', model: 'm', usage: null },
      error: null,
    };
    const usage = { input_tokens: USED.input, output_tokens: USED.output };
    const ended = { ...span, ended_at: '2026-01-01T00:00:01Z', span_data: { ...span.span_data, usage } };
    const steps = [[span], [ended]].map((data) => ({ path: '/v1/traces/ingest', body: { data } }));
    return { spanName: `agents-${n}`, steps };
  },
  (n) => {
    const id = `0195f3a0-0000-7000-8000-${hex(n, 12)}`;
    const ids = { id, trace_id: id, dotted_order: `20260101T000000000000Z${id}` };
    const usage = { input_tokens: USED.input, output_tokens: USED.output, total_tokens: USED.input + USED.output };
    const start = { ...ids, name: 'call', run_type: 'llm', start_time: '2026-01-01T00:00:00.000Z', inputs: {} };
    const end = { ...ids, end_time: '2026-01-01T00:00:01.000Z', outputs: { usage_metadata: usage } };
    const steps = [{ post: [start] }, { patch: [end] }].map((body) => ({ path: '/runs/batch', body }));
    return { spanName: id, steps };
  },
  (n) => {
    const id = `langfuse-${n}`;
    const at = '2026-01-01T00:00:00.000Z';
    const event = (type: string, body: object): Step => ({
      path: '/api/public/ingestion',
      body: { batch: [{ id: `${id}-${type}`, type, timestamp: at, body }] },
    });
    const usage = { input: USED.input, output: USED.output, total: USED.input + USED.output, unit: 'TOKENS' };
    const given = { id, traceId: `langfuse-trace-${n}` };
    const steps = [
      event('generation-create', { ...given, name: 'call', startTime: at, model: 'm' }),
      event('generation-update', { ...given, endTime: '2026-01-01T00:00:01.000Z', usage }),
    ];
    return { spanName: id, steps };
  },
  (n) => {
    const [traceId, spanId] = [`c0de${hex(n, 28)}`, `c0de${hex(n, 12)}`];
    const conversation = { 'conversation.id': `talk-${n}`, model: 'm' };
    const asked = { 'event.name': 'codex.api_request', duration_ms: '3', endpoint: '/responses', ...conversation };
    const answered = { input_token_count: String(USED.input), output_token_count: String(USED.output) };
    const told = { 'event.name': 'codex.sse_event', 'event.kind': 'response.completed', ...conversation, ...answered };
    const steps = [
      logs('codex_otel', { timeUnixNano: nanos(n * 10), traceId, spanId, attributes: attributes(asked) }),
      logs('codex_otel', { timeUnixNano: nanos(n * 10 + 9), attributes: attributes(told) }),
    ];
    return { spanName: spanId, steps: n % 2 === 0 ? steps : steps.toReversed() };
  },
];

test(
  `after ${KILLS} kills all that was acknowledged is there, whole and counted once`,
  { timeout: 120_000 },
  async () => {
    const workspace = join(temporaryFolder(), 'mixed.tracewright');
    const whole = new Set<string>();
    const acknowledged = new Set<string>();
    const moment = random(3);
    let count = 0;
    let broken = 0;

    for (let round = 0; round < KILLS; round++) {
      const { child, url } = await startProcess(workspace);
      const client = new Client(new URL(url).host, credentials.createInsecure());
      const wanted = 10 + Math.floor(moment() * 60);
      let answers = 0;
      let dead = false;
      const extraMs = moment() * 15;
      const took = (): void => {
        if (++answers === wanted) setTimeout(() => child.kill('SIGKILL'), extraMs);
      };

      async function tell(kind: (n: number) => Told): Promise<void> {
        while (!dead) {
          const { spanName, steps } = kind(++count);
          try {
            for (const { path, body } of steps) {
              const headers = { 'content-type': 'application/json' };
              const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
              if (!response.ok && response.status !== 503)
                throw new Error(`${path}: ${response.status} ${await response.text()}`);
              if (!response.ok) return;
              took();
            }
            whole.add(spanName);
          } catch (cause) {
            if (cause instanceof Error && cause.message.startsWith('/')) throw cause;
            broken++;
            return;
          }
        }
      }

      async function trace(send: (body: Buffer) => Promise<boolean>): Promise<void> {
        while (!dead) {
          const spans = makeTrace('handoff-chain', { seed: ++count, spans: 30 });
          if (!(await send(Buffer.from(otlpProtobuf(spans))).catch(() => false))) return;
          for (const span of spans) acknowledged.add(span.spanId);
          took();
        }
      }

      const overHttp = async (body: Buffer): Promise<boolean> => {
        const headers = { 'content-type': 'application/x-protobuf' };
        return (await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: body as BodyInit })).ok;
      };
      const overGrpc = (body: Buffer): Promise<boolean> =>
        new Promise((resolve) => {
          const same = (bytes: Buffer): Buffer => bytes;
          client.makeUnaryRequest(GRPC, same, same, body, new Metadata(), (error) => {
            resolve(error === null);
          });
        });
      const gone = once(child, 'exit').then(() => {
        dead = true;
      });
      await Promise.all([...KINDS.map(tell), trace(overHttp), trace(overGrpc), gone]);
      client.close();
    }

    expect(broken).toBeGreaterThan(KILLS);
    const engine = await startEngine({ workspace });
    await engine.settle();
    await engine.close();
    const db = new Database(workspace, { readonly: true });
    const rows = db
      .prepare(
        'SELECT span_id, s.end_ns IS NOT NULL AS ended, t.input_tokens, t.output_tokens FROM span s JOIN trace t USING (trace_key)',
      )
      .raw()
      .all();
    const bad = db
      .prepare(
        `SELECT trace_id FROM trace t WHERE dirty = 1 OR spans <> (SELECT count(*) FROM span s WHERE s.trace_key = t.trace_key)
         OR spans <> (SELECT received FROM trace_ledger l WHERE l.trace_key = t.trace_key)
         OR (SELECT count(*) FROM raw_trace r WHERE r.trace_key = t.trace_key) = 0`,
      )
      .pluck()
      .all();
    const integrity = db.pragma('integrity_check', { simple: true });
    const foreign = db.pragma('foreign_key_check');
    const strayTraces = db
      .prepare("SELECT trace_id FROM trace WHERE trace_id LIKE 'codex:%'")
      .pluck()
      .all() as string[];
    db.close();
    const byId = new Map((rows as [string, number, number, number][]).map(([id, ...rest]) => [id, rest]));
    const ids = (rows as [string][]).map(([id]) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect([...acknowledged].filter((id) => !byId.has(id))).toEqual([]);
    const wrong = [...whole].filter(
      (id) => JSON.stringify(byId.get(id)) !== JSON.stringify([1, USED.input, USED.output]),
    );
    expect(wrong).toEqual([]);
    expect({ bad, integrity, foreign }).toEqual({ bad: [], integrity: 'ok', foreign: [] });
    // Only answers whose request was never acknowledged stand alone.
    expect(strayTraces.filter((id) => whole.has(`c0de${hex(Number(id.slice('codex:talk-'.length)), 12)}`))).toEqual([]);
  },
);

async function startProcess(workspace: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [script, workspace], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: chunk.toString().trim() };
}
