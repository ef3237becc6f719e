/**
 * Claude Code session files: JSON lines that form a tree by `uuid` and `parentUuid`. One session is one trace. A
 * sub-agent's lines stand in the session's file (`isSidechain`) or in a file of their own (`agent-*.jsonl`, with
 * `agentId`); span ids come from the ids in the lines, so that the files of a session meet whichever is read first.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { digestOf } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { headOf, readLines } from '../logs/read.ts';
import { readEntries } from './entries.ts';
import { sessionRecords } from './session.ts';

export const claudeCode: DecoderFormat = {
  type: 'decoder',
  id: 'claude-code',
  label: 'Claude Code session',
  routes: [],
  detect: (head) => {
    const text = headOf(head);
    // Not JSON over several lines: that is somebody's copy of a session.
    if (text === null || !/^\{[ \t]{0,64}"/.test(text) || !isLine(jsonHead(head))) return 0;
    if (/"sessionId"\s{0,8}:/.test(text) && /"(?:parentUuid|isSidechain)"\s{0,8}:/.test(text)) return 0.95;
    const first = text.slice(0, 4_096);
    if (/"type"\s{0,8}:\s{0,8}"summary"/.test(first) && /"leafUuid"\s{0,8}:/.test(first)) return 0.9;
    if (/"type"\s{0,8}:\s{0,8}"file-history-snapshot"/.test(first) && /"messageId"\s{0,8}:/.test(first)) return 0.9;
    return /"type"\s{0,8}:\s{0,8}"(?:queue-operation|custom-title|ai-title|last-prompt)"/.test(first) &&
      /"sessionId"\s{0,8}:/.test(first)
      ? 0.9
      : 0;
  },
  decode,
};

/** Tools keep sessions in files of their own, by time or by id: each line of a session says what it is itself. */
function isLine(first: Json): boolean {
  return isJsonObject(first) && LINE_FIELDS.some((field) => Object.hasOwn(first, field));
}

const LINE_FIELDS = ['type', 'sessionId', 'parentUuid', 'uuid', 'message', 'leafUuid', 'messageId'];

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded, AppError> {
  const lines = readLines(bytes, NOT_OURS);
  if (!lines.ok) return lines;
  const records: NormalisedRecord[] = [];
  const entries = readEntries(lines.value.lines, sessionOfFile(bytes, context.name), records);
  if (entries === null) return fail(NOT_OURS);
  for (const session of entries) sessionRecords(session, records);
  for (const each of lines.value.issues) records.push(each);
  return ok({ records });
}

/** The file of a session bears its id; a file without either is told by its content. */
function sessionOfFile(bytes: Uint8Array, name: string | null): string {
  const id = name === null ? null : /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.jsonl/i.exec(name);
  return id?.[1] ?? digestOf(bytes);
}

const NOT_OURS: AppError = { code: 'unreadable_file', message: 'The file holds no line of a Claude Code session.' };
