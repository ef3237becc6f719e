/** One sample → a trace: a root span around the tree of its events, or around its messages where events were not kept. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { NormalisedRecord, SpanRecord } from '#shared/record.ts';
import { idOf, isEmpty, issue, listOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { readContent } from '../messages/index.ts';
import { spanRecord } from '../span-record.ts';
import { readEvents } from './events.ts';
import type { Header } from './header.ts';
import { readAnswer, readMessages } from './messages.ts';
import { readConversation } from './conversation.ts';
import { createReferences, type References } from './references.ts';
import { readScores } from './score.ts';

/** What becomes a field, or is read into spans. */
const TAKEN = new Set(
  (
    'id epoch input target messages output scores score metadata events attachments message_pool call_pool events_data ' +
    'transcript started_at completed_at error total_time working_time model_usage uuid'
  ).split(' '),
);
/** Id of the root span; all others are ids that Inspect gave, or positions. */
const ROOT = 'sample';

export function readSample(sample: JsonObject, header: Header, records: NormalisedRecord[]): void {
  const references = createReferences(sample);
  const sampleId = idOf(sample.id);
  const epoch = idOf(sample.epoch);
  const traceId = `inspect:${[header.key, sampleId, epoch].filter((part) => part !== null).join(':')}`;
  const events = listOf(sample.events).length > 0 ? sample.events : objectOf(sample.transcript).events;
  const spans =
    listOf(events).length > 0
      ? readEvents(listOf(events), { traceId, root: ROOT, references, header })
      : {
          spans: readConversation(listOf(sample.messages).map(references.resolve), { traceId, root: ROOT, header }),
          scores: [],
          rootEvents: [],
          start: null,
          end: null,
          issues: [],
        };
  const task = readTask(sample, references);
  const answer = readAnswer(objectOf(references.resolve(sample.output)));
  records.push({
    type: 'trace',
    traceId,
    name: traceName(header, sampleId, epoch),
    ...(header.task === null ? {} : { workflow: header.task }),
    ...(header.tags.length > 0 ? { tags: header.tags } : {}),
    metadata: metadataOf(sample, header, references),
  });
  records.push(rootSpan(sample, traceId, header, { spans, task, answer }));
  for (const span of spans.spans) records.push(span);
  const said = new Set<string>();
  for (const [name, score] of scoresOf(sample, header)) {
    said.add(name);
    for (const each of readScores(name, references.resolve(score), traceId, null)) records.push(each);
  }
  // The final scores are in the sample; intermediate ones, and those of a bare list of events, only among the events.
  for (const { name, score, spanId, intermediate } of spans.scores) {
    if (!intermediate && said.size > 0) continue;
    for (const each of readScores(name, score, traceId, spanId)) records.push(each);
  }
  for (const each of spans.issues) records.push(each);
  if (references.isIncomplete()) {
    records.push(
      issue('warning', 'truncated_field', 'The sample points to texts that it does not hold, or to too many.', {
        traceId,
      }),
    );
  }
}

function traceName(header: Header, sampleId: string | null, epoch: string | null): string {
  const task = header.task ?? 'sample';
  const suffix = epoch === null || epoch === '1' ? '' : ` (epoch ${epoch})`;
  return `${task}${sampleId === null ? '' : ` ${sampleId}`}${suffix}`;
}

/** The input as text, or as the messages that it is. */
function readTask(sample: JsonObject, references: References): ContentItem[] {
  const input = references.resolve(sample.input);
  if (typeof input === 'string') return readContent(input, { role: 'user' });
  return readMessages(listOf(input));
}

function metadataOf(sample: JsonObject, header: Header, references: References): JsonObject {
  const input = references.resolve(sample.input);
  const outcome = textOf(references.resolve(objectOf(sample.output).completion)) ?? answerText(sample, references);
  const fields: Record<string, Json> = {
    ...remaining(objectOf(references.resolve(sample.metadata)), new Set()),
    task: input,
    target: references.resolve(sample.target),
    outcome,
    choices: references.resolve(sample.choices),
    model: header.model,
    sample_id: sample.id ?? null,
    epoch: sample.epoch ?? null,
    status: header.status,
    created: header.created,
  };
  return remaining(fields, new Set());
}

function answerText(sample: JsonObject, references: References): string | null {
  const [choice] = listOf(objectOf(sample.output).choices);
  const message = isJsonObject(choice) ? objectOf(choice.message) : {};
  return textOf(references.resolve(message.content));
}

type Inside = {
  readonly spans: ReturnType<typeof readEvents>;
  readonly task: readonly ContentItem[];
  readonly answer: readonly ContentItem[];
};

function rootSpan(sample: JsonObject, traceId: string, header: Header, inside: Inside): SpanRecord {
  const error = objectOf(sample.error);
  const message = textOf(error.message);
  const { error_retries: retries, ...attributes } = remaining(sample, TAKEN, 'inspect.');
  return spanRecord({
    traceId,
    spanId: ROOT,
    kind: 'chain',
    subtype: 'sample',
    name: traceName(header, idOf(sample.id), idOf(sample.epoch)),
    start: timeOf(sample.started_at) ?? inside.spans.start,
    end: timeOf(sample.completed_at) ?? inside.spans.end,
    status: message === null ? 'unset' : 'error',
    error: message === null ? null : { type: null, message, data: remaining(error, new Set(['message'])) },
    input: inside.task,
    output: inside.answer,
    attributes: {
      ...attributes,
      ...(isEmpty(retries) ? {} : { 'inspect.error_retries': retries ?? null }),
      ...remaining(
        {
          total_time: sample.total_time ?? null,
          working_time: sample.working_time ?? null,
          uuid: sample.uuid ?? null,
          model_usage: sample.model_usage ?? null,
        },
        new Set(),
        'inspect.',
      ),
      ...(isEmpty(sample.scores) ? {} : { 'inspect.scores': sample.scores ?? null }),
    },
    events: inside.spans.rootEvents,
    origin: header.origin,
  });
}

function scoresOf(sample: JsonObject, header: Header): [string, Json][] {
  if (isJsonObject(sample.scores)) return Object.entries(sample.scores);
  return isEmpty(sample.score) ? [] : [[header.scorer, sample.score ?? null]];
}
