import { AppFailure } from '#shared/result.ts';
import type { RawBody } from '#shared/trace.ts';
import type { Reader } from '../../store/database.ts';
import { readRaw } from '../../store/raw-store.ts';
import { getContent, getSpan, rawKeyOfSpan } from '../../store/span-queries.ts';
import type { DomainHandlers } from './types.ts';

/** Raw bodies are shown up to this size; the file on disk has the rest. */
const RAW_LENGTH = 2 * 1024 * 1024;

export const spanHandlers: DomainHandlers<'span' | 'content'> = {
  'span.get': ({ reader }, { traceId, spanId }) => {
    const span = getSpan(reader, traceId, spanId);
    if (!span) throw new AppFailure({ code: 'not_found', message: 'This span does not exist, or was deleted.' });
    return span;
  },
  'span.raw': ({ reader }, { traceId, spanId }) => rawBody(reader, traceId, spanId),
  'content.get': ({ reader }, { key }) => {
    const item = getContent(reader, key);
    if (!item) throw new AppFailure({ code: 'not_found', message: 'This content does not exist, or was deleted.' });
    return item;
  },
};

function rawBody(reader: Reader, traceId: string, spanId: string): RawBody {
  const key = rawKeyOfSpan(reader, traceId, spanId);
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
      message: 'The received bytes of this span are gone.',
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
