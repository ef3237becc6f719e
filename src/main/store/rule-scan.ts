/** Reads all spans past the rules: narrow rows in pages, attributes only of those that a rule asks for. */
import type { JsonObject } from '#shared/json.ts';
import { SPAN_KINDS } from '#shared/record.ts';
import type { Reader } from './database.ts';
import type { RuledFields } from './rule-store.ts';
import { MESSAGES_DIALECT } from './told-calls.ts';

const PAGE = 2_000;

export type RuleScanRow = {
  readonly spanKey: number;
  readonly traceKey: number;
  readonly spanId: string;
  readonly name: string;
  readonly originKey: number;
  readonly fields: RuledFields;
  /** What the source said, where a rule changed it. */
  readonly base: RuledFields | null;
};

type Row = [
  number,
  number,
  string,
  string,
  number,
  number,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
];

/** In pages: other work may run between two of them. Spans made from messages are left out, as rules do not see them. */
export function* scanSpans(reader: Reader): Generator<RuleScanRow> {
  const made = new Set(
    reader
      .rows<[number]>('SELECT origin_key FROM origin WHERE dialect = ?', [MESSAGES_DIALECT])
      .map(([originKey]) => originKey),
  );
  for (let after = -1; ;) {
    const rows = reader.rows<Row>(
      `SELECT s.span_key, s.trace_key, s.span_id, s.name, s.origin_key, s.kind, s.agent, s.tool, s.handoff_from, s.handoff_to, r.base
       FROM span s LEFT JOIN span_rule r USING (span_key) WHERE s.span_key > ? ORDER BY s.span_key LIMIT ${PAGE}`,
      [after],
    );
    for (const [spanKey, traceKey, spanId, name, originKey, kind, agent, tool, from, to, base] of rows) {
      after = spanKey;
      if (made.has(originKey)) continue;
      yield {
        spanKey,
        traceKey,
        spanId,
        name,
        originKey,
        fields: {
          kind: SPAN_KINDS[kind] ?? 'custom',
          agent,
          tool,
          handoff: from === null && to === null ? null : { from, to },
        },
        base: base === null ? null : (JSON.parse(base) as RuledFields),
      };
    }
    if (rows.length < PAGE) return;
  }
}

export type ScanOrigin = {
  readonly dialect: string;
  readonly scope: string | null;
  readonly resource: () => JsonObject | null;
};

export function scanOrigins(reader: Reader): ReadonlyMap<number, ScanOrigin> {
  const rows = reader.rows<[number, string, string | null, string | null]>(
    'SELECT origin_key, dialect, scope_name, resource FROM origin',
  );
  return new Map(
    rows.map(([key, dialect, scope, text]) => {
      let resource: JsonObject | null | undefined;
      function parsed(): JsonObject | null {
        resource ??= text === null ? null : (JSON.parse(text) as JsonObject);
        return resource;
      }
      return [key, { dialect, scope, resource: parsed }];
    }),
  );
}

export function attributesOf(reader: Reader, spanKey: number): JsonObject {
  const text = reader.get<{ attributes: string }>('SELECT attributes FROM span_body WHERE span_key = ?', [
    spanKey,
  ])?.attributes;
  return text === undefined ? {} : (JSON.parse(text) as JsonObject);
}

export function traceNames(
  reader: Reader,
  traceKeys: readonly number[],
): ReadonlyMap<number, { readonly id: string; readonly name: string }> {
  return new Map(
    reader
      .rows<[number, string, string | null]>(
        `SELECT trace_key, trace_id, coalesce(name, root_name) FROM trace WHERE trace_key IN (SELECT value FROM json_each(?))`,
        [JSON.stringify(traceKeys)],
      )
      .map(([key, id, name]) => [key, { id, name: name ?? id }]),
  );
}

/** Of these traces and of all that a rule has put into a session. */
export function traceSessions(
  reader: Reader,
  traceKeys: readonly number[],
): { readonly traceKey: number; readonly session: string | null; readonly ruled: boolean }[] {
  return reader
    .rows<[number, string | null, number]>(
      `SELECT trace_key, session_id, trace_key IN (SELECT trace_key FROM trace_rule) FROM trace
       WHERE trace_key IN (SELECT value FROM json_each(?) UNION SELECT trace_key FROM trace_rule) ORDER BY trace_key`,
      [JSON.stringify(traceKeys)],
    )
    .map(([traceKey, session, ruled]) => ({ traceKey, session, ruled: ruled === 1 }));
}
