/** What both OTLP encodings of logs decode to. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { OtlpScope } from '../otlp/span.ts';

export type OtlpLog = {
  /** 32 lower-case hex digits; null when the record names no trace. */
  readonly traceId: string | null;
  /** 16 lower-case hex digits; null when it names no span. */
  readonly spanId: string | null;
  /** Nanoseconds since the Unix epoch: when it happened, else when it was noticed. */
  readonly time: bigint | null;
  /** What kind of event this is, from the attribute, the field or the body that names it; '' for a plain log line. */
  readonly event: string;
  readonly severity: string;
  readonly body: Json;
  readonly attributes: JsonObject;
  readonly scope: OtlpScope;
};

/** Takes the records of a body one by one, in their order. */
export type LogSink = (log: OtlpLog) => void;

/** The parts of a record as either encoding reads them. */
export type LogFields = Omit<OtlpLog, 'event' | 'time' | 'severity'> & {
  readonly time: bigint | null;
  readonly observed: bigint | null;
  readonly eventName: string;
  readonly severityText: string;
  readonly severityNumber: number;
};

export function toLog(fields: LogFields): OtlpLog {
  const { traceId, spanId, time, observed, body, attributes, scope } = fields;
  return {
    traceId,
    spanId,
    time: time ?? observed,
    event: eventOf(fields),
    severity: fields.severityText || severityName(fields.severityNumber),
    body,
    attributes,
    scope,
  };
}

const MAX_EVENT = 200;
/** A body that is one word with dots is the name of an event; anything else is a message. */
const EVENT_BODY = /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/i;

/** The attribute is first: in some clients the field holds the line of source code that logged. */
function eventOf({ attributes, eventName, body }: LogFields): string {
  const attribute = attributes['event.name'];
  if (typeof attribute === 'string' && attribute !== '') return attribute.slice(0, MAX_EVENT);
  if (eventName !== '') return eventName.slice(0, MAX_EVENT);
  if (typeof body === 'string' && body.length <= MAX_EVENT && EVENT_BODY.test(body)) return body;
  const inBody = isJsonObject(body) ? body['event.name'] : null;
  return typeof inBody === 'string' ? inBody.slice(0, MAX_EVENT) : '';
}

/** SeverityNumber of the specification: four steps for each of six levels. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

function severityName(number: number): string {
  return number >= 1 && number <= 24 ? (LEVELS[Math.floor((number - 1) / 4)] ?? '') : '';
}
