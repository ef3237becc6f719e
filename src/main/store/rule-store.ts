/** Where user rules are kept, and what they replaced. */
import type { Json } from '#shared/json.ts';
import type { SpanKind, SpanRecord } from '#shared/record.ts';
import type { Rule } from '#shared/rules.ts';
import { parseRules } from '#shared/parse-rules.ts';
import type { Reader, Writer } from './database.ts';

const RULES = 'rules';
/** The rules that the whole workspace was last rebuilt with. */
const APPLIED = 'rules_applied';

/** The stored rules; none when they cannot be read, which only a hand in the file can bring about. */
export function readRules(reader: Reader): readonly Rule[] {
  const parsed = parseRules(readJson(readSetting(reader, RULES) ?? '[]'));
  return parsed.ok ? parsed.value : [];
}

export function writeRules(writer: Writer, rules: readonly Rule[]): void {
  writeSetting(writer, RULES, JSON.stringify(rules));
}

/** False when the rules were changed since all traces were rebuilt with them. */
export function areRulesApplied(reader: Reader): boolean {
  return effect(readRules(reader)) === (readSetting(reader, APPLIED) ?? '[]');
}

export function noteRulesApplied(writer: Writer): void {
  writeSetting(writer, APPLIED, effect(readRules(writer)));
}

/** What matters of the rules: labels, ids and those that are switched off change nothing. */
function effect(rules: readonly Rule[]): string {
  return JSON.stringify(rules.filter((rule) => rule.enabled).map(({ match, set }) => ({ match, set })));
}

export function readSetting(reader: Reader, key: string): string | null {
  return reader.get<{ value: string }>('SELECT value FROM setting WHERE key = ?', [key])?.value ?? null;
}

export function writeSetting(writer: Writer, key: string, value: string | null): void {
  if (value === null) writer.run('DELETE FROM setting WHERE key = ?', [key]);
  else
    writer.run(
      'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      [key, value],
    );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** The fields of a span that rules may set. */
export type RuledFields = {
  readonly kind: SpanKind;
  readonly agent: string | null;
  readonly tool: string | null;
  readonly handoff: SpanRecord['handoff'];
};

export function ruledFields({ kind, agent, tool, handoff }: RuledFields): RuledFields {
  return { kind, agent, tool, handoff };
}

/** Remembers what the source said of a span that rules changed; null = they changed nothing. */
export function putBase(writer: Writer, traceKey: number, spanId: string, base: RuledFields | null): void {
  if (base)
    writer.run(
      `INSERT INTO span_rule (span_key, base) SELECT span_key, ? FROM span WHERE trace_key = ? AND span_id = ?
       ON CONFLICT (span_key) DO UPDATE SET base = excluded.base`,
      [JSON.stringify(base), traceKey, spanId],
    );
  else
    writer.run(
      'DELETE FROM span_rule WHERE span_key = (SELECT span_key FROM span WHERE trace_key = ? AND span_id = ?)',
      [traceKey, spanId],
    );
}

export function hasBases(reader: Reader): boolean {
  return reader.get('SELECT 1 FROM span_rule LIMIT 1') !== undefined;
}

export function readBase(reader: Reader, traceKey: number, spanId: string): RuledFields | null {
  const row = reader.get<{ base: string }>(
    'SELECT base FROM span_rule WHERE span_key = (SELECT span_key FROM span WHERE trace_key = ? AND span_id = ?)',
    [traceKey, spanId],
  );
  return row ? (JSON.parse(row.base) as RuledFields) : null;
}

/**
 * Puts a trace into the session that a rule names. Of several rules the first in their list wins, of two texts of one rule
 * the greater: the order of arrival does not count.
 */
export function putRuleSession(writer: Writer, traceKey: number, session: { id: string; rank: number }): void {
  const { changes } = writer.run(
    `INSERT INTO trace_rule (trace_key, session_id, rank) VALUES (?, ?, ?)
     ON CONFLICT (trace_key) DO UPDATE SET session_id = excluded.session_id, rank = excluded.rank
       WHERE excluded.rank < rank OR (excluded.rank = rank AND excluded.session_id > session_id)`,
    [traceKey, session.id, session.rank],
  );
  if (changes > 0)
    writer.run(
      'UPDATE trace SET session_id = (SELECT r.session_id FROM trace_rule r WHERE r.trace_key = trace.trace_key) WHERE trace_key = ?',
      [traceKey],
    );
}

/** True when a rule says which session the trace belongs to: then nothing that arrives does. */
export function hasRuleSession(reader: Reader, traceKey: number): boolean {
  return reader.get('SELECT 1 FROM trace_rule WHERE trace_key = ?', [traceKey]) !== undefined;
}

export function hasRuleSessions(reader: Reader): boolean {
  return reader.get('SELECT 1 FROM trace_rule LIMIT 1') !== undefined;
}
