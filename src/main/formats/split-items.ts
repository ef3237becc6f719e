/**
 * Cuts JSON documents of any size between the items of their long lists. One pass over the bytes, no parsing: strings,
 * escapes and brackets are followed, members are known by their keys, and each piece repeats the members that stand
 * before the list, so that a decoder takes it for a smaller document of the same shape.
 */
import type { Split } from '#shared/format.ts';
import type { Cut, SplitLimits, Store } from './split-types.ts';
import { drop, placeOf } from './split-types.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LINE_FEED = 0x0a;
/** Members before a list are repeated in each piece up to this size together. */
const MAX_HEAD = 256 * 1024;
const MAX_KEY = 64;
const NOTHING = Buffer.alloc(0);
/** Lists of lists at the top: a file of several requests, each a list. */
const MAX_LISTS = 3;

/** A list or an object whose items or members are followed one by one. */
type Frame = {
  readonly isList: boolean;
  /** Index of the keys that may come below. */
  readonly level: number;
  /** Where it begins in the store; only used before the first cut inside it. */
  readonly start: number;
  /** Of an object: the members before the first that was opened, up to its key. */
  fields: Buffer | null;
  /** What brings a reader back to the inside of this frame. */
  again: Buffer;
};

type Member = 'key' | 'colon' | 'value' | 'comma';

export type ItemReader = {
  /** Reads on in the store. `ended` = the document is complete and the store begins after it. */
  readonly read: (out: Cut[]) => 'more' | 'ended' | 'broken';
  /** No more bytes will come. */
  readonly close: (out: Cut[]) => void;
};

