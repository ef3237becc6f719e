/** Flattened attributes back into nested values. */
import type { Json } from '#shared/json.ts';
import { setOwn } from '../span.ts';
import type { ListEntry } from './types.ts';

type Tree = Map<string, Tree | { readonly leaf: Json }>;

/**
 * `{ path: ['0', 'message', 'role'], value }…` → the entries of the list in numeric order, whatever the order of keys
 * (real senders write index 1 before 0). Numbered levels become lists, others objects; gaps are closed.
 */
export function foldList(entries: readonly ListEntry[]): readonly Json[] {
  const root: Tree = new Map();
  for (const { path, value } of entries) {
    let tree = root;
    path.forEach((segment, depth) => {
      const known = tree.get(segment);
      if (depth === path.length - 1) {
        if (!(known instanceof Map)) tree.set(segment, { leaf: value });
      } else if (known instanceof Map) tree = known;
      else {
        const next: Tree = new Map();
        tree.set(segment, next);
        tree = next;
      }
    });
  }
  const folded = unfold(root);
  return Array.isArray(folded) ? (folded as readonly Json[]) : [folded];
}

function unfold(tree: Tree): Json {
  const keys = [...tree.keys()];
  const list = keys.every((key) => /^\d+$/.test(key));
  if (list) keys.sort((a, b) => Number(a) - Number(b));
  const values = keys.map((key) => {
    const value = tree.get(key);
    return value instanceof Map ? unfold(value) : (value?.leaf ?? null);
  });
  if (list) return values;
  const object: Record<string, Json> = {};
  keys.forEach((key, at) => {
    setOwn(object, key, values[at] ?? null);
  });
  return object;
}
