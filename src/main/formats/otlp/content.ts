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
import { countsFor, isMet, type Of } from './table.ts';

export type Candidate =
  | { readonly type: 'value'; readonly of: Of<ContentSource>; readonly key: string; readonly value: Json }
  | { readonly type: 'list'; readonly of: Of<ListSource>; readonly keys: string[]; readonly entries: ListEntry[] }
  | { readonly type: 'events'; readonly of: Of<EventSource>; readonly events: OtlpEvent[] };

/** The better rank before the worse. There are no more candidates than sources, so that moving one at a time is cheap. */
export function addCandidate(candidates: Candidate[], added: Candidate): void {
  let at = candidates.push(added) - 1;
  for (; at > 0; at--) {
    const before = candidates[at - 1];
    if (before === undefined || before.of.rank <= added.of.rank) break;
    candidates[at] = before;
  }
  candidates[at] = added;
}

type Setting = {
  readonly span: OtlpSpan;
  readonly kind: SpanKind;
  readonly subtype: string | null;
  /** Set of the dialects that the span matches. */
  readonly matched: number;
  /** Attributes that are not taken are put back here. */
  readonly attributes: Record<string, Json>;
  /** Attributes whose content was taken: at most one for each field. */
  taken: readonly string[];
  consumed: Map<OtlpEvent, Set<string>> | null;
};

export type Content = {
  readonly input: readonly ContentItem[];
  readonly output: readonly ContentItem[];
  /** Attributes that were taken out of events; null = none. */
  readonly consumed: ReadonlyMap<OtlpEvent, ReadonlySet<string>> | null;
};

type Given = Omit<Setting, 'taken' | 'consumed'>;

/** @param candidates in the order of their ranks */
export function resolveContent(candidates: readonly Candidate[], given: Given): Content {
  const { span, kind, subtype, matched, attributes } = given;
  const setting: Setting = { span, kind, subtype, matched, attributes, taken: NOTHING, consumed: null };
  const system = resolveField('system', candidates, setting);
  const input = resolveField('input', candidates, setting);
  const output = resolveField('output', candidates, setting);
  return {
    input: system.length === 0 || startsWith(input, system) ? input : [...system, ...input],
    output,
    consumed: setting.consumed,
  };
}

function startsWith(items: readonly ContentItem[], start: readonly ContentItem[]): boolean {
  return items.length >= start.length && start.every((item, at) => isSameItem(item, items[at]));
}

function isSameItem(a: ContentItem, b: ContentItem | undefined): boolean {
  // Most differ in what is cheap to compare: instructions are of the system, what follows is of the user.
  if (b?.kind !== a.kind || (a.kind === 'message' && b.kind === 'message' && a.role !== b.role)) return false;
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The first candidate that reads anything; all others go back. */
function resolveField(field: ContentField, candidates: readonly Candidate[], setting: Setting): readonly ContentItem[] {
  const { kind, subtype, span } = setting;
  let context: ContentContext | null = null;
  let items: readonly ContentItem[] = NOTHING;
  for (const each of candidates) {
    if (each.of.field !== field) continue;
    context ??= { field, kind, subtype, span };
    const allowed = isAllowed(each, setting);
    // What another source may read is that source's to put back.
    if (!allowed && isReadable(each, candidates, setting)) continue;
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

const NOTHING: readonly never[] = [];

function isAllowed({ of }: Candidate, { kind, matched }: Setting): boolean {
  return countsFor(of.when, kind) && isMet(of.needs, matched);
}

function isReadable(value: Candidate, candidates: readonly Candidate[], setting: Setting): boolean {
  return candidates.some((each) => isSameValue(value, each) && isAllowed(each, setting));
}

function isSameValue(a: Candidate, b: Candidate): boolean {
  return a.type === 'value' && b.type === 'value' && a.key === b.key;
}

function read(candidate: Candidate, context: ContentContext): readonly ContentItem[] {
  switch (candidate.type) {
    case 'value':
      return candidate.of.read(candidate.value, context);
    case 'list':
      return candidate.of.read(candidate.entries, context);
    case 'events':
      return candidate.events.flatMap((event) => candidate.of.read(event, context));
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
    if (taken.includes(key)) return items;
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

function take(candidate: Candidate, setting: Setting): void {
  if (candidate.type === 'value') {
    const { attributes, taken } = setting;
    setting.taken = [...taken, candidate.key];
    // Another reader of the same attribute may have found nothing in it and put it back.
    if (Object.hasOwn(attributes, candidate.key)) delete attributes[candidate.key];
  } else if (candidate.type === 'events') {
    const consumed = (setting.consumed ??= new Map<OtlpEvent, Set<string>>());
    for (const event of candidate.events) {
      const keys = consumed.get(event) ?? new Set<string>();
      for (const key of candidate.of.source.consumes) keys.add(key);
      consumed.set(event, keys);
    }
  }
}

export function toSpanEvents(events: readonly OtlpEvent[], consumed: Content['consumed']): SpanEvent[] {
  return events.map((event) => {
    const taken = consumed?.get(event);
    const attributes = taken
      ? Object.fromEntries(Object.entries(event.attributes).filter(([key]) => !taken.has(key)))
      : event.attributes;
    return { time: event.time === null ? null : event.time.toString(), name: event.name, attributes };
  });
}
