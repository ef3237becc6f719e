/**
 * Cuts a file of any size into pieces that its format decodes one by one: groups of lines, or documents with a part of
 * their items. What a file is shows where each document begins: a first line that is whole is one of JSON lines.
 */
import type { Split } from '#shared/format.ts';
import type { Cut, SplitLimits, Splitter, Store } from './split-types.ts';
import { createItemReader, type ItemReader } from './split-items.ts';
import { createProtobufSplitter } from './split-protobuf.ts';
import { append, createStore, drop, placeOf, SPLIT_LIMITS } from './split-types.ts';

const LINE_FEED = 0x0a;
const FIRST_FIELD = 0x0a;

export function createSplitter(split: Split, limits: SplitLimits = SPLIT_LIMITS): Splitter {
  const store = createStore();
  const canItems = split.list === true || (split.keys?.length ?? 0) > 0;
  let mode: 'start' | 'items' | 'lines' | 'protobuf' = 'start';
  let items: ItemReader | null = null;
  let protobuf: Splitter | null = null;
  const lines = createLines(store, limits);

  /** Decides by what the store begins with; false while too little is there. */
  function decide(isEnd: boolean): boolean {
    if (store.offset === 0 && store.length >= 3 && store.bytes.readUIntBE(0, 3) === 0xefbbbf) drop(store, 3);
    if (store.length < limits.pieceBytes && !isEnd) return false;
    if (split.protobuf === true && store.offset === 0 && store.bytes[0] === FIRST_FIELD && !isJsonAfter(store)) {
      mode = 'protobuf';
      protobuf = createProtobufSplitter(limits);
      return true;
    }
    lines.skipSpace();
    const first = store.bytes[0];
    const isItems = canItems && store.length > 0 && (first === 0x7b || first === 0x5b) && !isWholeLine(store, split);
    mode = isItems ? 'items' : 'lines';
    items = isItems ? createItemReader(store, split, limits) : null;
    return true;
  }

  function run(out: Cut[], isEnd: boolean): void {
    for (;;) {
      if (mode === 'start' && (store.length === 0 || !decide(isEnd))) return;
      if (mode === 'protobuf') {
        for (const each of protobuf?.push(store.bytes.subarray(0, store.length)) ?? []) out.push(each);
        drop(store, store.length);
        return;
      }
      if (mode === 'lines') {
        lines.read(out);
        return;
      }
      const state = items?.read(out) ?? 'more';
      if (state === 'more') return;
      // After a broken line the next begins; after a document perhaps another.
      mode = state === 'broken' && split.lines === true ? 'lines' : 'start';
      items = null;
    }
  }

  return {
    push(chunk) {
      const out: Cut[] = [];
      append(store, chunk);
      run(out, false);
      return out;
    },
    end() {
      const out: Cut[] = [];
      run(out, true);
      if (mode === 'protobuf') for (const each of protobuf?.end() ?? []) out.push(each);
      if (mode === 'items') items?.close(out);
      if (mode === 'lines') lines.end(out);
      return out;
    },
  };
}

function isJsonAfter(store: Store): boolean {
  return /^\s*[[{]\s*["{[\]}]/.test(store.bytes.toString('latin1', 0, Math.min(store.length, 256)));
}

/** Whether the first line holds one whole value and may thus be one of many. */
function isWholeLine(store: Store, split: Split): boolean {
  if (split.lines !== true) return false;
  const end = store.bytes.subarray(0, store.length).indexOf(LINE_FEED);
  if (end < 0) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < end; at++) {
    const code = store.bytes[at];
    if (quoted) {
      if (code === 0x5c) at++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return depth === 0 && !quoted;
}

function createLines(store: Store, limits: SplitLimits) {
  let before = 0;
  let skipping = false;
  /** From here on, no line feed has been looked for. */
  let seen = 0;

  function countLines(end: number): number {
    let count = 0;
    const bytes = store.bytes.subarray(0, end);
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
    return count;
  }

  function take(count: number): void {
    before += countLines(count);
    drop(store, count);
    seen = 0;
  }

  function emit(end: number, out: Cut[]): void {
    if (end === 0) return;
    const bytes = Buffer.from(store.bytes.subarray(0, end));
    out.push({ type: 'piece', bytes, linesBefore: before, place: placeOf(store.offset) });
    take(end);
  }

  return {
    skipSpace(): void {
      let at = 0;
      while (at < store.length && (store.bytes[at] ?? 0x21) <= 0x20) at++;
      take(at);
    },
    read(out: Cut[]): void {
      if (store.length < limits.pieceBytes && !skipping) return;
      const bytes = store.bytes.subarray(0, store.length);
      if (skipping) {
        const end = bytes.indexOf(LINE_FEED);
        take(end < 0 ? store.length : end + 1);
        skipping = end < 0;
        return;
      }
      const last = bytes.subarray(seen).lastIndexOf(LINE_FEED);
      if (last >= 0) {
        emit(seen + last + 1, out);
        return;
      }
      seen = store.length;
      if (store.length <= limits.itemBytes) return;
      const size = Math.round(limits.itemBytes / 1024 / 1024);
      const message = `Line ${(before + 1).toLocaleString('en-US')} has more than ${size} MB and was left out.`;
      out.push({ type: 'fault', code: 'too_large', message });
      drop(store, store.length);
      seen = 0;
      skipping = true;
    },
    end(out: Cut[]): void {
      if (!skipping) emit(store.length, out);
    },
  };
}
