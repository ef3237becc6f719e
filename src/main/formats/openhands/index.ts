/**
 * OpenHands: events in a list (trajectory), in rows of an evaluation (`output.jsonl`), or one per line; both the events
 * with `action` / `observation` and those of the SDK with `kind`. An agent's action is a model call and, where it acts
 * on the world, a tool call joined with the observation that it caused.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { digestOf, idOf, issue, listOf } from '../fields.ts';
import { headOf, readDocument, readLines } from '../logs/read.ts';
import { readRun } from './run.ts';

export const openHands: DecoderFormat = {
  type: 'decoder',
  id: 'openhands',
  label: 'OpenHands trajectory',
  routes: [],
  // Rows of an evaluation; the events of one run belong together.
  split: (head) =>
    /^\[?\s{0,64}\{[^]{0,20000}"(?:instance_id|instance)"\s{0,8}:/.test(headOf(head) ?? '')
      ? { lines: true, list: true }
      : null,
  detect: (head) => {
    const text = headOf(head);
    if (text === null || !/"source"\s{0,8}:\s{0,8}"(?:agent|user|environment|hook)"/.test(text)) return 0;
    if (/"kind"\s{0,8}:\s{0,8}"(?:MessageEvent|ActionEvent|ObservationEvent|SystemPromptEvent)"/.test(text))
      return 0.96;
    const acts = /"(?:action|observation)"\s{0,8}:\s{0,8}"/.test(text);
    return acts && /"(?:args|cause|extras|tool_call_metadata|llm_metrics)"\s{0,8}:/.test(text) ? 0.97 : 0;
  },
  decode,
};

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded, AppError> {
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
  if (items.some(isEvent)) {
    readRun({}, items, `openhands:${conversationOf(context.name) ?? digestOf(bytes)}`, records);
    return ok({ records: [...records, ...issues] });
  }
  let found = false;
  for (const [index, item] of items.entries()) {
    const events = isJsonObject(item) ? eventsOf(item) : null;
    if (isJsonObject(item) && events !== null) {
      found = true;
      const id = idOf(item.instance_id);
      readRun(item, events, `openhands:${id === null ? '' : `${id}:`}${digestOf(JSON.stringify(item))}`, records);
    } else records.push(issue('error', 'unknown_item', `Item ${index} holds no events.`, { item }));
  }
  return found ? ok({ records: [...records, ...issues] }) : fail(NOT_OURS);
}

function isEvent(value: Json): boolean {
  return (
    isJsonObject(value) &&
    typeof value.source === 'string' &&
    (value.action !== undefined || value.observation !== undefined || typeof value.kind === 'string')
  );
}

/** The events of a row; old ones hold pairs of an action and its observation. */
function eventsOf(item: JsonObject): readonly Json[] | null {
  const list = [item.history, item.trajectory, item.events].find(Array.isArray) as readonly Json[] | undefined;
  const events = list?.flatMap((each) => (Array.isArray(each) ? listOf(each) : [each]));
  return events?.some(isEvent) ? events : null;
}

/** A conversation's events are exported under its id. */
function conversationOf(name: string | null): string | null {
  return name === null ? null : (/([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i.exec(name)?.[1] ?? null);
}

const NOT_OURS: AppError = { code: 'unreadable_file', message: 'The file holds no events of OpenHands.' };
