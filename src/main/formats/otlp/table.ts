/**
 * The sources of all dialects, by attribute key: one lookup per attribute of a span finds everything that can be read
 * from it, however many dialects there are.
 */
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

/** A source with the index of its dialect; `bit` is that dialect's in sets of dialects. */
export type Of<S> = { readonly source: S; readonly dialect: number; readonly bit: number };

export type KeyEntry = {
  /** Dialects that this key proves. */
  readonly tells: number;
  readonly kinds: readonly Of<FactSource>[];
  readonly facts: readonly Of<FactSource>[];
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
  const others = new Map<string, KeyEntry | null>();
  const lists: Of<ListSource>[] = [];
  const nameSources: Of<NameSource>[] = [];
  const events = new Map<string, Of<EventSource>[]>();
  dialects.forEach((from, dialect) => {
    const bit = 1 << dialect;
    for (const key of from.tells) add(keys, key, { tells: bit });
    for (const source of from.facts ?? []) {
      const of = { source, dialect, bit };
      add(keys, source.key, source.field === 'kind' ? { kinds: [of] } : { facts: [of] });
    }
    for (const source of from.content ?? []) add(keys, source.key, { contents: [{ source, dialect, bit }] });
    for (const source of from.lists ?? []) lists.push({ source, dialect, bit });
    for (const source of from.names ?? []) nameSources.push({ source, dialect, bit });
    for (const source of from.events ?? []) {
      for (const name of source.events) events.set(name, [...(events.get(name) ?? []), { source, dialect, bit }]);
    }
  });

  function lookup(key: string): KeyEntry | null {
    const known = keys.get(key) ?? others.get(key);
    if (known !== undefined) return known;
    if (key.length > MAX_LIST_KEY) return null;
    const entry = listEntry(lists, key);
    if (others.size >= MAX_REMEMBERED) others.clear();
    others.set(key, entry);
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
    const own = nameSources.filter(({ source, bit }) => !source.bare || (matched & bit) !== 0);
    const found = {
      kinds: own.filter((of) => of.source.field === 'kind'),
      others: own.filter((of) => of.source.field !== 'kind'),
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

function add(keys: Map<string, KeyEntry>, key: string, more: Partial<KeyEntry>): void {
  const entry = keys.get(key) ?? EMPTY;
  keys.set(key, {
    tells: entry.tells | (more.tells ?? 0),
    kinds: [...entry.kinds, ...(more.kinds ?? [])],
    facts: [...entry.facts, ...(more.facts ?? [])],
    contents: [...entry.contents, ...(more.contents ?? [])],
    list: null,
  });
}

const EMPTY: KeyEntry = { tells: 0, kinds: [], facts: [], contents: [], list: null };

function listEntry(lists: readonly Of<ListSource>[], key: string): KeyEntry | null {
  for (const of of lists) {
    const { prefix, path } = of.source;
    if (!key.startsWith(prefix)) continue;
    const rest = key.slice(prefix.length);
    if (path.test(rest)) return { ...EMPTY, list: { of, path: rest.split('.') } };
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
