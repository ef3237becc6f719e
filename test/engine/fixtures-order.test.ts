/** Every capture, in any order, split and repeated, gives the same state: the same rows, whatever their keys. */
import { expect, test } from 'vitest';
import type { NormalisedRecord } from '#shared/record.ts';
import { formats } from '../../src/main/formats/registry.ts';
import { decodeAll, loadCases } from '../formats/cases.ts';
import { random } from '../support/make-trace.ts';
import { stateAfter } from '../support/state-after.ts';

type Body = Readonly<Record<string, unknown>>;

const FORMATS: ReadonlySet<string> = new Set(['agents-sdk', 'otlp', 'otlp-logs', 'otlp-metrics']);
const cases = loadCases().filter(({ format }) => FORMATS.has(format));

test.each(cases)('$format/$name: repeated, reversed and split is the same', async ({ format, bytes }) => {
  const decoder = formats.find(({ id }) => id === format);
  if (!decoder) throw new Error(`no format ${format}`);
  const { records } = decodeAll(decoder, bytes);
  const forward = await stateAfter([records]);
  expect(await stateAfter([records, records])).toEqual(forward);
  expect(await stateAfter(split([...records].reverse(), 7))).toEqual(forward);
  expect(await stateAfter([...split(records, 11), [...records].reverse()])).toEqual(forward);
});

const pieces = loadCases().flatMap(({ format, name, bytes }) => {
  const bodies = piecesOf(format, parsed(bytes));
  return bodies.length > 1 ? [{ format, name, bytes, bodies }] : [];
});

/** Empty for what is not one JSON document. */
function parsed(bytes: Uint8Array): Body {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Body;
  } catch {
    return {};
  }
}

test.each(pieces)('$format/$name: each item in a body of its own is the same', async ({ format, bytes, bodies }) => {
  const decoder = formats.find(({ id }) => id === format);
  if (!decoder) throw new Error(`no format ${format}`);
  const whole = await stateAfter([decodeAll(decoder, bytes).records]);
  const told = bodies.map((body) => decodeAll(decoder, Buffer.from(JSON.stringify(body))).records);
  const next = random(bodies.length);
  const shuffled = told.map((records) => ({ records, at: next() })).sort((a, b) => a.at - b.at);
  for (const order of [told, shuffled.map(({ records }) => records)]) {
    // What could not be understood is told by body, not by trace.
    expect((await stateAfter(order)).slice(0, -1)).toEqual(whole.slice(0, -1));
  }
});

/** A body for each item of this one; none for formats that clients do not send in batches. */
function piecesOf(format: string, body: Body): Body[] {
  switch (format) {
    case 'otlp':
      return nested(body, ['resourceSpans', 'scopeSpans', 'spans']);
    case 'otlp-logs':
      return nested(body, ['resourceLogs', 'scopeLogs', 'logRecords']);
    case 'agents-sdk':
      return nested(body, ['data']);
    case 'langfuse-native':
      return nested(body, ['batch']);
    case 'langsmith-native':
      return [...nested(body, ['post']), ...nested(body, ['patch'])].map(({ post, patch }, at) =>
        at < list(body.post).length ? { post } : { patch },
      );
    default:
      return [];
  }
}

function nested(body: Body, [key, ...below]: readonly string[]): Body[] {
  if (key === undefined) return [body];
  return list(body[key]).flatMap((item) => {
    const inside = below.length === 0 ? [item] : nested(item as Body, below);
    return inside.map((each) => ({ ...body, [key]: [each] }));
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function split(records: readonly NormalisedRecord[], size: number): NormalisedRecord[][] {
  // A large capture in pieces of seven would be hundreds of transactions.
  const piece = Math.max(size, Math.ceil(records.length / 40));
  return Array.from({ length: Math.ceil(records.length / piece) }, (_, index) =>
    records.slice(index * piece, (index + 1) * piece),
  );
}
