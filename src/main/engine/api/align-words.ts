/** Symbols for what the spans of traces were given and gave, the same in all of them for what says the same. */
import { canonicalItem } from '../../analysis/alignment/canonical-item.ts';
import type { SpanWords } from '../../analysis/alignment/step-facts.ts';
import type { Symbols } from '../../analysis/alignment/symbols.ts';
import { addVolatileIds, withoutVolatileIds } from '../../analysis/alignment/volatile-ids.ts';
import type { Reader } from '../../store/database.ts';
import { contentBodies, contentKeys, contentSizes, eachSpanContents } from '../../store/step-contents.ts';
import type { Loaded } from './load-trace.ts';

/** Bytes of bodies that are read of one trace; the largest are compared as a whole only where there are more. */
const BUDGET = 24 * 1024 * 1024;
const LARGEST = 256 * 1024;
const SMALLEST = 512;

/** Content key → symbol, of two traces. */
export function contentSymbols(reader: Reader, a: Loaded, b: Loaded, symbols: Symbols): (key: number) => number {
  const bodies = new Map<number, string>();
  const holdIds = new Set<number>();
  const [inA, inB] = [new Set<string>(), new Set<string>()];
  const take = (key: number, body: string, ids: Set<string>): void => {
    bodies.set(key, body);
    if (addVolatileIds(body, ids)) holdIds.add(key);
  };
  for (const [key, body] of readBodies(reader, a.traceKeys, [])) take(key, body, inA);
  for (const [key, body] of readBodies(reader, b.traceKeys, a.traceKeys)) take(key, body, inB);
  if (holdIds.size > 0) {
    // What both have was read once.
    const keysOfB = contentKeys(reader, b.traceKeys);
    for (const key of holdIds) if (keysOfB.has(key)) addVolatileIds(bodies.get(key) ?? '', inB);
  }
  const stays = { has: (id: string) => inA.has(id) && inB.has(id) };
  const known = new Map<number, number>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const body = bodies.get(key);
    // What is too large to be looked into is still the same as itself.
    const text = body === undefined ? `content ${key}` : canonicalItem(body);
    const symbol = symbols(holdIds.has(key) ? withoutVolatileIds(text, stays) : text);
    known.set(key, symbol);
    return symbol;
  };
}

function readBodies(
  reader: Reader,
  traceKeys: readonly number[],
  without: readonly number[],
): readonly [number, string][] {
  const sizes = contentSizes(reader, traceKeys).sort((a, b) => a - b);
  let total = 0;
  let largest = LARGEST;
  for (const size of sizes) {
    total += size;
    if (size > LARGEST) break;
    if (total > BUDGET) {
      largest = Math.max(SMALLEST, size - 1);
      break;
    }
  }
  return contentBodies(reader, traceKeys, largest, without);
}

/** By index of the span. */
export function spanWords(
  reader: Reader,
  { spans, tree, agents }: Loaded,
  symbols: Symbols,
  content: (key: number) => number,
): (index: number) => SpanWords {
  const input = new Int32Array(spans.length);
  const output = new Int32Array(spans.length);
  const heard = new Map<string, ReadonlySet<number>>();
  const list = (keys: readonly number[]): number =>
    keys.length === 0 ? 0 : symbols(`list ${keys.map((key) => content(key)).join(' ')}`);
  const order = [...tree.order];
  eachSpanContents(
    reader,
    order.map((index) => spans[index]?.spanKey ?? -1),
    (place, contents) => {
      const index = order[place] ?? 0;
      output[index] = list(contents.error === null ? contents.output : [...contents.output, contents.error]);
      const agent = agents.names[index] ?? '';
      const before = spans[index]?.kind === 'generation' ? heard.get(agent) : undefined;
      input[index] = before ? newInput(contents.input, before) : list(contents.input);
      if (spans[index]?.kind === 'generation') heard.set(agent, new Set(contents.input));
    },
  );
  return (index) => ({ input: input[index] ?? 0, output: output[index] ?? 0 });

  /** A model call is sent all that was said before; what is new in it is its own. What is left out of it is as well. */
  function newInput(keys: readonly number[], before: ReadonlySet<number>): number {
    if (keys.length === 0) return 0;
    const fresh = keys.filter((key) => !before.has(key));
    const dropped = before.size - (new Set(keys).size - new Set(fresh).size);
    return symbols(`new ${dropped} ${fresh.map((key) => content(key)).join(' ')}`);
  }
}
