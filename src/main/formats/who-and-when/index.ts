/**
 * Who&When: multi-agent logs, each with the agent to blame and the decisive step. Two shapes share one frame:
 * Algorithm-Generated names the speaker of each message, Hand-Crafted writes the Magentic-One role (`A (-> B)`).
 * A message's span id is `m` and its 0-based index. There are no times: messages stand in the order of the file.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { digestOf, issue, objectOf, remaining, textOf } from '../fields.ts';
import { headOf, readDocument, readLines } from '../logs/read.ts';
import { titleOf } from '../logs/span.ts';
import { readBlame } from './blame.ts';
import { readHistory } from './history.ts';

export const whoAndWhen: DecoderFormat = {
  type: 'decoder',
  id: 'who-and-when',
  label: 'Who&When',
  routes: [],
  detect: (head, name) => {
    const text = headOf(head);
    if (text === null || !/^(?:\[\s{0,64})?\{/.test(text)) return 0;
    const marks = [/"mistake_(?:agent|step|reason)"\s{0,8}:/, /"question_ID"\s{0,8}:/, /"is_correct(?:ed)?"\s{0,8}:/];
    if (marks.some((mark) => mark.test(text))) {
      return /"history"\s{0,8}:\s{0,8}\[/.test(text) ? 0.96 : text.startsWith('{') ? 0.5 : 0;
    }
    // A long Hand-Crafted log pushes the verdict out of the head: its roles tell.
    const isLog = /^\{\s{0,64}"history"\s{0,8}:\s{0,8}\[/.test(text);
    if (isLog && /"role"\s{0,8}:\s{0,8}"[^"\n]{1,80} \((?:-> [^"\n]{1,80}|thought)\)"/.test(text)) return 0.9;
    return isLog && name !== null && /(?:Hand-Crafted|Algorithm-Generated)/.test(name) ? 0.6 : 0;
  },
  decode,
};

/** What is read elsewhere; the verdict stays with the annotation, word for word. */
const TAKEN = new Set(['history', 'question', 'mistake_agent', 'mistake_step', 'mistake_reason', 'mistake_type']);

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded, AppError> {
  const issues: IssueRecord[] = [];
  const records: NormalisedRecord[] = [];
  const document = readDocument(bytes, issues);
  const lines = document === undefined ? readLines(bytes, NOT_OURS) : null;
  if (lines && !lines.ok) return lines;
  const logs = lines ? lines.value.lines.map(({ value }) => value) : Array.isArray(document) ? document : [document];
  if (!logs.some(isLog)) return fail(NOT_OURS);
  // The benchmark tells its files apart by folder and number alone; published in one file, by their place in it.
  const name = context.name ?? digestOf(bytes);
  logs.forEach((log: Json | undefined, at) => {
    if (isLog(log))
      readLog(log, logs.length === 1 ? name : `${name}:${at + 1}`, logs.length === 1 ? context.name : null, records);
    else records.push(issue('error', 'unknown_item', `Entry ${at + 1} is no log of Who&When.`, { item: log ?? null }));
  });
  const whose = logs.length === 1 ? { traceId: `who-and-when:${name}` } : {};
  for (const each of [...issues, ...(lines?.value.issues ?? [])]) records.push({ ...each, ...whose });
  return ok({ records });
}

type Log = JsonObject & { readonly history: readonly Json[] };

function isLog(value: Json | undefined): value is Log {
  return isJsonObject(value) && Array.isArray(value.history);
}

function readLog(document: Log, name: string, file: string | null, records: NormalisedRecord[]): void {
  const { history } = document;
  const traceId = `who-and-when:${name}`;
  const question = textOf(document.question);
  records.push({
    type: 'trace',
    traceId,
    workflow: 'Who&When',
    ...(question === null ? {} : { name: titleOf(question) }),
    metadata: metadataOf(document, file),
  });
  readHistory(traceId, history, objectOf(document.system_prompt), records);
  readBlame(traceId, document, history.length, records);
  for (const name of ['is_correct', 'is_corrected']) {
    const value = document[name];
    if (typeof value !== 'boolean') continue;
    records.push({
      type: 'score',
      traceId,
      spanId: null,
      name,
      value: value ? 1 : 0,
      label: null,
      passed: value,
      explanation: null,
      source: 'who-and-when',
    });
  }
  if (history.length === 0) {
    records.push(issue('warning', 'invalid_item', 'The log holds no message.', { traceId }));
  }
}

function metadataOf(document: JsonObject, file: string | null): JsonObject {
  return {
    ...(file === null ? {} : { file }),
    ...(document.question === undefined ? {} : { task: document.question }),
    ...remaining(document, TAKEN),
  };
}

const NOT_OURS: AppError = {
  code: 'unreadable_file',
  message: 'The file is not a whole Who&When log with a "history".',
};
