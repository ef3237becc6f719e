/**
 * Decoded spans → records: evaluates all matching dialects at once and takes, field by field, the value of the best
 * rank. One pass over a span's attributes collects everything that can be read from them; readers run afterwards.
 */
import type { Json } from '#shared/json.ts';
import type {
  IssueRecord,
  NormalisedRecord,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanOrigin,
  SpanRecord,
} from '#shared/record.ts';
import { addCandidate, type Candidate, type Content, resolveContent, toSpanEvents } from './content.ts';
import { KIND } from './dialects/readers.ts';
import type { Dialect, FactSource, Field, KindFact, ListSource } from './dialects/types.ts';
import { createFactSheet, type FactSheet } from './facts.ts';
import { readFailureOf } from './failure.ts';
import { isHandoff, targetInToolName } from './handoff.ts';
import { type OtlpScope, type OtlpSpan, setOwn, type SpanSink } from './span.ts';
import { countsFor, isMet, type Of, type Table } from './table.ts';
import { collectTraceFacts } from './trace-facts.ts';
import { NO_USAGE, readUsage } from './usage.ts';
import { verdictsIn } from './verdicts.ts';

/** Rules that rank before this name the kind for good; the handoff check comes next. */
const HANDOFF_RANK = 30;

type Run = {
  readonly table: Table;
  readonly facts: FactSheet;
  readonly kindHits: Hits;
  readonly hits: Hits;
  readonly scopes: Map<OtlpScope, ScopeInfo>;
  lastScope: OtlpScope | null;
  lastInfo: ScopeInfo | null;
};

type ScopeInfo = { readonly matched: number; readonly origins: (SpanOrigin | undefined)[] };

/** Sources with the values that they may read, of one span at a time. */
type Hits = { count: number; readonly of: Of<FactSource>[]; readonly values: Json[] };

export type Merger = {
  readonly add: SpanSink;
  /** Trace records first, then each span with its issues. */
  readonly records: () => NormalisedRecord[];
};

/** For the spans of one body. */
export function createMerger(table: Table): Merger {
  const run: Run = {
    table,
    facts: createFactSheet(),
    kindHits: { count: 0, of: [], values: [] },
    hits: { count: 0, of: [], values: [] },
    scopes: new Map(),
    lastScope: null,
    lastInfo: null,
  };
  const traces = collectTraceFacts(table);
  const records: NormalisedRecord[] = [];
  const started: OtlpSpan[] = [];

  function merge(span: OtlpSpan): void {
    records.push(mergeSpan(run, span));
    for (const verdict of verdictsIn(span)) records.push(verdict);
    traces.add(span, run.facts);
    if (span.start !== null && span.end !== null && span.end < span.start) records.push(negativeDuration(span));
  }

  /** A marker says nothing beside the span that it announces. */
  function mergeStarted(): void {
    if (started.length === 0) return;
    const known = new Set(records.map((record) => (record.type === 'span' ? idOf(record) : '')));
    for (const span of started.splice(0)) {
      const id = idOf(span);
      if (known.has(id)) continue;
      known.add(id);
      merge(span);
    }
  }

  return {
    add(span) {
      for (const { key, read } of table.markers) {
        const announced = span.attributes[key] === undefined ? null : read(span);
        if (announced === null) continue;
        started.push(announced);
        return;
      }
      merge(span);
    },
    records() {
      mergeStarted();
      return [...traces.records(), ...records];
    },
  };
}

function idOf({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }): string {
  return `${traceId} ${spanId}`;
}

