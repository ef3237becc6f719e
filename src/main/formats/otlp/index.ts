/** OTLP traces over HTTP or from files, protobuf or JSON, in every attribute convention that `dialects/` knows. */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import type { IssueRecord } from '#shared/record.ts';
import { ok, type Result } from '#shared/result.ts';
import { detectOtlp } from './detect.ts';
import { DIALECTS } from './dialects/registry.ts';
import { decodeJson } from './json.ts';
import { createMerger } from './merge.ts';
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
  decode,
};

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded> {
  const first = bytes[0];
  // An empty protobuf request is no bytes at all.
  if (first === undefined) return ok({ records: [] });
  const contentType = context.contentType ?? '';
  // The declared type decides, unless the first byte cannot be its: no protobuf request starts with a brace.
  if (contentType.includes('json') || first === 0x7b || first === 0x5b) return decodeWith(decodeJson, bytes);
  if (contentType.includes('protobuf')) return decodeWith(decodeProtobuf, bytes);
  if (first === 0x20 || first === 0x09 || first === 0x0d || first === 0xef) return decodeWith(decodeJson, bytes);
  const decoded = decodeWith(decodeProtobuf, bytes);
  // A newline may stand before JSON; it is also the tag of the first field of a request.
  const second = decoded.ok || first !== 0x0a ? decoded : decodeWith(decodeJson, bytes);
  return second.ok ? second : decoded;
}

function decodeWith(
  read: (bytes: Uint8Array, sink: SpanSink) => Result<readonly IssueRecord[]>,
  bytes: Uint8Array,
): Result<Decoded> {
  const merger = createMerger(TABLE);
  const issues = read(bytes, merger.add);
  return issues.ok ? ok({ records: [...merger.records(), ...issues.value] }) : issues;
}
