/** What the splitters of large files give: pieces that a decoder takes as bodies of their own, and what could not be cut. */

export type SplitPiece = {
  readonly type: 'piece';
  readonly bytes: Uint8Array;
  /** Of the file's lines, the one before the first of this piece; null when the piece is no group of lines. */
  readonly linesBefore: number | null;
  /** Where it stood, for people: `from byte 1,048,576 on`. */
  readonly place: string;
};

/** A stretch of the file that is not passed on. */
export type SplitFault = {
  readonly type: 'fault';
  readonly code: 'invalid_item' | 'too_large';
  readonly message: string;
};

export type Cut = SplitPiece | SplitFault;

/** Both answer with the pieces that are complete; a chunk may be reused by the caller afterwards. */
export type Splitter = {
  readonly push: (chunk: Uint8Array) => readonly Cut[];
  readonly end: () => readonly Cut[];
};

export type SplitLimits = {
  /** A piece is closed at the first place for a cut after this many bytes. */
  readonly pieceBytes: number;
  /** No single line or item may have more. */
  readonly itemBytes: number;
};

export const SPLIT_LIMITS: SplitLimits = { pieceBytes: 1024 * 1024, itemBytes: 128 * 1024 * 1024 };

export function placeOf(offset: number): string {
  return `byte ${offset.toLocaleString('en-US')}`;
}

/** Bytes that come at one end and leave at the other; what is left moves to the front. */
export type Store = {
  bytes: Buffer;
  length: number;
  /** How many bytes have left. */
  offset: number;
};

export function createStore(): Store {
  return { bytes: Buffer.allocUnsafe(64 * 1024), length: 0, offset: 0 };
}

export function append(store: Store, chunk: Uint8Array): void {
  const needed = store.length + chunk.length;
  if (needed > store.bytes.length) {
    const grown = Buffer.allocUnsafe(Math.max(store.bytes.length * 2, needed));
    store.bytes.copy(grown, 0, 0, store.length);
    store.bytes = grown;
  }
  store.bytes.set(chunk, store.length);
  store.length = needed;
}

/** A buffer that one large item has grown is given back when it is not needed any more. */
const KEPT_BYTES = 8 * 1024 * 1024;

export function drop(store: Store, count: number): void {
  const left = store.length - count;
  if (store.bytes.length > KEPT_BYTES && left < KEPT_BYTES / 4) {
    store.bytes = Buffer.from(store.bytes.subarray(count, store.length));
  } else store.bytes.copyWithin(0, count, store.length);
  store.length = left;
  store.offset += count;
}
