/** What would be different if these were the rules, from what is stored: no body is decoded and nothing is written. */
import type { JsonObject } from '#shared/json.ts';
import type { RuleChange, RulesPreview } from '#shared/rpc/contract.ts';
import { AppFailure } from '#shared/result.ts';
import type { CompiledRules, Rule, RuleOutcome, RuleSubject } from '#shared/rules.ts';
import { compileRules, matchingRules, ruleOutcome } from '#shared/rules.ts';
import { ruleFields } from '../ingest/rules.ts';
import type { Reader } from '../store/database.ts';
import type { RuledFields } from '../store/rule-store.ts';
import type { RuleScanRow } from '../store/rule-scan.ts';
import { attributesOf, scanOrigins, scanSpans, traceNames, traceSessions } from '../store/rule-scan.ts';

const LISTED = 50;
/** Spans looked at, and time taken (milliseconds), before the answer says that it is not complete. */
const MAX_SPANS = 2_000_000;
const MAX_MS = 15_000;
/** Traces whose session is followed. */
const MAX_SESSIONS = 100_000;
const SLICE_MS = 12;

type Change = {
  readonly traceKey: number;
  readonly spanId: string;
  readonly spanName: string;
  readonly fields: RuleChange[];
};

export async function previewRules(reader: Reader, rules: readonly Rule[], signal: AbortSignal): Promise<RulesPreview> {
  const compiled = compileRules(rules);
  const matched = new Map(compiled.map(({ rule }) => [rule.id, 0]));
  const origins = scanOrigins(reader);
  const sessions = new Map<number, { id: string; rank: number }>();
  const traces = new Set<number>();
  const listed: Change[] = [];
  const started = performance.now();
  let sliceSince = started;
  let spans = 0;
  let scanned = 0;
  let complete = true;

  for (const row of scanSpans(reader)) {
    scanned++;
    if (performance.now() - sliceSince > SLICE_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });
      sliceSince = performance.now();
    }
    if (scanned > MAX_SPANS || performance.now() - started > MAX_MS) {
      complete = false;
      break;
    }
    const outcome = outcomeOf(reader, compiled, row, origins, matched);
    if (!outcome && row.base === null) continue;
    if (outcome?.session && (sessions.size < MAX_SESSIONS || sessions.has(row.traceKey)))
      keepSession(sessions, row.traceKey, outcome.session);
    const before = row.base ?? row.fields;
    const after = outcome ? ruleFields(outcome, row.name, before) : before;
    const fields = changesOf(row.fields, after);
    if (fields.length === 0) continue;
    spans++;
    traces.add(row.traceKey);
    if (listed.length < LISTED) listed.push({ traceKey: row.traceKey, spanId: row.spanId, spanName: row.name, fields });
  }

  const moved = movedTraces(reader, sessions);
  for (const { traceKey } of moved) traces.add(traceKey);
  const shown = [
    ...moved.slice(0, LISTED / 2).map((each) => ({ ...each, spanId: null, spanName: '' })),
    ...listed,
  ].slice(0, LISTED);
  const names = traceNames(
    reader,
    shown.map((change) => change.traceKey),
  );
  return {
    spans,
    sessions: moved.length,
    traces: traces.size,
    matched: Object.fromEntries(matched),
    changes: shown.map(({ traceKey, spanId, spanName, fields }) => ({
      traceId: names.get(traceKey)?.id ?? '',
      traceName: names.get(traceKey)?.name ?? '',
      spanId,
      spanName,
      fields,
    })),
    scanned,
    complete,
  };
}

function outcomeOf(
  reader: Reader,
  rules: CompiledRules,
  row: RuleScanRow,
  origins: ReturnType<typeof scanOrigins>,
  matched: Map<string, number>,
): RuleOutcome | null {
  if (rules.length === 0) return null;
  const origin = origins.get(row.originKey);
  let attributes: JsonObject | null = null;
  const subject: RuleSubject = {
    dialect: origin?.dialect ?? '',
    scope: origin?.scope ?? null,
    name: row.name,
    attributes: () => (attributes ??= attributesOf(reader, row.spanKey)),
    resource: () => origin?.resource() ?? null,
  };
  const matching = matchingRules(rules, subject);
  if (matching.length === 0) return null;
  for (const { rule } of matching) matched.set(rule.id, (matched.get(rule.id) ?? 0) + 1);
  return ruleOutcome(matching, subject);
}

function keepSession(
  sessions: Map<number, { id: string; rank: number }>,
  traceKey: number,
  session: { readonly id: string; readonly rank: number },
): void {
  const known = sessions.get(traceKey);
  const wins = !known || session.rank < known.rank || (session.rank === known.rank && session.id > known.id);
  if (wins) sessions.set(traceKey, session);
}

function changesOf(before: RuledFields, after: RuledFields): RuleChange[] {
  const changes: RuleChange[] = [];
  function compare(field: RuleChange['field'], a: string | null, b: string | null): void {
    if (a !== b) changes.push({ field, before: a, after: b });
  }
  compare('kind', before.kind, after.kind);
  compare('agent', before.agent, after.agent);
  compare('tool', before.tool, after.tool);
  compare('edge', edgeText(before), edgeText(after));
  return changes;
}

function edgeText({ handoff }: RuledFields): string | null {
  return handoff ? `${handoff.from ?? '?'} → ${handoff.to ?? '?'}` : null;
}

function movedTraces(
  reader: Reader,
  sessions: ReadonlyMap<number, { readonly id: string }>,
): { traceKey: number; fields: RuleChange[] }[] {
  const moved: { traceKey: number; fields: RuleChange[] }[] = [];
  for (const { traceKey, session, ruled } of traceSessions(reader, [...sessions.keys()])) {
    const after = sessions.get(traceKey)?.id ?? null;
    // Without a rule, the session is again what the source says, which is not stored.
    if (after === null ? ruled : after !== session)
      moved.push({ traceKey, fields: [{ field: 'session', before: session, after }] });
  }
  return moved;
}
