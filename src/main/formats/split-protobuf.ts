/** Cuts a protobuf message of one repeated field (OTLP's requests) between its fields: any group of them is a message. */
import type { Cut, SplitLimits, Splitter } from './split-types.ts';
import { append, createStore, drop, placeOf } from './split-types.ts';

const TAG = 0x0a;

export function createProtobufSplitter(limits: SplitLimits): Splitter {
  const store = createStore();
  /** Up to here the store holds whole fields. */
  let whole = 0;
  let stopped = false;

  function emit(out: Cut[]): void {
    if (whole === 0) return;
    const bytes = Buffer.from(store.bytes.subarray(0, whole));
    out.push({ type: 'piece', bytes, linesBefore: null, place: placeOf(store.offset) });
    drop(store, whole);
    whole = 0;
  }

  function stop(out: Cut[], code: 'invalid_item' | 'too_large', what: string): void {
    emit(out);
    out.push({ type: 'fault', code, message: `${what} at ${placeOf(store.offset)}; the file was not read beyond it.` });
    stopped = true;
  }

  /** The end of the field at `from`; null while its length is not there, -1 when this is no field. */
  function fieldEnd(from: number): number | null {
    if (store.bytes[from] !== TAG) return -1;
    let length = 0;
    for (let k = 0; k < 5; k++) {
      if (from + 1 + k >= store.length) return null;
      const byte = store.bytes[from + 1 + k] ?? 0;
      length += (byte & 0x7f) * 2 ** (7 * k);
      if (byte < 0x80) return from + 2 + k + length;
    }
    return -1;
  }

  return {
    push(chunk) {
      const out: Cut[] = [];
      if (stopped) return out;
      append(store, chunk);
      while (whole < store.length) {
        const end = fieldEnd(whole);
        if (end === null) break;
        if (end < 0) {
          stop(out, 'invalid_item', 'There is no list of spans');
          break;
        }
        if (end - whole > limits.itemBytes) {
          stop(out, 'too_large', `An item has more than ${Math.round(limits.itemBytes / 1024 / 1024)} MB`);
          break;
        }
        if (end > store.length) break;
        whole = end;
        if (whole >= limits.pieceBytes) emit(out);
      }
      return out;
    },
    end() {
      const out: Cut[] = [];
      if (stopped) return out;
      emit(out);
      if (store.length > 0) stop(out, 'invalid_item', 'The file is cut off');
      return out;
    },
  };
}
