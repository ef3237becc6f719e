/** OTLP/JSON logs → records, with the tolerance of the trace decoder. */
import type { JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import type { Result } from '#shared/result.ts';
import { readJsonId } from '../otlp/ids.ts';
import { decodeJsonEnvelope, type Envelope } from '../otlp/json-envelope.ts';
import { enumOf, field, type JsonDecoding, readTime, textOf } from '../otlp/json-fields.ts';
import { readAnyValue, readAttributeList } from '../otlp/json-values.ts';
import { MAX_DEPTH, type OtlpScope } from '../otlp/span.ts';
import { type LogSink, toLog } from './log.ts';

const ENVELOPE: Envelope = {
  groups: ['resourceLogs', 'resource_logs'],
  scopes: ['scopeLogs', 'scope_logs', 'instrumentationLibraryLogs', 'instrumentation_library_logs'],
  items: ['logRecords', 'log_records', 'logs'],
};

/**
 * Fails with `bad_request` when the bytes are not JSON or hold no list of logs.
 * @returns the issues; records go to the sink
 */
export function decodeJsonLogs(bytes: Uint8Array, sink: LogSink): Result<readonly IssueRecord[]> {
  return decodeJsonEnvelope(bytes, ENVELOPE, (decoding, value, scope) => {
    readLog(decoding, value, scope, sink);
  });
}

const SEVERITIES = ['UNSPECIFIED', ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap(steps)];

function steps(level: string): string[] {
  return [level, `${level}2`, `${level}3`, `${level}4`];
}

function readLog(decoding: JsonDecoding, value: JsonObject, scope: OtlpScope, sink: LogSink): void {
  const { tooDeep, unreadable, badTimes } = decoding;
  // A record with an id that is none still says what it says.
  const traceId = readJsonId(field(value, 'traceId', 'trace_id'), 16) || null;
  const spanId = readJsonId(field(value, 'spanId', 'span_id'), 8) || null;
  sink(
    toLog({
      traceId,
      spanId,
      time: readTime(decoding, field(value, 'timeUnixNano', 'time_unix_nano')),
      observed: readTime(decoding, field(value, 'observedTimeUnixNano', 'observed_time_unix_nano')),
      eventName: textOf(field(value, 'eventName', 'event_name')),
      severityText: textOf(field(value, 'severityText', 'severity_text')),
      severityNumber: enumOf(field(value, 'severityNumber', 'severity_number'), SEVERITIES, /^SEVERITY_NUMBER_/),
      body: readAnyValue(decoding, value.body, 0),
      attributes: readAttributeList(decoding, value.attributes),
      scope,
    }),
  );
  if (decoding.unreadable > unreadable) note(decoding, 'invalid_item', 'An attribute is not an object with a key');
  if (decoding.badTimes > badTimes) note(decoding, 'invalid_time', 'The time of a log record could not be read');
  if (decoding.tooDeep > tooDeep)
    note(decoding, 'too_deep', `A value is nested deeper than ${MAX_DEPTH} levels and was cut`);
}

function note({ issues }: JsonDecoding, code: IssueRecord['code'], message: string): void {
  issues.push({ type: 'issue', severity: 'warning', code, message: `${message}.` });
}
