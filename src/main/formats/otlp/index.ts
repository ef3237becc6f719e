/** OTLP traces over HTTP or from files, protobuf or JSON, in every attribute convention that `dialects/` knows. */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import type { IssueRecord } from '#shared/record.ts';
import { ok, type Result } from '#shared/result.ts';
import { detectOtlp } from './detect.ts';
import { DIALECTS } from './dialects/registry.ts';
import { decodeEither } from './encoding.ts';
import { decodeJson } from './json.ts';
import { createMerger } from './merge.ts';
import { createOwnReader } from './own.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { SpanSink } from './span.ts';
import { compile } from './table.ts';

const TABLE = compile(DIALECTS);

export const otlpTraces: DecoderFormat = {
  id: 'otlp',
  label: 'OpenTelemetry (OTLP)',
  type: 'decoder',
  routes: [{ method: 'POST', suffix: '/v1/traces' }],
  detect: detectOtlp,
  split: () => ({
    lines: true,
    list: true,
    protobuf: true,
    keys: [
      ['trace'],
      ['resourceSpans', 'resource_spans', 'batches'],
      ['scopeSpans', 'scope_spans', 'instrumentationLibrarySpans', 'instrumentation_library_spans'],
      ['spans'],
    ],
  }),
  decode,
};

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded> {
  // An empty protobuf request is no bytes at all.
  if (bytes.length === 0) return ok({ records: [] });
  return decodeEither(bytes, context, {
    json: () => decodeWith(decodeJson, bytes),
    protobuf: () => decodeWith(decodeProtobuf, bytes),
  });
}

function decodeWith(
  read: (bytes: Uint8Array, sink: SpanSink) => Result<readonly IssueRecord[]>,
  bytes: Uint8Array,
): Result<Decoded> {
  const own = createOwnReader();
  const merger = createMerger(TABLE);
  const issues = read(bytes, (span) => {
    if (!own.take(span)) merger.add(span);
  });
  return issues.ok ? ok({ records: [...own.records(), ...merger.records(), ...issues.value] }) : issues;
}
