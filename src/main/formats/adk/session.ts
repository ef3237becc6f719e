/** A session → a trace for each invocation: what one message of the user set off. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { contentText } from '#shared/message.ts';
import { idOf, isEmpty, issue, listOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { readContent } from '../messages/index.ts';
import { originOf, spanRecord } from '../span-record.ts';
import { either } from './either.ts';
import { createEventReader } from './event.ts';

const TAKEN = new Set(
  'id appName app_name userId user_id events lastUpdateTime last_update_time past_events event_logs'.split(' '),
);

/** @returns the ids of the traces, in their order */
export function readSession(session: JsonObject, natural: string, records: NormalisedRecord[]): string[] {
  const sessionId = idOf(session.id) ?? natural;
  const app = textOf(either(session, 'appName'));
  const userId = textOf(either(session, 'userId'));
  const logs = new Map(
    listOf(session.event_logs).flatMap((each) => {
      const id = isJsonObject(each) ? idOf(each.event_id) : null;
      return isJsonObject(each) && id !== null ? [[id, each] as const] : [];
    }),
  );
  const invocations = groupEvents(listOf(session.events), records);
  if (invocations.size === 0) {
    records.push(issue('info', 'unknown_item', `The session "${sessionId.slice(0, 200)}" has no events.`));
  }
  const traceIds: string[] = [];
  for (const [invocation, events] of invocations) {
    const traceId = `adk:${sessionId}:${invocation}`;
    traceIds.push(traceId);
    const asked = events.filter((event) => event.author === 'user');
    const input = asked.flatMap((event) => readContent(event.content, { role: 'user' }));
    const times = events.flatMap((event) => timeOf(event.timestamp) ?? []);
    const task = input.map(contentText).join('\n');
    records.push({
      type: 'trace',
      traceId,
      name: app ?? 'invocation',
      sessionId,
      ...(app === null ? {} : { workflow: app }),
      ...(userId === null ? {} : { userId }),
      metadata: { ...remaining(session, TAKEN), ...(task === '' ? {} : { task }) },
    });
    const origin = originOf('adk', null);
    const reader = createEventReader({ traceId, root: 'invocation', origin, logs });
    events.forEach((event, at) => {
      reader.read(event, at);
    });
    const last = events.findLast((event) => event.author !== 'user' && !isEmpty(objectOf(event.content).parts));
    records.push(
      spanRecord({
        traceId,
        spanId: 'invocation',
        kind: 'chain',
        subtype: 'workflow',
        name: 'invocation',
        start: times[0] ?? null,
        end: times.at(-1) ?? null,
        input,
        output: last ? readContent(last.content, { role: 'assistant' }) : [],
        origin,
      }),
    );
    for (const span of reader.spans()) records.push(span);
  }
  return traceIds;
}

function groupEvents(events: readonly Json[], records: NormalisedRecord[]): Map<string, JsonObject[]> {
  const invocations = new Map<string, JsonObject[]>();
  for (const event of events) {
    if (!isJsonObject(event)) {
      records.push(issue('error', 'invalid_item', 'An event is not an object.', { item: event }));
      continue;
    }
    const id = idOf(either(event, 'invocationId')) ?? 'unknown';
    const known = invocations.get(id);
    if (known) known.push(event);
    else invocations.set(id, [event]);
  }
  return invocations;
}
