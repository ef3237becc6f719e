/** What the workspace keeps of judges: endpoints, how they answer, what they answered, and what was sent to them. */
import type { EndpointDraft, OutboundPage, OutboundRow } from '#shared/endpoint.ts';
import { ENDPOINT_STYLES, OUTBOUND_KEPT } from '#shared/endpoint.ts';
import type { Connection, Reader, Writer } from './database.ts';

export type StoredEndpoint = EndpointDraft & { readonly id: string; readonly confirmedFor: string | null };

type EndpointColumns = {
  readonly endpoint_id: string;
  readonly label: string;
  readonly base_url: string;
  readonly style: string;
  readonly api_version: string | null;
  readonly model: string;
  readonly always_own_model: number;
  readonly embedding_model: string | null;
  readonly concurrency: number;
  readonly timeout_ms: number;
  readonly api_key_env: string | null;
  readonly is_default: number;
  readonly confirmed_for: string | null;
};

/** In the order in which they were made. */
export function readEndpoints(reader: Reader): StoredEndpoint[] {
  return reader
    .all<EndpointColumns>('SELECT * FROM judge_endpoint ORDER BY created_at, endpoint_id')
    .map((row): StoredEndpoint => ({
      id: row.endpoint_id,
      label: row.label,
      baseUrl: row.base_url,
      style: ENDPOINT_STYLES.find((style) => style === row.style) ?? 'openai',
      apiVersion: row.api_version,
      model: row.model,
      alwaysOwnModel: row.always_own_model === 1,
      embeddingModel: row.embedding_model,
      concurrency: row.concurrency,
      timeoutMs: row.timeout_ms,
      apiKeyEnv: row.api_key_env,
      isDefault: row.is_default === 1,
      confirmedFor: row.confirmed_for,
    }));
}

/** One of them is the default: this one where it says so, or where none is. */
export function writeEndpoint(connection: Connection, endpoint: StoredEndpoint, now: number): void {
  connection.transaction((writer) => {
    if (endpoint.isDefault) writer.run('UPDATE judge_endpoint SET is_default = 0');
    writer.run(
      `INSERT INTO judge_endpoint (endpoint_id, label, base_url, style, api_version, model, always_own_model,
         embedding_model, concurrency, timeout_ms, api_key_env, is_default, confirmed_for, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (endpoint_id) DO UPDATE SET label = excluded.label, base_url = excluded.base_url,
         style = excluded.style, api_version = excluded.api_version, model = excluded.model,
         always_own_model = excluded.always_own_model, embedding_model = excluded.embedding_model,
         concurrency = excluded.concurrency, timeout_ms = excluded.timeout_ms, api_key_env = excluded.api_key_env,
         is_default = excluded.is_default, confirmed_for = excluded.confirmed_for`,
      [
        endpoint.id,
        endpoint.label,
        endpoint.baseUrl,
        endpoint.style,
        endpoint.apiVersion,
        endpoint.model,
        Number(endpoint.alwaysOwnModel),
        endpoint.embeddingModel,
        endpoint.concurrency,
        endpoint.timeoutMs,
        endpoint.apiKeyEnv,
        Number(endpoint.isDefault),
        endpoint.confirmedFor,
        now,
      ],
    );
    keepOneDefault(writer);
  });
}

export function removeEndpoint(connection: Connection, id: string): boolean {
  return connection.transaction((writer) => {
    const { changes } = writer.run('DELETE FROM judge_endpoint WHERE endpoint_id = ?', [id]);
    keepOneDefault(writer);
    return changes > 0;
  });
}

function keepOneDefault(writer: Writer): void {
  writer.run(
    `UPDATE judge_endpoint SET is_default = 1
     WHERE endpoint_id = (SELECT endpoint_id FROM judge_endpoint ORDER BY created_at, endpoint_id LIMIT 1)
       AND NOT EXISTS (SELECT 1 FROM judge_endpoint WHERE is_default = 1)`,
  );
}

export function readAnswerForm(reader: Reader, baseUrl: string, model: string): string | null {
  return (
    reader.get<{ form: string }>('SELECT form FROM judge_answer_form WHERE base_url = ? AND model = ?', [
      baseUrl,
      model,
    ])?.form ?? null
  );
}

