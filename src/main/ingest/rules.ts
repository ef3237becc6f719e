/**
 * User rules between the records and the store: a span is stored as the rules say, and what the source said is kept beside
 * it. Here, too, a span that waits to be rebuilt is replaced by the first version of it that comes.
 */
import type { SpanRecord, TraceRecord } from '#shared/record.ts';
import type { CompiledRules, Rule, RuleOutcome, RuleSubject } from '#shared/rules.ts';
import { compileRules, ruleOutcome } from '#shared/rules.ts';
import type { Reader, Writer } from '../store/database.ts';
import { isStale, unmarkStale } from '../store/rebuild-store.ts';
import type { RuledFields } from '../store/rule-store.ts';
import {
  hasBases,
  hasRuleSession,
  hasRuleSessions,
  putBase,
  putRuleSession,
  readBase,
  readRules,
  ruledFields,
} from '../store/rule-store.ts';
import { rawKeyOfRow } from '../store/part-store.ts';
import { readSpanRecord } from '../store/span-records.ts';
import type { SpanWriter } from '../store/span-writer.ts';

/** The rules in force, and the traces that are being rebuilt: what ingest must know and the engine changes. */
export type RuleBook = {
  readonly rules: () => CompiledRules;
  /** Takes new rules; what is stored already stays as it is. */
  readonly use: (rules: readonly Rule[]) => void;
  /** Traces with spans that wait to be rebuilt. */
  readonly rebuilding: Set<number>;
};

export function createRuleBook(reader: Reader | null): RuleBook {
  let rules = reader ? compileRules(readRules(reader)) : [];
  return {
    rules: () => rules,
    use(next) {
      rules = compileRules(next);
    },
    rebuilding: new Set(),
  };
}

export type Ruled = {
  readonly span: SpanRecord;
  /** What the source said, when the rules changed it. */
  readonly base: RuledFields | null;
  readonly session: RuleOutcome['session'];
};

/** Applies the rules to one whole span. Pure; the same object when nothing matches. */
export function applyRules(rules: CompiledRules, span: SpanRecord): Ruled {
  const outcome = rules.length === 0 ? null : ruleOutcome(rules, subjectOf(span));
  if (!outcome) return { span, base: null, session: null };
  const before = ruledFields(span);
  const after = ruleFields(outcome, span.name, before);
  const base = JSON.stringify(before) === JSON.stringify(after) ? null : before;
  return { span: base ? { ...span, ...after } : span, base, session: outcome.session };
}

function subjectOf(span: SpanRecord): RuleSubject {
  return {
    dialect: span.origin.dialect,
    scope: span.origin.scopeName,
    name: span.name,
    attributes: () => span.attributes,
    resource: () => span.origin.resource,
  };
}

/** The fields as the rules want them. An agent without a name takes the span's. */
export function ruleFields(outcome: RuleOutcome, name: string, before: RuledFields): RuledFields {
  const kind = outcome.kind ?? before.kind;
  const agent = outcome.agent ?? before.agent ?? (outcome.kind === 'agent' && name !== '' ? name : null);
  const edge = outcome.from !== null || outcome.to !== null;
  const handoff = edge
    ? { from: outcome.from ?? before.handoff?.from ?? null, to: outcome.to ?? before.handoff?.to ?? null }
    : before.handoff;
  return { kind, agent, tool: outcome.tool ?? before.tool, handoff };
}

export type RuledSpanWriter = SpanWriter & {
  /** The span as the source told it; null when there is none, or only one that waits to be rebuilt. */
  readonly stored: (writer: Writer, traceKey: number, spanId: string) => { span: SpanRecord; rawKey: number } | null;
};

export function createRuledSpanWriter(inner: SpanWriter, book: RuleBook): RuledSpanWriter {
  /** Whether any span has a base: the look-up is spared those who have no rules. */
  let based: boolean | null = null;

  function remember(writer: Writer, span: SpanRecord, traceKey: number, ruled: Ruled): void {
    if (ruled.base === null) {
      based ??= hasBases(writer);
      if (!based) return;
    } else based = true;
    putBase(writer, traceKey, span.spanId, ruled.base);
  }

  function replace(writer: Writer, span: SpanRecord, traceKey: number, rawKey: number, ruled: Ruled): void {
    inner.replace(writer, ruled.span, traceKey, rawKey);
    remember(writer, span, traceKey, ruled);
    if (book.rebuilding.has(traceKey)) unmarkStale(writer, traceKey, span.spanId);
  }

  return {
    put(writer, span, traceKey, rawKey) {
      const ruled = applyRules(book.rules(), span);
      if (ruled.session) putRuleSession(writer, traceKey, ruled.session);
      if (book.rebuilding.has(traceKey) && isStale(writer, traceKey, span.spanId)) {
        replace(writer, span, traceKey, rawKey, ruled);
        return 'updated';
      }
      const outcome = inner.put(writer, ruled.span, traceKey, rawKey);
      if (outcome === 'updated' || (outcome === 'added' && ruled.base)) remember(writer, span, traceKey, ruled);
      return outcome;
    },
    replace(writer, span, traceKey, rawKey) {
      const ruled = applyRules(book.rules(), span);
      if (ruled.session) putRuleSession(writer, traceKey, ruled.session);
      replace(writer, span, traceKey, rawKey, ruled);
    },
    stored(writer, traceKey, spanId) {
      if (book.rebuilding.has(traceKey) && isStale(writer, traceKey, spanId)) return null;
      const rawKey = rawKeyOfRow(writer, traceKey, spanId);
      const span = rawKey === null ? null : readSpanRecord(writer, traceKey, spanId);
      if (rawKey === null || !span) return null;
      return { span: { ...span, ...(readBase(writer, traceKey, spanId) ?? {}) }, rawKey };
    },
    originKey: (writer, origin) => inner.originKey(writer, origin),
    order: (writer, span, traceKey) => inner.order(writer, applyRules(book.rules(), span).span, traceKey),
    forget() {
      based = null;
      inner.forget();
    },
  };
}

/** A trace whose session a rule has set keeps it, whatever the source says. */
export function withoutRuledSession(
  writer: Reader,
  book: RuleBook,
  traceKey: number,
  record: TraceRecord,
): TraceRecord {
  if (record.sessionId === undefined) return record;
  if (book.rules().length === 0 && !hasRuleSessions(writer)) return record;
  if (!hasRuleSession(writer, traceKey)) return record;
  const { sessionId: _ruled, ...rest } = record;
  return rest;
}
