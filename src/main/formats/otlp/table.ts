/**
 * The sources of all dialects, by attribute key: one lookup per attribute of a span finds everything that can be read
 * from it, however many dialects there are.
 */
import type { SpanKind } from '#shared/record.ts';
import type {
  ContentSource,
  Dialect,
  EventSource,
  FactSource,
  Field,
  ListSource,
  NameSource,
  ResourceSource,
  StartMarker,
} from './dialects/types.ts';

type Source = FactSource | NameSource | ContentSource | ListSource | EventSource;

/** A source of a dialect, with all that decides whether it counts in one shape: spans are many, and ask it often. */
export type Of<S extends Source> = {
  readonly source: S;
  readonly field: S['field'];
  readonly read: S['read'];
  readonly rank: number;
  /** Kinds of spans that it counts for; null = all. */
  readonly when: readonly SpanKind[] | null;
  /** Set of dialects of which one must match; 0 = none need to. */
  readonly needs: number;
  readonly costly: boolean;
  /** Index of its dialect. */
  readonly dialect: number;
};

export type KeyEntry = {
  /** Dialects that this key proves. */
  readonly tells: number;
  /** Facts that count whatever else the span says. */
  readonly facts: readonly Of<FactSource>[];
  /** The kind, when the span matches the dialect. */
  readonly kindsIf: readonly Of<FactSource>[];
  /** Facts that depend on the dialects or on the kind, or are dear to read. */
  readonly factsIf: readonly Of<FactSource>[];
  readonly contents: readonly Of<ContentSource>[];
  readonly list: { readonly of: Of<ListSource>; readonly path: readonly string[] } | null;
};

export type Table = {
  readonly dialects: readonly Dialect[];
  readonly lookup: (key: string) => KeyEntry | null;
  /** Dialects whose instrumentation has this scope name, as a set. */
  readonly scopeDialects: (scope: string) => number;
  /** What the name may say about a span that matches these dialects. */
  readonly namesOf: (matched: number) => Names;
  readonly resource: readonly ResourceSource[];
  readonly events: ReadonlyMap<string, readonly Of<EventSource>[]>;
  readonly markers: readonly StartMarker[];
  /** Dialects that know other names of their spans, as a set. */
  readonly aliasing: number;
};

export type Names = { readonly kinds: readonly Of<NameSource>[]; readonly others: readonly Of<NameSource>[] };

/** Keys that no dialect names are remembered too, as list entries or as nothing; a sender can make up any number. */
const MAX_REMEMBERED = 20_000;
/** Scope names, and sets of dialects, that are remembered. */
const MAX_SCOPES = 1000;
/** Longer keys are no list entries, and not remembered. */
const MAX_LIST_KEY = 256;

