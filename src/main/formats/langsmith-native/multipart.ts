/**
 * Parts of a `multipart/form-data` body, found in the bytes alone: the boundary is the body's first line, so that a body
 * that was kept, or a file, reads the same as a request. Every byte is looked at a bounded number of times.
 */
import { fail, ok, type Result } from '#shared/result.ts';

export type Part = {
  readonly name: string;
  /** Lower-case media type without parameters; '' when the part names none. */
  readonly contentType: string;
  readonly body: Uint8Array;
};
export type Parts = { readonly parts: readonly Part[]; readonly faults: readonly string[] };

/** A preamble longer than this is not looked through. */
const MAX_PREAMBLE = 4_096;
const MAX_HEAD = 16_384;
const MAX_NAME = 1_024;
/** Bodies hold some thousand parts at most; a part costs more than its bytes. */
const MAX_PARTS = 250_000;
const BOUNDARY = /(?:^|\r\n)--([^\r\n]{1,200})\r\n/;

/** Fails with `bad_request` when the bytes have no boundary; a part without a name, or cut off, is a fault. */
export function readParts(bytes: Uint8Array): Result<Parts> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = BOUNDARY.exec(buffer.subarray(0, MAX_PREAMBLE).toString('latin1'));
  if (!first?.[1]) return fail({ code: 'bad_request', message: 'The multipart body begins with no boundary.' });
  const delimiter = Buffer.from(`\r\n--${first[1].trimEnd()}`, 'latin1');
  const parts: Part[] = [];
  const faults: string[] = [];
  let at = first.index + first[0].length;
  for (let isLast = false; !isLast;) {
    if (parts.length + faults.length >= MAX_PARTS) {
      faults.push(`The body has more than ${MAX_PARTS} parts; the rest was left out.`);
      break;
    }
    const end = nextDelimiter(buffer, delimiter, at);
    if (end === null) faults.push('The body breaks off; its last part may be cut.');
    const part = readPart(buffer.subarray(at, end?.at ?? buffer.length));
    if (part) parts.push(part);
    else if (end !== null) faults.push('A part has no name.');
    isLast = end?.isLast ?? true;
    at = end?.next ?? buffer.length;
  }
  return ok({ parts, faults });
}

type Delimiter = { readonly at: number; readonly next: number; readonly isLast: boolean };

/** Content may hold the delimiter's beginning: it counts only before a line end or the closing dashes. */
function nextDelimiter(buffer: Buffer, delimiter: Buffer, from: number): Delimiter | null {
  // A part without headers and body begins with the line end of the delimiter before it.
  for (let at = buffer.indexOf(delimiter, Math.max(0, from - 2)); at >= 0; at = buffer.indexOf(delimiter, at + 2)) {
    let next = at + delimiter.length;
    if (buffer[next] === 0x2d && buffer[next + 1] === 0x2d) return { at: Math.max(at, from), next, isLast: true };
    const padded = next + 64;
    while (next < padded && (buffer[next] === 0x20 || buffer[next] === 0x09)) next++;
    if (buffer[next] === 0x0d && buffer[next + 1] === 0x0a) {
      return { at: Math.max(at, from), next: next + 2, isLast: false };
    }
  }
  return null;
}

const NAME = /;\s{0,16}name=/i;
const NAME_TEXT = /^(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/s;

function readPart(part: Buffer): Part | null {
  const headEnd = part.subarray(0, MAX_HEAD).indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = part.subarray(0, headEnd).toString('utf8');
  let name: string | null = null;
  let contentType = '';
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const field = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (field === 'content-disposition') {
      const found = NAME.exec(line);
      const match = found ? NAME_TEXT.exec(line.slice(found.index + found[0].length)) : null;
      name = match?.[1]?.replace(/\\(.)/gs, '$1') ?? match?.[2] ?? null;
    } else if (field === 'content-type') {
      contentType =
        line
          .slice(colon + 1)
          .split(';', 1)[0]
          ?.trim()
          .toLowerCase() ?? '';
    }
  }
  if (name === null || name === '' || name.length > MAX_NAME) return null;
  return { name, contentType, body: part.subarray(headEnd + 4) };
}
