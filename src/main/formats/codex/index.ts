/**
 * Codex CLI rollouts: JSON lines { timestamp, type, payload }, where `response_item` is what the model read and wrote and
 * `event_msg` what the screen showed; old files hold the items bare. One session is one trace; the session of a
 * sub-agent joins the trace of the session that spawned it.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { digestOf, issue, objectOf, textOf, timeOf } from '../fields.ts';
import { firstLineOf, headOf, readLines } from '../logs/read.ts';
import { readRollout, type Item } from './rollout.ts';

export const codex: DecoderFormat = {
  type: 'decoder',
  id: 'codex',
  label: 'Codex CLI session',
  routes: [],
  detect: (head) => {
    const text = headOf(head);
    if (text === null || !text.startsWith('{')) return 0;
    const first = text.slice(0, 4_096);
    if (
      /"type"\s{0,8}:\s{0,8}"(?:session_meta|response_item|event_msg|turn_context)"/.test(first) &&
      /"payload"\s{0,8}:\s{0,8}\{/.test(first)
    )
      return 0.97;
    // Before envelopes: a header, then items of the Responses API with a state line here and there.
    const line = firstLineOf(text);
    const isHeader =
      isJsonObject(line) && typeof line.id === 'string' && typeof line.timestamp === 'string' && 'instructions' in line;
    return isHeader && /"(?:record_type|call_id|input_text)"/.test(text) ? 0.9 : 0;
  },
  decode,
};

const ENVELOPES = new Set(['session_meta', 'response_item', 'event_msg', 'turn_context', 'compacted']);
const BARE = new Set([
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'local_shell_call',
  'custom_tool_call',
  'custom_tool_call_output',
  'web_search_call',
]);

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded, AppError> {
  const lines = readLines(bytes, NOT_OURS);
  if (!lines.ok) return lines;
  const records: NormalisedRecord[] = [];
  const items: Item[] = [];
  for (const { number, value } of lines.value.lines) {
    const item = isJsonObject(value) ? itemOf(value, number) : null;
    if (item) items.push(item);
    else records.push(issue('error', 'unknown_item', `Line ${number} is no item of a session.`, { item: value }));
  }
  if (items.length === 0) return fail(NOT_OURS);
  readRollout(items, sessionOfFile(context.name) ?? digestOf(bytes), records);
  for (const each of lines.value.issues) records.push(each);
  return ok({ records });
}

function itemOf(line: JsonObject, number: number): Item | null {
  const type = textOf(line.type);
  const time = timeOf(line.timestamp);
  if (type !== null && isJsonObject(line.payload)) return { number, type, payload: line.payload, time };
  if (type !== null && ENVELOPES.has(type)) return { number, type, payload: objectOf(line.payload), time };
  if (type !== null && BARE.has(type)) return { number, type: 'response_item', payload: line, time };
  if (type === null && typeof line.id === 'string') return { number, type: 'session_meta', payload: line, time };
  const record = textOf(line.record_type);
  return record === null ? null : { number, type: record, payload: line, time };
}

function sessionOfFile(name: string | null): string | null {
  return name === null ? null : (/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl/i.exec(name)?.[1] ?? null);
}

const NOT_OURS: AppError = { code: 'unreadable_file', message: 'The file holds no line of a Codex session.' };
