/** Fixtures of one format, decoded: what the tests of the formats look at. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DecoderFormat } from '#shared/format.ts';
import type { IssueRecord, NormalisedRecord, ScoreRecord, SpanRecord, TraceRecord } from '#shared/record.ts';

const ROOT = join(import.meta.dirname, '../fixtures/formats');

export function fixtureBytes(format: string, name: string, file = 'input.'): Uint8Array {
  const folder = join(ROOT, format, name);
  const found = readdirSync(folder).find((each) => each.startsWith(file)) ?? 'missing';
  const bytes = readFileSync(join(folder, found));
  return found.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

export type Decoded = {
  readonly records: readonly NormalisedRecord[];
  readonly spans: readonly SpanRecord[];
  readonly traces: readonly TraceRecord[];
  readonly scores: readonly ScoreRecord[];
  readonly issues: readonly IssueRecord[];
};

/** Throws when the format takes nothing of it. */
export function decodeBytes(format: DecoderFormat, bytes: Uint8Array, name: string | null = null): Decoded {
  const result = format.decode(bytes, { name, contentType: null, userAgent: null });
  if (!result.ok) throw new Error(result.error.message);
  const { records } = result.value;
  return {
    records,
    spans: records.filter((each) => each.type === 'span'),
    traces: records.filter((each) => each.type === 'trace'),
    scores: records.filter((each) => each.type === 'score'),
    issues: records.filter((each) => each.type === 'issue'),
  };
}

export function decodeFixture(format: DecoderFormat, name: string): Decoded {
  return decodeBytes(format, fixtureBytes(format.id, name), `${name}/input`);
}

export function decodeJson(format: DecoderFormat, value: unknown): Decoded {
  return decodeBytes(format, new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));
}

/** How many spans there are of each kind. */
export function kindsOf(spans: readonly SpanRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of spans) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Names of agents in the order in which spans name them first. */
export function agentsOf(spans: readonly SpanRecord[]): string[] {
  return [...new Set(spans.flatMap((span) => span.agent ?? []))];
}
