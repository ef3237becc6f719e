/**
 * Stores each distinct content item once and remembers recent ones, so that a repeated history costs a map look-up
 * per message instead of a hash and a query. Readers give the same object for what is said again; such an item is known
 * without its text.
 */
import { hash as digest } from 'node:crypto';
import type { ContentItem } from '#shared/message.ts';
import type { Writer } from './database.ts';
import { tellCalls } from './told-calls.ts';

/** Remembered bodies; at about 1 KB each this bounds the cache to some tens of megabytes. */
const CACHE_ENTRIES = 20_000;
/** Longer bodies are looked up by hash each time: keeping them would make the cache unbounded in bytes. */
const CACHE_BODY_LENGTH = 8_192;

type Known = { readonly key: number; lastTrace: number };

export type ContentWriter = {
  /** Key of the item, stored now if it is new, and noted as occurring in the trace. */
  readonly intern: (writer: Writer, item: ContentItem, traceKey: number) => number;
  /** Must be called after a rolled back transaction: remembered keys may not exist. */
  readonly forget: () => void;
};

export function createContentWriter(): ContentWriter {
  let recent = new Map<string, Known>();
  let older = new Map<string, Known>();
  /** Items that came twice, and long ones; most come once, and each costs the garbage collector. */
  let items = new WeakMap<ContentItem, Known>();

  function remembered(body: string): Known | undefined {
    const found = recent.get(body);
    if (found) return found;
    const old = older.get(body);
    if (old) remember(body, old);
    return old;
  }

  /** Two generations instead of a linked list: cheap, and at most twice the wanted size. */
  function remember(body: string, known: Known): void {
    if (body.length > CACHE_BODY_LENGTH) return;
    if (recent.size >= CACHE_ENTRIES) {
      older = recent;
      recent = new Map();
    }
    recent.set(body, known);
  }

  function byText(writer: Writer, item: ContentItem): Known {
    const body = JSON.stringify(item);
    const again = remembered(body);
    const known = again ?? { key: store(writer, body), lastTrace: 0 };
    if (!again) remember(body, known);
    if (again || body.length > CACHE_BODY_LENGTH) items.set(item, known);
    return known;
  }

  return {
    intern(writer, item, traceKey) {
      const known = items.get(item) ?? byText(writer, item);
      if (known.lastTrace !== traceKey) {
        const noted = writer.run(
          'INSERT INTO content_trace (content_key, trace_key) VALUES (?, ?) ON CONFLICT DO UPDATE SET stale = 0 WHERE stale = 1',
          [known.key, traceKey],
        );
        if (noted.changes > 0) tellCalls(writer, traceKey, known.key, item);
        known.lastTrace = traceKey;
      }
      return known.key;
    },
    forget() {
      recent = new Map();
      older = new Map();
      items = new WeakMap();
    },
  };
}

function store(writer: Writer, body: string): number {
  const hash = digest('sha256', body, 'buffer').subarray(0, 16);
  const size = Buffer.byteLength(body);
  const inserted = writer.run('INSERT INTO content (hash, size, body) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING', [
    hash,
    size,
    body,
  ]);
  const key =
    inserted.changes > 0
      ? inserted.rowid
      : writer.get<{ content_key: number }>('SELECT content_key FROM content WHERE hash = ?', [hash])?.content_key;
  if (key === undefined) throw new Error('content neither inserted nor found');
  return key;
}
