/**
 * Plain chat messages, as fine-tuning files, playgrounds and scripts leave them: { messages: [...] } alone, in a list or
 * per line; a bare list of messages; one message per line; and ShareGPT's { conversations: [{ from, value }] }.
 */
import type { Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { contentText } from '#shared/message.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { digestOf, issue, listOf, numberOf, remaining, textOf } from '../fields.ts';
import { chatSpans } from '../logs/chat.ts';
import { headOf, readDocument, readLines } from '../logs/read.ts';
import { makeOrigin, titleOf } from '../logs/span.ts';
import { readContent } from '../messages/index.ts';

export const chatMessages: DecoderFormat = {
  type: 'decoder',
  id: 'chat-messages',
  label: 'Chat messages (OpenAI)',
  routes: [],
  // Messages that stand alone are one conversation.
  split: (head) =>
    /^(?:\[\s{0,64})?\{\s{0,64}"(?:role|content)"\s{0,8}:/.test(headOf(head) ?? '')
      ? null
      : { lines: true, list: true },
  detect: (head) => {
    const text = headOf(head);
    if (text === null) return 0;
    const start = text.slice(0, 20_000);
    // Almost anything can hold messages: other formats are asked first.
    if (/^(?:\[\s{0,64})?\{\s{0,64}"(?:messages|conversations)"\s{0,8}:\s{0,8}\[\s{0,64}\{/.test(start))
      return isChat(start) ? 0.6 : 0;
    if (/^(?:\[\s{0,64})?\{\s{0,64}"role"\s{0,8}:\s{0,8}"(?:system|developer|user|assistant)"/.test(start)) return 0.55;
    if (/^(?:\[\s{0,64})?\{\s{0,64}"content"\s{0,8}:/.test(start) && ROLE.test(start)) return 0.4;
    return /"messages"\s{0,8}:\s{0,8}\[\s{0,64}\{\s{0,64}"(?:role|content)"/.test(start) && ROLE.test(start) ? 0.35 : 0;
  },
  decode,
};

const ROLE = /"role"\s{0,8}:\s{0,8}"(?:system|developer|user|assistant)"/;

function isChat(text: string): boolean {
  return ROLE.test(text) || /"from"\s{0,8}:\s{0,8}"(?:human|gpt|system|user|assistant)"/.test(text);
}

const ORIGIN = makeOrigin('chat_messages');

function decode(bytes: Uint8Array): Result<Decoded, AppError> {
  const issues: IssueRecord[] = [];
  const document = readDocument(bytes, issues);
  let items: readonly Json[];
  if (document === undefined) {
    const lines = readLines(bytes, NOT_OURS);
    if (!lines.ok) return lines;
    for (const each of lines.value.issues) issues.push(each);
    items = lines.value.lines.map(({ value }) => value);
  } else items = Array.isArray(document) ? (document as readonly Json[]) : [document];
  const records: NormalisedRecord[] = [];
  // Messages that stand alone are one conversation.
  if (items.some(isMessage) && !items.some((item) => messagesOf(item) !== null)) {
    readConversation({}, items, records);
    return ok({ records: [...records, ...issues] });
  }
  let found = false;
  for (const [index, item] of items.entries()) {
    const messages = messagesOf(item);
    if (messages !== null) {
      found = true;
      readConversation(isJsonObject(item) ? item : {}, messages, records);
    } else records.push(issue('error', 'unknown_item', `Item ${index} holds no chat messages.`, { item }));
  }
  return found ? ok({ records: [...records, ...issues] }) : fail(NOT_OURS);
}

function isMessage(value: Json): boolean {
  return isJsonObject(value) && typeof value.role === 'string';
}

function messagesOf(item: Json): readonly Json[] | null {
  if (Array.isArray(item)) return (item as readonly Json[]).some(isMessage) ? (item as readonly Json[]) : null;
  if (!isJsonObject(item)) return null;
  if (Array.isArray(item.messages)) return [...(item.messages as readonly Json[]), ...answersOf(item)];
  return Array.isArray(item.conversations) ? listOf(item.conversations).map(fromShareGpt) : null;
}

/** A recorded request beside its answer: { messages, choices } or { messages, response: { choices } }. */
function answersOf(item: JsonObject): readonly Json[] {
  const response = isJsonObject(item.response) ? item.response : item;
  const choice = listOf(response.choices)[0];
  return isJsonObject(choice) && isJsonObject(choice.message) ? [{ role: 'assistant', ...choice.message }] : [];
}

const SPEAKERS: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['gpt', 'assistant'],
  ['bing', 'assistant'],
  ['chatgpt', 'assistant'],
  ['observation', 'tool'],
]);

function fromShareGpt(turn: Json): Json {
  if (!isJsonObject(turn) || typeof turn.from !== 'string') return turn;
  const { from, value, ...rest } = turn;
  return { ...rest, role: SPEAKERS.get(from) ?? from ?? 'user', content: value ?? null };
}

const TAKEN = new Set(['messages', 'conversations', 'model', 'choices', 'response']);

function readConversation(item: JsonObject, messages: readonly Json[], records: NormalisedRecord[]): void {
  const traceId = `chat-messages:${digestOf(JSON.stringify([item.messages ?? item.conversations ?? messages, item.id ?? null]))}`;
  const asked = messages.find((message) => isJsonObject(message) && message.role === 'user');
  const text = isJsonObject(asked) ? readContent(asked).map(contentText).join('\n') : '';
  const model = textOf(item.model);
  records.push({
    type: 'trace',
    traceId,
    ...(text === '' ? {} : { name: titleOf(text) }),
    metadata: { ...(text === '' ? {} : { task: text }), ...remaining(item, TAKEN) },
  });
  const options = { traceId, origin: ORIGIN, agent: 'assistant', user: null, model, keepAll: false } as const;
  chatSpans(messages, { ...options, failure: () => null }, records);
  const reward = numberOf(item.reward ?? item.score);
  if (reward === null) return;
  const name = item.reward === undefined ? 'score' : 'reward';
  const base = { type: 'score', traceId, spanId: null, label: null, passed: null, explanation: null } as const;
  records.push({ ...base, name, value: reward, source: 'chat-messages' });
}

const NOT_OURS: AppError = { code: 'unreadable_file', message: 'The file holds no list of chat messages.' };
