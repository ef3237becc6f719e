/**
 * Texts that stand once in a sample and are pointed to from its events: `attachment://<id>` (before: `tc://<id>`), and
 * ranges of a pool of messages.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { listOf, numberOf, objectOf, setField } from '../fields.ts';

/** A sample whose events repeat an attachment would otherwise unpack to any size. */
const MAX_RESOLVED = 256 * 1024 * 1024;
const MAX_POOLED = 200_000;

export type References = {
  /** The value with its references replaced. */
  readonly resolve: (value: Json | undefined) => Json;
  /** What a model call read: its own list, or ranges of the pool. */
  readonly inputOf: (event: JsonObject) => readonly Json[];
  /** True when something could not be resolved. */
  readonly isIncomplete: () => boolean;
};

export function createReferences(sample: JsonObject): References {
  const attachments = objectOf(sample.attachments);
  const content = objectOf(objectOf(sample.transcript).content);
  const pool = listOf(sample.message_pool ?? objectOf(sample.events_data).messages);
  let left = MAX_RESOLVED;
  let pooled = MAX_POOLED;
  let incomplete = false;

  function textAt(text: string): string {
    const match = /^(?:attachment|tc):\/\/([0-9A-Za-z_-]{1,128})$/.exec(text);
    if (!match) return text;
    const id = match[1] ?? '';
    const found = Object.hasOwn(attachments, id)
      ? attachments[id]
      : Object.hasOwn(content, id)
        ? content[id]
        : undefined;
    if (typeof found !== 'string' || found.length > left) {
      incomplete = true;
      return text;
    }
    left -= found.length;
    return found;
  }

  function resolve(value: Json | undefined): Json {
    if (typeof value === 'string') return textAt(value);
    if (typeof value !== 'object' || value === null) return value ?? null;
    if (!isJsonObject(value)) return value.map(resolve);
    const copy: Record<string, Json> = {};
    for (const key in value) setField(copy, key, resolve(value[key]));
    return copy;
  }

  /** Pooled messages are shared by many calls: each is resolved once. */
  const resolvedPool = new Map<number, Json>();
  function pooledAt(index: number): Json {
    const known = resolvedPool.get(index);
    if (known !== undefined) return known;
    const value = resolve(pool[index]);
    resolvedPool.set(index, value);
    return value;
  }

  return {
    resolve,
    inputOf(event) {
      const own = listOf(event.input);
      if (own.length > 0 || !Array.isArray(event.input_refs)) return own.map(resolve);
      const found: Json[] = [];
      for (const range of event.input_refs as readonly Json[]) {
        const [first, last] = listOf(range);
        const from = numberOf(first);
        const to = numberOf(last);
        if (from === null || to === null) incomplete = true;
        else {
          for (let at = Math.max(0, Math.trunc(from)); at < Math.min(to, pool.length); at++) {
            if (pooled-- > 0) found.push(pooledAt(at));
            else incomplete = true;
          }
        }
      }
      return found;
    },
    isIncomplete: () => incomplete,
  };
}