export function compile(dialects: readonly Dialect[]): Table {
  const keys = new Map<string, KeyEntry>();
  const lists: Of<ListSource>[] = [];
  const nameSources: Of<NameSource>[] = [];
  const events = new Map<string, Of<EventSource>[]>();
  dialects.forEach((from, dialect) => {
    for (const key of from.tells) add(keys, key, { tells: 1 << dialect });
    for (const source of from.facts ?? []) add(keys, source.key, factEntry(source, dialect));
    for (const source of from.content ?? []) add(keys, source.key, { contents: [of(source, dialect)] });
    for (const source of from.lists ?? []) lists.push(of(source, dialect));
    for (const source of from.names ?? []) nameSources.push(of(source, dialect));
    for (const source of from.events ?? []) {
      const own = of(source, dialect);
      for (const name of source.events) events.set(name, [...(events.get(name) ?? []), own]);
    }
  });

  const remembered = new Map<string, KeyEntry | null>(keys);
  function lookup(key: string): KeyEntry | null {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    if (key.length > MAX_LIST_KEY) return null;
    const entry = listEntry(lists, key);
    if (remembered.size >= MAX_REMEMBERED) {
      remembered.clear();
      for (const [own, named] of keys) remembered.set(own, named);
    }
    remembered.set(key, entry);
    return entry;
  }

  const scopes = new Map<string, number>();
  function scopeDialects(scope: string): number {
    let matched = scopes.get(scope);
    if (matched !== undefined) return matched;
    matched = 0;
    dialects.forEach((dialect, at) => {
      if (dialect.scopes.some((pattern) => pattern.test(scope))) matched = (matched ?? 0) | (1 << at);
    });
    if (scopes.size >= MAX_SCOPES) scopes.clear();
    if (scope.length <= MAX_LIST_KEY) scopes.set(scope, matched);
    return matched;
  }

  const names = new Map<number, Names>();
  function namesOf(matched: number): Names {
    const known = names.get(matched);
    if (known) return known;
    const own = nameSources.filter(({ needs }) => isMet(needs, matched));
    const found = {
      kinds: own.filter(({ field }) => field === 'kind'),
      others: own.filter(({ field }) => field !== 'kind'),
    };
    if (names.size >= MAX_SCOPES) names.clear();
    names.set(matched, found);
    return found;
  }

  return {
    dialects,
    lookup,
    scopeDialects,
    namesOf,
    resource: dialects.flatMap((from) => from.resource ?? []).sort((a, b) => a.rank - b.rank),
    events,
    markers: dialects.flatMap((from) => from.marker ?? []),
    aliasing: dialects.reduce((set, { aliases }, at) => (aliases ? set | (1 << at) : set), 0),
  };
}

/** Whether a span that matches these dialects has what a source needs. */
export function isMet(needs: number, matched: number): boolean {
  return needs === 0 || (matched & needs) !== 0;
}

export function countsFor(when: readonly SpanKind[] | null, kind: SpanKind): boolean {
  return when === null || when.includes(kind);
}

function of<S extends Source>(source: S, dialect: number): Of<S> {
  const { field, read, rank, when = null, bare } = source;
  const costly = 'costly' in source && source.costly === true;
  return { source, field, read, rank, when, needs: bare ? 1 << dialect : 0, costly, dialect };
}

function factEntry(source: FactSource, dialect: number): Partial<KeyEntry> {
  const own = of(source, dialect);
  if (source.field === 'kind') return source.bare ? { kindsIf: [own] } : { facts: [own] };
  return source.bare || source.when || source.costly ? { factsIf: [own] } : { facts: [own] };
}

function add(keys: Map<string, KeyEntry>, key: string, more: Partial<KeyEntry>): void {
  const entry = keys.get(key) ?? EMPTY;
  keys.set(key, {
    tells: entry.tells | (more.tells ?? 0),
    facts: [...entry.facts, ...(more.facts ?? [])],
    kindsIf: [...entry.kindsIf, ...(more.kindsIf ?? [])],
    factsIf: [...entry.factsIf, ...(more.factsIf ?? [])],
    contents: [...entry.contents, ...(more.contents ?? [])],
    list: null,
  });
}

const EMPTY: KeyEntry = { tells: 0, facts: [], kindsIf: [], factsIf: [], contents: [], list: null };

function listEntry(lists: readonly Of<ListSource>[], key: string): KeyEntry | null {
  for (const own of lists) {
    const { prefix, path } = own.source;
    if (!key.startsWith(prefix)) continue;
    const rest = key.slice(prefix.length);
    if (path.test(rest)) return { ...EMPTY, list: { of: own, path: rest.split('.') } };
  }
  return null;
}

export const FIELDS = [
  'kind',
  'agent',
  'model',
  'tool',
  'toolCallId',
  'inputTokens',
  'outputTokens',
  'cacheRead',
  'cacheWrite',
  'reasoning',
  'cost',
  'failed',
  'errorType',
  'errorMessage',
  'handoffFrom',
  'handoffTo',
  'traceName',
  'workflow',
  'session',
  'user',
  'tags',
  'metadata',
] as const satisfies readonly Field[];
