/** Lines of a file too large to be one string. */

export type ByteLine = { readonly number: number; readonly bytes: Uint8Array };

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The lines that hold more than white space, numbered from 1 as editors count; no copies are made. */
export function* byteLines(bytes: Uint8Array): Generator<ByteLine, void, undefined> {
  let from = hasByteOrderMark(bytes) ? 3 : 0;
  for (let number = 1; from < bytes.length; number++) {
    const found = bytes.indexOf(LINE_FEED, from);
    const end = found === -1 ? bytes.length : found;
    const last = end > from && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    const line = bytes.subarray(from, last);
    if (line.some((byte) => byte !== 0x20 && byte !== 0x09)) yield { number, bytes: line };
    from = end + 1;
  }
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
