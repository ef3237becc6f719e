/** OTLP traces over HTTP or from files, protobuf or JSON, in every attribute convention that `dialects/` knows. */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { ok, type Result } from '#shared/result.ts';
import { detectOtlp } from './detect.ts';
import { DIALECTS } from './dialects/registry.ts';
import { decodeJson } from './json.ts';
import { mergeSpans } from './merge.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { DecodedOtlp } from './span.ts';
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
  const decoded = decodeBody(bytes, context.contentType ?? '');
  if (!decoded.ok) return decoded;
  return ok({ records: [...mergeSpans(TABLE, decoded.value.spans), ...decoded.value.issues] });
}

/** The declared type decides, unless the first byte cannot be its: no protobuf request starts with a brace. */
function decodeBody(bytes: Uint8Array, contentType: string): Result<DecodedOtlp> {
  const first = bytes[0];
  // An empty protobuf request is no bytes at all.
  if (first === undefined) return ok({ spans: [], issues: [] });
  if (contentType.includes('json') || first === 0x7b || first === 0x5b) return decodeJson(bytes);
  if (contentType.includes('protobuf')) return decodeProtobuf(bytes);
  // A newline is also the tag of the first field of a request.
  if (first === 0x0a) {
    const decoded = decodeProtobuf(bytes);
    return decoded.ok ? decoded : otherwise(decodeJson(bytes), decoded);
  }
  const isSpace = first === 0x20 || first === 0x09 || first === 0x0d || first === 0xef;
  return isSpace ? decodeJson(bytes) : decodeProtobuf(bytes);
}

function otherwise<T>(second: Result<T>, first: Result<T>): Result<T> {
  return second.ok ? second : first;
}