/** The store begins with the bracket of the document. */
export function createItemReader(store: Store, split: Split, limits: SplitLimits): ItemReader {
  const keys = (split.keys ?? []).map((level) => new Set(level));
  const stack: Frame[] = [];
  let at = 0;
  let quoted = false;
  let escaped = false;
  /** Brackets that are open inside a value that is not followed. */
  let depth = 0;
  let member: Member = 'key';
  let keyStart = 0;
  let key = '';
  /** The text that closes what is open. */
  let closers = '';
  /** Where the last whole item ended, and what was open around it. */
  let lastEnd = -1;
  let lastClosers = '';
  /** Whether the store holds anything that no piece has held. */
  let fresh = 0;
  let items = 0;
  let prefix: Buffer = NOTHING;
  /** After a cut: the comma before the next item goes. */
  let skipComma = false;
  /** An item that is too large is read over. */
  let skipping = false;
  let isHeadCut = false;

  function emit(end: number, closing: string, out: Cut[]): void {
    if (fresh > 0) {
      const parts = [prefix, store.bytes.subarray(0, end), Buffer.from(closing)];
      out.push({ type: 'piece', bytes: Buffer.concat(parts), linesBefore: null, place: placeOf(store.offset) });
    }
    fresh = 0;
  }

  function forget(count: number): void {
    drop(store, count);
    at -= count;
    lastEnd = -1;
  }

  function cut(end: number, out: Cut[]): void {
    emit(end, closers, out);
    forget(end);
    startAgain();
  }

  function startAgain(): void {
    prefix = Buffer.concat(stack.map((frame) => frame.again));
    skipComma = true;
  }

  function push(isList: boolean, level: number): void {
    stack.push({ isList, level, start: at, fields: null, again: isList ? Buffer.from('[') : NOTHING });
    closers = (isList ? ']' : '}') + closers;
    if (!isList) member = 'key';
  }

  /** The value of a member is opened: what stands before it is kept for the pieces to come. */
  function openMember(frame: Frame, out: Cut[]): void {
    if (frame.fields === null) {
      const fields = store.bytes.subarray(frame.start, keyStart);
      const isLarge = fields.length > MAX_HEAD;
      frame.fields = isLarge ? Buffer.from('{') : Buffer.from(fields);
      if (isLarge && !isHeadCut) {
        isHeadCut = true;
        out.push({
          type: 'fault',
          code: 'invalid_item',
          message: `What stands before the list "${key}" is larger than ${MAX_HEAD / 1024} KB; only the first items of the list have it.`,
        });
      }
    }
    frame.again = Buffer.concat([frame.fields, Buffer.from(`${JSON.stringify(key)}:`)]);
  }

  function levelOf(frame: Frame): number {
    for (let level = frame.level; level < keys.length; level++) if (keys[level]?.has(key) === true) return level;
    return -1;
  }

  function opens(bracket: number, out: Cut[]): void {
    const top = stack.at(-1);
    if (top === undefined) {
      const follow = bracket === OPEN_OBJECT ? keys.length > 0 : split.list === true || keys.length > 0;
      if (follow) push(bracket === OPEN_LIST, 0);
      else depth++;
    } else if (top.isList) {
      if (bracket === OPEN_OBJECT && top.level < keys.length) push(false, top.level);
      else if (bracket === OPEN_LIST && top.level === 0 && stack.length < MAX_LISTS) push(true, 0);
      else depth++;
    } else {
      const level = member === 'value' ? levelOf(top) : -1;
      if (level < 0) {
        depth++;
        return;
      }
      openMember(top, out);
      push(bracket === OPEN_LIST, level + 1);
    }
  }

  /** A value ended before `end`; true when it was the document. What was followed has been counted item by item. */
  function valueEnded(end: number, wasFollowed: boolean, out: Cut[]): boolean {
    const top = stack.at(-1);
    if (!wasFollowed) fresh++;
    if (top === undefined) {
      emit(end, '', out);
      forget(end);
      return true;
    }
    if (!top.isList) {
      member = 'comma';
      return false;
    }
    items++;
    if (skipping) {
      skipping = false;
      fresh = 0;
      forget(end);
      startAgain();
      return false;
    }
    lastEnd = end;
    lastClosers = closers;
    if (end >= limits.pieceBytes) cut(end, out);
    return false;
  }

  function closes(out: Cut[]): boolean {
    stack.pop();
    closers = closers.slice(1);
    return valueEnded(at + 1, true, out);
  }

  /** One sign outside of strings and of values that are not followed; true when the document ended. */
  function step(code: number, out: Cut[]): boolean {
    const top = stack.at(-1);
    if (code === OPEN_OBJECT || code === OPEN_LIST) {
      skipComma = false;
      opens(code, out);
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      skipComma = false;
      if (top !== undefined) return closes(out);
    } else if (code === QUOTE) {
      skipComma = false;
      quoted = true;
      if (top?.isList === false && member === 'key') keyStart = at;
      if (top?.isList === true) fresh++;
    } else if (code === COMMA) {
      if (skipComma) {
        skipComma = false;
        // Only a comma and white space were before it.
        store.bytes.fill(0x20, 0, at + 1);
      }
      if (top?.isList === false) member = 'key';
    } else if (code === COLON) {
      if (top?.isList === false && member === 'colon') member = 'value';
    } else if (code > 0x20) {
      skipComma = false;
      fresh++;
    }
    return false;
  }

  function stringEnded(): void {
    quoted = false;
    if (depth > 0) return;
    const top = stack.at(-1);
    if (top?.isList !== false) return;
    if (member === 'key') {
      key = at - keyStart - 1 <= MAX_KEY ? store.bytes.toString('utf8', keyStart + 1, at) : '';
      member = 'colon';
    } else if (member === 'value') {
      member = 'comma';
      fresh++;
    }
  }

  /** One item has grown too large: what is before it goes out, and it is read over as far as that can be done. */
  function overflow(out: Cut[]): boolean {
    if (skipping) {
      forget(at);
      return true;
    }
    const where = placeOf(store.offset + Math.max(0, lastEnd));
    const size = `more than ${Math.round(limits.itemBytes / 1024 / 1024)} MB`;
    if (lastEnd >= 0) emit(lastEnd, lastClosers, out);
    fresh = 0;
    // An object that was followed in the hope of a list inside is read over as a whole.
    while (stack.at(-1)?.isList === false) {
      stack.pop();
      closers = closers.slice(1);
      depth++;
    }
    if (stack.length === 0 || depth === 0) {
      out.push({
        type: 'fault',
        code: 'too_large',
        message: `What begins near ${where} has ${size}; the file was not read beyond it.`,
      });
      return false;
    }
    out.push({ type: 'fault', code: 'too_large', message: `The item near ${where} has ${size} and was left out.` });
    skipping = true;
    forget(at);
    return true;
  }

  function broken(out: Cut[]): void {
    const where = placeOf(store.offset + Math.max(0, lastEnd));
    if (lastEnd >= 0) emit(lastEnd, lastClosers, out);
    fresh = 0;
    if (!skipping) {
      out.push({
        type: 'fault',
        code: 'invalid_item',
        message: `The item that begins near ${where} is cut off or broken; ${items.toLocaleString('en-US')} before it were read.`,
      });
    }
  }

  return {
    read(out) {
      for (; at < store.length; at++) {
        const code = store.bytes[at] ?? 0;
        if (escaped) {
          escaped = false;
        } else if (quoted) {
          if (code === BACKSLASH) escaped = true;
          else if (code === QUOTE) stringEnded();
          else if (code === LINE_FEED && split.lines === true) {
            // No JSON string holds a line feed: this line was cut, and another one follows.
            broken(out);
            drop(store, at + 1);
            return 'broken';
          }
        } else if (depth > 0) {
          if (code === QUOTE) quoted = true;
          else if (code === OPEN_OBJECT || code === OPEN_LIST) depth++;
          else if ((code === CLOSE_OBJECT || code === CLOSE_LIST) && --depth === 0 && valueEnded(at + 1, false, out)) {
            return 'ended';
          }
        } else if (step(code, out)) return 'ended';
      }
      if (store.length > limits.itemBytes && !overflow(out)) {
        drop(store, store.length);
        return 'broken';
      }
      return 'more';
    },
    close(out) {
      broken(out);
      drop(store, store.length);
    },
  };
}
