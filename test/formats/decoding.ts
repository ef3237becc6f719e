/** For tests of formats: decodes bytes as an import does and sorts what came out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DecoderFormat } from '#shared/format.ts';
import type {
  AnnotationRecord,
  IssueRecord,
  NormalisedRecord,
  ScoreRecord,
  SpanRecord,
  TraceRecord,
} from '#shared/record.ts';

export type Sorted = {
  readonly traces: readonly TraceRecord[];
  readonly spans: readonly SpanRecord[];
  readonly annotations: readonly AnnotationRecord[];
  readonly scores: readonly ScoreRecord[];
  readonly issues: readonly IssueRecord[];
};

export function decodeText(format: DecoderFormat, text: string | Uint8Array, name: string | null = null): Sorted {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const result = format.decode(bytes, { name, contentType: null, userAgent: null });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  const { records } = result.value;
  function only<T extends NormalisedRecord['type']>(type: T): Extract<NormalisedRecord, { type: T }>[] {
    return records.filter((each): each is Extract<NormalisedRecord, { type: T }> => each.type === type);
  }
  return {
    traces: only('trace'),
    spans: only('span'),
    annotations: only('annotation'),
    scores: only('score'),
    issues: only('issue'),
  };
}

/** A file under test/fixtures/formats, unpacked. */
export function fixture(path: string): Uint8Array {
  const bytes = readFileSync(join(import.meta.dirname, '../fixtures/formats', path));
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

export function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}
