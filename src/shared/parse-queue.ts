/** Reads what another process sends as a queue: one sentence says what is wrong. */
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { SPAN_KINDS } from './record.ts';
import { fail, ok, type Result } from './result.ts';
import {
  PAIR_KEYS,
  QUEUE_ORDERS,
  type Blindness,
  type QueueDraft,
  type QueueSource,
  type QueueTask,
  type ReviewForm,
} from './review.ts';

const NAME = 200;
const INSTRUCTIONS = 20_000;
const TRACES = 100_000;

class Wrong extends Error {}

export function parseQueue(value: unknown): Result<QueueDraft> {
  try {
    return ok(read(value as Json));
  } catch (cause) {
    if (!(cause instanceof Wrong)) throw cause;
    return fail({ code: 'bad_request', message: `This is no review queue: ${cause.message}.` });
  }
}

export function parseSource(value: unknown): Result<QueueSource> {
  try {
    return ok(readSource(value as Json));
  } catch (cause) {
    if (!(cause instanceof Wrong)) throw cause;
    return fail({ code: 'bad_request', message: `This says no traces: ${cause.message}.` });
  }
}

function read(value: Json): QueueDraft {
  if (!isJsonObject(value)) throw new Wrong('it must be an object');
  const name = text(value.name, 'its name', NAME).trim();
  if (name === '') throw new Wrong('it has no name');
  const order = QUEUE_ORDERS.find((each) => each === value.order);
  if (!order) throw new Wrong(`its order must be one of ${QUEUE_ORDERS.join(', ')}`);
  const { seed, limit } = value;
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed)) throw new Wrong('its seed must be a whole number');
  if (limit !== null && limit !== undefined && (!Number.isSafeInteger(limit) || Number(limit) < 1))
    throw new Wrong('its limit must be a whole number of 1 or more');
  return {
    name,
    instructions: text(value.instructions, 'its instructions', INSTRUCTIONS),
    source: readSource(value.source),
    task: readTask(value.task),
    order,
    seed,
    limit: typeof limit === 'number' ? limit : null,
    form: readForm(value.form),
    blind: readBlindness(value.blind),
  };
}

function readSource(value: Json | undefined): QueueSource {
  if (!isJsonObject(value)) throw new Wrong('its source must be an object');
  if (value.kind === 'query' && typeof value.query === 'string') return { kind: 'query', query: value.query };
  const { traceIds } = value;
  if (value.kind !== 'traces' || !Array.isArray(traceIds)) throw new Wrong('its source is neither a search nor traces');
  const ids = traceIds.filter((id): id is string => typeof id === 'string');
  if (ids.length !== traceIds.length) throw new Wrong('each id of a trace must be a text');
  if (ids.length > TRACES) throw new Wrong(`it names more than ${TRACES} traces`);
  return { kind: 'traces', traceIds: [...new Set(ids)] };
}

function readTask(value: Json | undefined): QueueTask {
  if (!isJsonObject(value)) throw new Wrong('its task must be an object');
  switch (typeof value.kind === 'string' ? value.kind : '') {
    case 'trace':
    case 'adjudicate':
      return { kind: value.kind === 'trace' ? 'trace' : 'adjudicate' };
    case 'span':
      return {
        kind: 'span',
        spanKind: SPAN_KINDS.find((kind) => kind === value.spanKind) ?? null,
        agent: filled(value.agent, 'the agent'),
        text: filled(value.text, 'the part of the name'),
      };
    case 'pair': {
      const by = PAIR_KEYS.find((key) => key === value.by);
      if (!by) throw new Wrong(`pairs are made by one of ${PAIR_KEYS.join(', ')}`);
      return { kind: 'pair', by };
    }
    default:
      throw new Wrong('its task is of no known kind');
  }
}

function readForm(value: Json | undefined): ReviewForm {
  const form: JsonObject = isJsonObject(value) ? value : {};
  return {
    verdict: form.verdict !== false,
    taxonomy: filled(form.taxonomy, 'the taxonomy'),
    schema: filled(form.schema, 'the score schema'),
    blame: form.blame !== false,
  };
}

function readBlindness(value: Json | undefined): Blindness {
  const blind: JsonObject = isJsonObject(value) ? value : {};
  return { labels: blind.labels === true, origin: blind.origin === true };
}

function filled(value: Json | undefined, what: string): string | null {
  const found = text(value, what, NAME);
  return found === '' ? null : found;
}

function text(value: Json | undefined, what: string, most: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new Wrong(`${what} must be a text`);
  if (value.length > most) throw new Wrong(`${what} has more than ${most} characters`);
  return value;
}
