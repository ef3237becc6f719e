/**
 * AutoGen: the messages and events of a team (AgentChat: { source, type, content, models_usage }), as a task's result, a
 * list, or one per line; and the chat history of AutoGen 0.2 ({ chat_history: [{ name, role, content }] }).
 */
import type { Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { digestOf, remaining, textOf } from '../fields.ts';
import { headOf, readDocument, readLines } from '../logs/read.ts';
import { titleOf } from '../logs/span.ts';
import { readTeam } from './team.ts';

export const autoGen: DecoderFormat = {
  type: 'decoder',
  id: 'autogen',
  label: 'AutoGen messages',
  routes: [],
  detect: (head) => {
    const text = headOf(head);
    if (text === null) return 0;
    const types =
      /"type"\s{0,8}:\s{0,8}"(?:(?:Text|MultiModal|Stop|Handoff|ToolCallSummary|Structured)Message(?:\[[^"]{0,80}\])?|(?:ToolCallRequest|ToolCallExecution|SelectSpeaker|Thought|MemoryQuery|CodeGeneration|CodeExecution|UserInputRequested)Event)"/;
    if (/"source"\s{0,8}:\s{0,8}"/.test(text) && types.test(text)) return 0.95;
    return /^\{\s{0,64}"chat_(?:history|id)"\s{0,8}:/.test(text) && /"role"\s{0,8}:/.test(text) ? 0.8 : 0;
  },
  decode,
};

const TAKEN = new Set(['messages', 'chat_history']);

function decode(bytes: Uint8Array): Result<Decoded, AppError> {
  const issues: IssueRecord[] = [];
  const document = readDocument(bytes, issues);
  const documents: Json[] = [];
  if (document === undefined) {
    const lines = readLines(bytes, NOT_OURS);
    if (!lines.ok) return lines;
    for (const each of lines.value.issues) issues.push(each);
    const values = lines.value.lines.map(({ value }) => value);
    if (values.some((value) => messagesOf(value) !== null)) documents.push(...values.slice(0, 10_000));
    else documents.push(values);
  } else documents.push(document);
  const records: NormalisedRecord[] = [];
  let found = false;
  for (const each of documents) {
    const messages = messagesOf(each);
    if (messages === null) continue;
    found = true;
    const traceId = `autogen:${digestOf(JSON.stringify(each))}`;
    const whole = isJsonObject(each) ? remaining(each, TAKEN) : {};
    const task = taskOf(messages);
    records.push({
      type: 'trace',
      traceId,
      ...(task === null ? {} : { name: titleOf(task) }),
      workflow: 'AutoGen',
      metadata: { ...(task === null ? {} : { task }), ...whole },
    });
    readTeam(traceId, messages, records);
  }
  return found ? ok({ records: [...records, ...issues] }) : fail(NOT_OURS);
}

function messagesOf(value: Json): readonly Json[] | null {
  const list = isJsonObject(value) ? (value.messages ?? value.chat_history) : value;
  if (!Array.isArray(list)) return null;
  const messages = list as readonly Json[];
  return messages.some(
    (each) => isJsonObject(each) && (typeof each.source === 'string' || typeof each.role === 'string'),
  )
    ? messages
    : null;
}

function taskOf(messages: readonly Json[]): string | null {
  const first = messages.find(isJsonObject);
  return isJsonObject(first) ? textOf(first.content) : null;
}

const NOT_OURS: AppError = { code: 'unreadable_file', message: 'The file holds no messages of an AutoGen team.' };
