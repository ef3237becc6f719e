/**
 * Sessions of the pi coding agent: JSON lines, a header { type: 'session' } and entries that form a tree by `id` and
 * `parentId`. One session is one trace.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { digestOf, issue, textOf } from '../fields.ts';
import { headOf, readLines } from '../logs/read.ts';
import { readSession, type Entry } from './session.ts';

export const pi: DecoderFormat = {
  type: 'decoder',
  id: 'pi',
  label: 'pi session',
  routes: [],
  detect: (head) => {
    const text = headOf(head);
    if (text === null || !text.startsWith('{')) return 0;
    const end = text.indexOf('\n');
    const first = end === -1 ? text : text.slice(0, end);
    const isHeader = first.length < 8_192 && /"type"\s{0,8}:\s{0,8}"session"/.test(first) && /"id"\s{0,8}:/.test(first);
    if (!isHeader || !/"(?:cwd|version|timestamp)"\s{0,8}:/.test(first)) return 0;
    return /"type"\s{0,8}:\s{0,8}"(?:message|model_change|thinking_level_change)"/.test(text) ? 0.96 : 0.7;
  },
  decode,
};

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded, AppError> {
  const lines = readLines(bytes, NOT_OURS);
  if (!lines.ok) return lines;
  const records: NormalisedRecord[] = [];
  const entries: Entry[] = [];
  for (const { number, value } of lines.value.lines) {
    if (isJsonObject(value) && typeof value.type === 'string') entries.push({ number, type: value.type, value });
    else records.push(issue('error', 'unknown_item', `Line ${number} is no entry of a session.`, { item: value }));
  }
  if (!entries.some(({ type }) => type === 'session' || type === 'message')) return fail(NOT_OURS);
  const named = context.name === null ? null : (/_([\w-]{1,80})\.jsonl/.exec(context.name)?.[1] ?? null);
  const header = entries.find(({ type }) => type === 'session')?.value ?? {};
  readSession(textOf(header.id) ?? named ?? digestOf(bytes), header, entries, records);
  for (const each of lines.value.issues) records.push(each);
  return ok({ records });
}

const NOT_OURS: AppError = { code: 'unreadable_file', message: 'The file holds no line of a pi session.' };
