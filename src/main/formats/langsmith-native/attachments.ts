/** Files that a run carries beside its fields: shown with what the run read or wrote, where they are not too large. */
import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { IssueRecord, SpanRecord } from '#shared/record.ts';
import { digestOf, issue } from '../fields.ts';
import type { Attachment } from './operations.ts';

const MAX_INLINE_BYTES = 4 * 1024 * 1024;
const MAX_INLINE = 32;

/**
 * They follow what the same request tells of the run, because a later telling replaces content as a whole: with neither
 * input nor output, and beyond the limits, only their names, types and sizes are kept beside the received bytes.
 */
export function withAttachments(
  span: SpanRecord,
  attachments: readonly Attachment[],
  report: (issue: IssueRecord) => void,
): SpanRecord {
  if (attachments.length === 0) return span;
  const side = span.input.length > 0 ? 'input' : span.output.length > 0 ? 'output' : null;
  const shown: ContentItem[] = [];
  const listed: Json[] = [];
  for (const { name, contentType, bytes } of attachments) {
    const fits = side !== null && shown.length < MAX_INLINE && bytes.length <= MAX_INLINE_BYTES;
    const note = { name, contentType, bytes: bytes.length, sha256: digestOf(bytes) };
    if (listed.length < MAX_INLINE * 4) listed.push(note);
    if (fits) shown.push(item(side, name, contentType, bytes));
    else report(tooMuch(span, note));
  }
  const attributes = { ...span.attributes, 'langsmith.attachments': listed };
  if (side === 'input') return { ...span, attributes, input: [...span.input, ...shown] };
  return { ...span, attributes, output: [...span.output, ...shown] };
}

function item(side: 'input' | 'output', name: string, contentType: string, bytes: Uint8Array): ContentItem {
  const kind = contentType.split('/', 1)[0] ?? '';
  return {
    kind: 'message',
    role: side === 'input' ? 'user' : 'assistant',
    name,
    parts: [
      {
        type: 'blob',
        modality: kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document',
        mimeType: contentType === '' ? null : contentType,
        content: Buffer.from(bytes).toString('base64'),
      },
    ],
  };
}

function tooMuch(
  { traceId, spanId }: SpanRecord,
  note: { readonly name: string; readonly bytes: number },
): IssueRecord {
  const message = `The attachment ${note.name.slice(0, 200)} (${note.bytes} bytes) is kept in the received bytes only.`;
  return issue('info', 'truncated_field', message, { traceId, spanId });
}
