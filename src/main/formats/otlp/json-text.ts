/** From the text of an OTLP/JSON body or file to parsed requests, without losing digits of 64-bit numbers. */
import type { Json } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { cutDetail } from './span.ts';

export type JsonBodies = { readonly bodies: readonly Json[]; readonly issues: readonly IssueRecord[] };

/** One JSON document, or JSONL with one request per line; a bad line after the first becomes an issue. */
export function parseJsonBodies(bytes: Uint8Array): Result<JsonBodies> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const whole = parse(text);
  if (whole !== undefined) return ok({ bodies: [whole], issues: [] });
  const bodies: Json[] = [];
  const issues: IssueRecord[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const body = parse(trimmed);
    if (typeof body === 'object' && body !== null) {
      bodies.push(body);
      continue;
    }
    // A document that is broken in its first line is no JSONL: say so once instead of once per line.
    if (bodies.length === 0) return fail({ code: 'bad_request', message: 'The body is not valid JSON.' });
    issues.push({
      type: 'issue',
      severity: 'error',
      code: 'invalid_item',
      message: `Line ${number} is not valid JSON.`,
      detail: cutDetail(trimmed),
    });
  }
  if (bodies.length === 0) return fail({ code: 'bad_request', message: 'The body is empty.' });
  return ok({ bodies, issues });
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(quoteLongNumbers(text)) as Json;
  } catch {
    return undefined;
  }
}

const LONG_NUMBER = /:\s*-?\d{16}/;
const LONG_FIELD =
  /("(?:startTimeUnixNano|start_time_unix_nano|endTimeUnixNano|end_time_unix_nano|timeUnixNano|time_unix_nano|observedTimeUnixNano|observed_time_unix_nano|asInt|as_int|intValue|int_value)"\s*:\s*)(-?\d{16,})(?![\d.eE])/g;

/**
 * Some senders write 64-bit fields as JSON numbers, which a double cannot hold: put quotes around them first.
 * The pattern cannot match inside a string, where every quote stands behind a backslash.
 */
function quoteLongNumbers(text: string): string {
  return LONG_NUMBER.test(text) ? text.replace(LONG_FIELD, '$1"$2"') : text;
}
