/** Which memory of an answer is handed over between threads instead of copied. */
import type { Method } from '#shared/rpc/contract.ts';

/** Calls whose columns are made for each answer. What a cache still holds would be empty afterwards. */
const FRESH: ReadonlySet<Method> = new Set<Method>(['trace.open']);

export function buffersOf(method: Method, value: unknown): ArrayBuffer[] {
  if (!FRESH.has(method)) return [];
  const found = new Set<ArrayBuffer>();
  collect(value, found, 3);
  return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>, depth: number): void {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (depth > 0 && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const each of Object.values(value)) collect(each, found, depth - 1);
  }
}
