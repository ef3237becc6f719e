import { AppFailure } from '#shared/result.ts';
import type { RawBody } from '#shared/trace.ts';
import type { Reader } from '../../store/database.ts';
import { sessionAt } from '../../store/session-facts.ts';
import { getSessionSpan, memberOf } from '../../store/session-span.ts';
import { readRaw } from '../../store/raw-store.ts';
import { getContent, getSpan, rawKeyOfSpan } from '../../store/span-queries.ts';
import type { DomainHandlers } from './types.ts';

/** Raw bodies are shown up to this size; the file on disk has the rest. */
const RAW_LENGTH = 2 * 1024 * 1024;

/** Those that analyse a span within its trace are with the trace's views. */
export const spanHandlers: Omit<DomainHandlers<'span' | 'content' | 'raw'>, 'span.context' | 'span.calls'> = {
  'span.get': ({ reader }, { traceId, spanId }) => {
    const session = sessionAt(reader, traceId);
    const span = session === null ? getSpan(reader, traceId, spanId) : getSessionSpan(reader, session, spanId);
    if (!span) throw new AppFailure({ code: 'not_found', message: 'This span does not exist, or was deleted.' });
    return span;
  },
  'span.raw': ({ reader }, { traceId, spanId }) => {
    const session = sessionAt(reader, traceId);
    if (session === null) return rawBody(reader, traceId, spanId);
    const member = memberOf(reader, session, spanId);
    if (member?.spanId === null) {
      throw new AppFailure({
        code: 'not_found',
        message: 'This row stands for a trace: no bytes of its own were received.',
        hint: 'Select a span inside it.',
      });
    }
    return rawBody(reader, member?.trace_id ?? traceId, member?.spanId ?? spanId);
  },
  'raw.get': ({ reader }, { rawKey }) => readBody(reader, rawKey),
  'content.get': ({ reader }, { key }) => {
    const item = getContent(reader, key);
    if (!item) throw new AppFailure({ code: 'not_found', message: 'This content does not exist, or was deleted.' });
    return item;
  },
};

function rawBody(reader: Reader, traceId: string, spanId: string): RawBody {
  return readBody(reader, rawKeyOfSpan(reader, traceId, spanId));
}

function readBody(reader: Reader, key: number | null): RawBody {
  const row =
    key === null
      ? undefined
      : reader.get<{ format: string; content_type: string | null; received_at: number; size: number }>(
          'SELECT format, content_type, received_at, size FROM raw WHERE raw_key = ?',
          [key],
        );
  const bytes = key === null ? null : readRaw(reader, key);
  if (!row || !bytes) {
    throw new AppFailure({
      code: 'not_found',
      message: 'The received bytes are gone.',
      hint: 'They were deleted together with another trace of the same request.',
    });
  }
  const shown = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, RAW_LENGTH));
  const isText =
    row.content_type?.includes('json') === true || /^\s*[[{]/.test(shown.subarray(0, 16).toString('latin1'));
  return {
    format: row.format,
    contentType: row.content_type,
    receivedAt: row.received_at,
    bytes: row.size,
    text: isText ? shown.toString('utf8') : null,
    base64: isText ? null : shown.toString('base64'),
    truncated: bytes.byteLength > RAW_LENGTH,
  };
}