export function writeAnswerForm(connection: Connection, baseUrl: string, model: string, form: string): void {
  connection.lazyTransaction((writer) => {
    writer.run('INSERT OR REPLACE INTO judge_answer_form (base_url, model, form) VALUES (?, ?, ?)', [
      baseUrl,
      model,
      form,
    ]);
  });
}

/** JSON text; null = not asked before. */
export function readAnswer(reader: Reader, key: Uint8Array): string | null {
  return reader.get<{ answer: string }>('SELECT answer FROM judge_answer WHERE cache_key = ?', [key])?.answer ?? null;
}

/** @param traceIds the answer goes with any of these */
export function writeAnswer(
  connection: Connection,
  row: { readonly key: Uint8Array; readonly model: string; readonly answer: string; readonly now: number },
  traceIds: readonly string[],
): void {
  connection.transaction((writer) => {
    writer.run('INSERT OR REPLACE INTO judge_answer (cache_key, model, answer, created_at) VALUES (?, ?, ?, ?)', [
      row.key,
      row.model,
      row.answer,
      row.now,
    ]);
    rememberTraces(writer, row.key, traceIds);
  });
}

export function readEmbedding(reader: Reader, key: Uint8Array): Float32Array | null {
  const found = reader.get<{ vector: Uint8Array }>('SELECT vector FROM embedding WHERE cache_key = ?', [key]);
  // Copied: what SQLite hands out need not begin at a multiple of four bytes.
  return found ? new Float32Array(new Uint8Array(found.vector).buffer) : null;
}

export function writeEmbeddings(
  connection: Connection,
  rows: readonly { readonly key: Uint8Array; readonly vector: Float32Array }[],
  traceIds: readonly string[],
  now: number,
): void {
  connection.lazyTransaction((writer) => {
    for (const { key, vector } of rows) {
      const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
      writer.run('INSERT OR REPLACE INTO embedding (cache_key, vector, created_at) VALUES (?, ?, ?)', [
        key,
        bytes,
        now,
      ]);
      rememberTraces(writer, key, traceIds);
    }
  });
}

function rememberTraces(writer: Writer, key: Uint8Array, traceIds: readonly string[]): void {
  for (const traceId of traceIds)
    writer.run('INSERT OR IGNORE INTO model_cache_trace (trace_id, cache_key) VALUES (?, ?)', [traceId, key]);
}

export function addOutbound(connection: Connection, row: Omit<OutboundRow, 'id'>): void {
  connection.transaction((writer) => {
    const { rowid } = writer.run(
      `INSERT INTO outbound_request (time, host, loopback, purpose, bytes_sent, bytes_received, status, duration_ms, error)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        row.time,
        row.host,
        Number(row.loopback),
        row.purpose,
        row.bytesSent,
        row.bytesReceived,
        row.status,
        Math.round(row.durationMs),
        row.error,
      ],
    );
    // Of each sort by itself: what stayed here must not push out what went elsewhere.
    writer.run('DELETE FROM outbound_request WHERE request_id <= ? AND loopback = ?', [
      rowid - OUTBOUND_KEPT,
      Number(row.loopback),
    ]);
  });
}

export function listOutbound(reader: Reader, limit: number): OutboundPage {
  const total = reader.get<{ requests: number; sent: number | null; elsewhere: number | null }>(
    'SELECT count(*) AS requests, sum(bytes_sent) AS sent, sum(loopback = 0) AS elsewhere FROM outbound_request',
  );
  const rows = reader.all<Omit<OutboundRow, 'loopback'> & { readonly loopback: number }>(
    `SELECT request_id AS id, time, host, loopback, purpose, bytes_sent AS bytesSent, bytes_received AS bytesReceived, status,
       duration_ms AS durationMs, error
     FROM outbound_request ORDER BY request_id DESC LIMIT ?`,
    [limit],
  );
  return {
    rows: rows.map((row) => ({ ...row, loopback: row.loopback === 1 })),
    requests: total?.requests ?? 0,
    elsewhere: total?.elsewhere ?? 0,
    bytesSent: total?.sent ?? 0,
  };
}