function mergeSpan(run: Run, span: OtlpSpan): SpanRecord {
  const { facts, table, kindHits, hits } = run;
  facts.clear();
  kindHits.count = 0;
  hits.count = 0;
  const attributes: Record<string, Json> = {};
  const info = scopeInfo(run, span.scope);
  const candidates: Candidate[] = [];
  let matched = info.matched;
  const given = span.attributes;
  for (const key in given) {
    const value = given[key] ?? null;
    const entry = table.lookup(key);
    if (entry === null) {
      setOwn(attributes, key, value);
      continue;
    }
    matched |= entry.tells;
    for (const of of entry.facts) offer(facts, of, value, span);
    for (const of of entry.kindsIf) addHit(kindHits, of, value);
    for (const of of entry.factsIf) addHit(hits, of, value);
    if (entry.list) addToList(candidates, entry.list.of, key, { path: entry.list.path, value });
    else if (entry.contents.length === 0) attributes[key] = value;
    else for (const of of entry.contents) addCandidate(candidates, { type: 'value', of, key, value });
  }
  if (span.events.length > 0) addEvents(candidates, table, span);

  const { kind, subtype } = readKind(run, span, matched);
  const content =
    candidates.length === 0 ? NO_CONTENT : resolveContent(candidates, { span, kind, subtype, matched, attributes });
  addOtelFields(attributes, span);
  const tool = facts.get('tool');
  const { status, error } = readFailureOf(span, facts);
  const repeats = subtype === 'internal' && matchedSome(table, matched, (dialect) => dialect.internalRepeatsUsage);
  const { usage, reportedUsage, cost } = repeats ? NO_USAGE : readUsage(facts, kind, subtype, table.dialects);
  const aliases = aliasesOf(table, matched, span, { kind, subtype });
  const record: SpanRecord = {
    type: 'span',
    traceId: span.traceId,
    spanId: span.spanId,
    parentId: span.parentId,
    kind,
    subtype,
    name: span.name,
    agent: facts.get('agent'),
    model: facts.get('model'),
    tool: kind === 'tool' ? tool : null,
    toolCallId: facts.get('toolCallId'),
    start: span.start,
    end: span.end,
    status,
    error,
    usage,
    reportedUsage,
    cost,
    handoff:
      kind === 'handoff' || facts.get('handoffTo') !== null
        ? { from: facts.get('handoffFrom'), to: facts.get('handoffTo') }
        : null,
    input: content.input,
    output: content.output,
    attributes,
    events: span.events.length === 0 ? NO_EVENTS : toSpanEvents(span.events, content.consumed),
    links: span.links.length === 0 ? NO_LINKS : [...span.links],
    origin: originOf(run, info, span.scope, matched),
  };
  if (span.part === undefined && aliases.length === 0) return record;
  return {
    ...record,
    ...(span.part === undefined ? {} : { part: span.part }),
    ...(aliases.length === 0 ? {} : { aliases }),
  };
}

function aliasesOf(table: Table, matched: number, span: OtlpSpan, fact: KindFact): readonly string[] {
  if ((matched & table.aliasing) === 0) return NO_ALIASES;
  return table.dialects.flatMap(({ aliases }, at) =>
    aliases && (matched & (1 << at)) !== 0 ? aliases(span, fact) : NO_ALIASES,
  );
}

function matchedSome(table: Table, matched: number, is: (dialect: Dialect) => true | undefined): boolean {
  return table.dialects.some((dialect, at) => (matched & (1 << at)) !== 0 && is(dialect) === true);
}

const NO_ALIASES: readonly string[] = [];

const NO_CONTENT: Content = { input: [], output: [], consumed: null };
const NO_EVENTS: readonly SpanEvent[] = [];
const NO_LINKS: readonly SpanLink[] = [];

function addToList(
  candidates: Candidate[],
  of: Of<ListSource>,
  key: string,
  entry: { readonly path: readonly string[]; readonly value: Json },
): void {
  // The last candidate mostly is the list that this key continues.
  for (let at = candidates.length - 1; at >= 0; at--) {
    const each = candidates[at];
    if (each?.type === 'list' && each.of === of) {
      each.keys.push(key);
      each.entries.push(entry);
      return;
    }
  }
  addCandidate(candidates, { type: 'list', of, keys: [key], entries: [entry] });
}

function addEvents(candidates: Candidate[], table: Table, span: OtlpSpan): void {
  for (const event of span.events) {
    for (const of of table.events.get(event.name) ?? []) {
      const known = candidates.find((each) => each.type === 'events' && each.of === of);
      if (known?.type === 'events') known.events.push(event);
      else addCandidate(candidates, { type: 'events', of, events: [event] });
    }
  }
}

function addHit(hits: Hits, of: Of<FactSource>, value: Json): void {
  hits.of[hits.count] = of;
  hits.values[hits.count++] = value;
}

