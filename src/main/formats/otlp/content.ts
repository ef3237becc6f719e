/** Which attributes, lists and events become a span's input and output, and what of them stays where it was. */
import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanEvent, SpanKind } from '#shared/record.ts';
import type {
  ContentContext,
  ContentField,
  ContentSource,
  EventSource,
  ListEntry,
  ListSource,
} from './dialects/types.ts';
import { unsaid } from './restated.ts';
import { type OtlpEvent, type OtlpSpan, setOwn } from './span.ts';
import type { Of } from './table.ts';

export type Candidate =
  | { readonly type: 'value'; readonly of: Of<ContentSource>; readonly key: string; readonly value: Json }
  | { readonly type: 'list'; readonly of: Of<ListSource>; readonly keys: string[]; readonly entries: ListEntry[] }
  | { readonly type: 'events'; readonly of: Of<EventSource>; readonly events: OtlpEvent[] };

type Setting = {
  readonly span: OtlpSpan;
  readonly kind: SpanKind;
  readonly subtype: string | null;
  /** Set of the dialects that the span matches. */
  readonly matched: number;
  /** Attributes that are not taken are put back here. */
  readonly attributes: Record<string, Json>;
  /** Attributes whose content was taken. */
  readonly taken: Set<string>;
  /** What was taken out of which event is noted here. */
  readonly consumed: Map<OtlpEvent, Set<string>>;
};

export type Content = { readonly input: readonly ContentItem[]; readonly output: readonly ContentItem[] };

export function resolveContent(candidates: readonly Candidate[], given: Omit<Setting, 'taken'>): Content {
  const setting: Setting = { ...given, taken: new Set() };
  const system = resolveField('system', candidates, setting);
  const input = resolveField('input', candidates, setting);
  const output = resolveField('output', candidates, setting);
  return { input: system.length === 0 || startsWith(input, system) ? input : [...system, ...input], output };
}

function startsWith(items: readonly ContentItem[], start: readonly ContentItem[]): boolean {
  return start.every((item, at) => JSON.stringify(item) === JSON.stringify(items[at]));
}

/** The best candidate that reads anything; all others go back. */
function resolveField(field: ContentField, candidates: readonly Candidate[], setting: Setting): readonly ContentItem[] {
  const { kind, subtype, span } = setting;
  const context: ContentContext = { field, kind, subtype, span };
  const own = candidates.filter((each) => each.of.source.field === field);
  if (own.length > 1) own.sort((a, b) => a.of.source.rank - b.of.source.rank);
  let items: readonly ContentItem[] = [];
  for (const each of own) {
    const allowed = isAllowed(each, setting);
    // What another source may read is that source's to put back.
    if (!allowed && candidates.some((other) => isSameValue(each, other) && isAllowed(other, setting))) continue;
    if (items.length > 0 || !allowed) {
      items = putBack(each, items, context, setting);
      continue;
    }
    items = read(each, context);
    if (items.length === 0) putBack(each, items, context, setting);
    else take(each, setting);
  }
  return items;
}

function isAllowed({ of }: Candidate, { kind, matched }: Setting): boolean {
  const { when, bare } = of.source;
  return (!when || when.includes(kind)) && (!bare || (matched & of.bit) !== 0);
}

function isSameValue(a: Candidate, b: Candidate): boolean {
  return a.type === 'value' && b.type === 'value' && a.key === b.key;
}

function read(candidate: Candidate, context: ContentContext): readonly ContentItem[] {
  switch (candidate.type) {
    case 'value':
      return candidate.of.source.read(candidate.value, context);
    case 'list':
      return candidate.of.source.read(candidate.entries, context);
    case 'events':
      return candidate.events.flatMap((event) => candidate.of.source.read(event, context));
  }
}

/** Returns the items, which a restatement may complete. */
function putBack(
  candidate: Candidate,
  items: readonly ContentItem[],
  context: ContentContext,
  { attributes, taken }: Setting,
): readonly ContentItem[] {
  if (candidate.type === 'value') {
    const { key, value, of } = candidate;
    if (taken.has(key)) return items;
    if (of.source.restates && items.length > 0) {
      const left = unsaid(value, items, context);
      if (left.rest !== undefined) setOwn(attributes, key, left.rest);
      return left.items;
    }
    setOwn(attributes, key, value);
  } else if (candidate.type === 'list') {
    candidate.keys.forEach((key, at) => {
      setOwn(attributes, key, candidate.entries[at]?.value ?? null);
    });
  }
  return items;
}

function take(candidate: Candidate, { attributes, taken, consumed }: Setting): void {
  if (candidate.type === 'value') {
    taken.add(candidate.key);
    // Another reader of the same attribute may have found nothing in it and put it back.
    if (Object.hasOwn(attributes, candidate.key)) delete attributes[candidate.key];
  } else if (candidate.type === 'events') {
    for (const event of candidate.events) {
      const keys = consumed.get(event) ?? new Set<string>();
      for (const key of candidate.of.source.consumes) keys.add(key);
      consumed.set(event, keys);
    }
  }
}

export function toSpanEvents(events: readonly OtlpEvent[], consumed: ReadonlyMap<OtlpEvent, Set<string>>): SpanEvent[] {
  return events.map((event) => {
    const taken = consumed.get(event);
    const attributes = taken
      ? Object.fromEntries(Object.entries(event.attributes).filter(([key]) => !taken.has(key)))
      : event.attributes;
    return { time: event.time === null ? null : event.time.toString(), name: event.name, attributes };
  });
}
