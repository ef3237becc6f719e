/**
 * Output items of an OpenAI eval run, as its list answers them (`{ object: "list", data: [...] }`), bare in a list, or one a
 * line. The verdicts belong to the trace that the item names (`trace_id`, and `span_id`, in `datasource_item` or its
 * `metadata`); an item that names none is a trace of its own, with one generation from `sample.input` to `sample.output`.
 */
import type { Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { contentText } from '#shared/message.ts';
import type { IssueRecord, NormalisedRecord, ScoreRecord, SpanError } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { readUsage } from '../agents-sdk/usage.ts';
import { idOf, issue, listOf, numberOf, objectOf, remaining, textOf } from '../fields.ts';
import { headOf, readDocument, readLines } from '../logs/read.ts';
import { makeOrigin } from '../logs/span.ts';
import { readContent } from '../messages/index.ts';
import { spanRecord } from '../span-record.ts';

export const openAiEvals: DecoderFormat = {
  type: 'decoder',
  id: 'openai-evals',
  label: 'OpenAI eval output items',
  routes: [],
  split: () => ({ lines: true, list: true, keys: [['data']] }),
  detect: (head) => {
    const text = headOf(head);
    if (text === null) return 0;
    if (/"object"\s{0,8}:\s{0,8}"eval\.run\.output_item"/.test(text)) return 0.97;
    return /"datasource_item"\s{0,8}:/.test(text) && /"(?:results|datasource_item_id)"\s{0,8}:/.test(text) ? 0.8 : 0;
  },
  decode,
};

const ORIGIN = makeOrigin('openai_evals');
const NOT_OURS: AppError = { code: 'bad_request', message: 'The file holds no output items of an OpenAI eval run.' };

function decode(bytes: Uint8Array): Result<Decoded, AppError> {
  const issues: IssueRecord[] = [];
  const document = readDocument(bytes, issues);
  let items: readonly Json[];
  if (document === undefined) {
    const lines = readLines(bytes, NOT_OURS);
    if (!lines.ok) return lines;
    for (const each of lines.value.issues) issues.push(each);
    items = lines.value.lines.map(({ value }) => value);
  } else
    items =
      isJsonObject(document) && Array.isArray(document.data)
        ? listOf(document.data)
        : listOf(Array.isArray(document) ? document : [document]);
  if (!items.some(isItem)) return fail(NOT_OURS);
  const records: NormalisedRecord[] = [];
  for (const [index, item] of items.entries()) {
    if (isItem(item)) readItem(item, records);
    else records.push(issue('error', 'unknown_item', `Item ${index} is no output item of an eval run.`, { item }));
  }
  return ok({ records: [...records, ...issues] });
}

function isItem(value: Json): value is JsonObject {
  if (!isJsonObject(value) || idOf(value.id) === null) return false;
  return value.object === 'eval.run.output_item' || Array.isArray(value.results);
}

const TRACE_KEYS = ['trace_id', 'traceId', 'trace.id'];
const SPAN_KEYS = ['span_id', 'spanId', 'span.id'];

function readItem(item: JsonObject, records: NormalisedRecord[]): void {
  const id = idOf(item.id) ?? '';
  const run = idOf(item.run_id) ?? '';
  const data = objectOf(item.datasource_item);
  const places = [
    data,
    objectOf(data.item),
    objectOf(data.metadata),
    objectOf(objectOf(data.item).metadata),
    objectOf(item.metadata),
  ];
  const named = firstOf(places, TRACE_KEYS);
  const traceId = named ?? `openai-evals:${run}:${id}`;
  const spanId = named === null ? null : firstOf(places, SPAN_KEYS);
  if (named === null) readSample(traceId, item, records);
  // Of one trace there may be several runs, and several items: each says its own.
  const source = named === null ? 'OpenAI eval' : `OpenAI eval ${run} ${id}`;
  const status = textOf(item.status);
  records.push({
    type: 'score',
    traceId,
    spanId,
    name: 'eval item',
    value: null,
    label: status,
    passed: passedOf(status),
    explanation: null,
    source,
  });
  const names = new Set<string>();
  for (const [index, result] of listOf(item.results).entries()) {
    if (!isJsonObject(result)) {
      records.push(issue('error', 'invalid_item', `Result ${index} is not an object.`, { traceId, item: result }));
      continue;
    }
    let name = textOf(result.name) ?? textOf(result.type) ?? 'result';
    if (names.has(name)) name = `${name} #${index + 1}`;
    names.add(name);
    records.push(readResult(result, { traceId, spanId, name, source }));
  }
}

function readResult(
  result: JsonObject,
  about: Pick<ScoreRecord, 'traceId' | 'spanId' | 'name' | 'source'>,
): ScoreRecord {
  return {
    type: 'score',
    ...about,
    value: numberOf(result.score),
    label: textOf(result.label),
    passed: typeof result.passed === 'boolean' ? result.passed : null,
    explanation: explanationOf(result),
  };
}

/** A grader that is a model leaves what it wrote. */
function explanationOf({ sample, error }: JsonObject): string | null {
  const failed = textOf(objectOf(error).message) ?? textOf(error);
  if (failed !== null) return failed;
  const said = isJsonObject(sample) ? (sample.output ?? sample.outputs) : sample;
  const text = readContent(said ?? null)
    .map(contentText)
    .join('\n');
  return text === '' ? null : text;
}

function passedOf(status: string | null): boolean | null {
  if (status === null) return null;
  if (/^pass(?:ed)?$/i.test(status)) return true;
  return /^fail(?:ed)?$/i.test(status) ? false : null;
}

function firstOf(places: readonly JsonObject[], keys: readonly string[]): string | null {
  for (const place of places) {
    for (const key of keys) {
      const id = idOf(place[key])?.trim();
      if (id !== undefined && id !== '') return id;
    }
  }
  return null;
}

const TAKEN = new Set(['sample', 'object']);
const SAMPLE_TAKEN = new Set(['input', 'output', 'model', 'usage', 'error']);

function readSample(traceId: string, item: JsonObject, records: NormalisedRecord[]): void {
  const sample = objectOf(item.sample);
  const number = idOf(item.datasource_item_id);
  records.push({
    type: 'trace',
    traceId,
    name: number === null ? 'Eval item' : `Eval item ${number}`,
    metadata: remaining(item, TAKEN),
  });
  const error = errorOf(sample.error);
  records.push(
    spanRecord({
      traceId,
      spanId: 'sample',
      kind: 'generation',
      name: textOf(sample.model) ?? 'sample',
      model: textOf(sample.model),
      status: error ? 'error' : 'ok',
      error,
      usage: readUsage(sample.usage),
      input: readContent(sample.input ?? null, { role: 'user' }),
      output: readContent(sample.output ?? null, { role: 'assistant' }),
      attributes: remaining(sample, SAMPLE_TAKEN),
      origin: ORIGIN,
    }),
  );
}

function errorOf(value: Json | undefined): SpanError | null {
  const { code, message } = objectOf(value);
  const text = textOf(message) ?? textOf(value);
  if ((text === null || text === '') && idOf(code) === null) return null;
  return { type: idOf(code), message: text ?? '' };
}