/** Settles the kind, then all other facts, because many sources count for some kinds only. */
function readKind(run: Run, span: OtlpSpan, matched: number): { kind: SpanKind; subtype: string | null } {
  const { facts, table, kindHits } = run;
  for (let at = 0; at < kindHits.count; at++) {
    const of = kindHits.of[at];
    if (of && isMet(of.needs, matched)) offer(facts, of, kindHits.values[at] ?? null, span);
  }
  const names = table.namesOf(matched);
  for (const of of names.kinds) offer(facts, of, span.name, span);
  let fact = facts.get('kind') ?? KIND.internal;
  offerHits(run, span, matched, fact.kind, false);
  if (fact.kind === 'tool' && facts.rank('kind') >= HANDOFF_RANK && isHandoff(span, facts.get('tool'))) {
    fact = KIND.handoff;
    const target = targetInToolName(facts.get('tool') ?? '');
    facts.offer('handoffTo', HANDOFF_RANK, -1, target);
  }
  for (const of of names.others) if (countsFor(of.when, fact.kind)) offer(facts, of, span.name, span);
  offerHits(run, span, matched, fact.kind, true);
  return fact;
}

function offerHits({ facts, hits }: Run, span: OtlpSpan, matched: number, kind: SpanKind, costly: boolean): void {
  for (let at = 0; at < hits.count; at++) {
    const of = hits.of[at];
    if (!of || of.costly !== costly || !isMet(of.needs, matched) || !countsFor(of.when, kind)) continue;
    offer(facts, of, hits.values[at] ?? null, span);
  }
}

/** Reads only what could win. */
function offer<V extends Json>(facts: FactSheet, of: FactOf<V>, value: V, span: OtlpSpan): void {
  if (of.rank < facts.rank(of.field)) facts.offer(of.field, of.rank, of.dialect, of.read(value, span));
}

/** A source that takes a value of an attribute, or a name. */
type FactOf<V> = {
  readonly field: Field;
  readonly rank: number;
  readonly dialect: number;
  readonly read: (value: V, span: OtlpSpan) => unknown;
};

/** Fields of the span beside its attributes, under the names that the specification gives them in other formats. */
function addOtelFields(attributes: Record<string, Json>, span: OtlpSpan): void {
  const { dropped, otelKind, traceState, scope } = span;
  if (otelKind > 1) attributes['span.kind'] ??= KIND_NAMES[otelKind] ?? otelKind;
  if (traceState !== '') attributes['w3c.tracestate'] ??= traceState;
  if (dropped.attributes > 0) attributes['otel.dropped_attributes_count'] ??= dropped.attributes;
  if (dropped.events > 0) attributes['otel.dropped_events_count'] ??= dropped.events;
  if (dropped.links > 0) attributes['otel.dropped_links_count'] ??= dropped.links;
  for (const key in scope.attributes) attributes[`otel.scope.${key}`] ??= scope.attributes[key] ?? null;
}

const KIND_NAMES = [null, 'internal', 'server', 'client', 'producer', 'consumer'];

function scopeInfo(run: Run, scope: OtlpScope): ScopeInfo {
  if (run.lastScope === scope && run.lastInfo) return run.lastInfo;
  let info = run.scopes.get(scope);
  if (!info) {
    info = { matched: run.table.scopeDialects(scope.name ?? ''), origins: [] };
    run.scopes.set(scope, info);
  }
  run.lastScope = scope;
  run.lastInfo = info;
  return info;
}

function originOf(run: Run, info: ScopeInfo, scope: OtlpScope, matched: number): SpanOrigin {
  const { dialects } = run.table;
  // The lowest bit of the set is the first dialect of the table.
  const at = matched === 0 ? dialects.length - 1 : 31 - Math.clz32(matched & -matched);
  return (info.origins[at] ??= {
    dialect: dialects[at]?.id ?? 'generic',
    scopeName: scope.name,
    scopeVersion: scope.version,
    resource: scope.resource.attributes,
  });
}

function negativeDuration(span: OtlpSpan): IssueRecord {
  return {
    type: 'issue',
    severity: 'warning',
    code: 'negative_duration',
    message: `The span "${span.name.slice(0, 200)}" ends before it starts.`,
    traceId: span.traceId,
    spanId: span.spanId,
  };
}
