/** Which of the two encodings a body is in; one rule for traces, logs and metrics. */
import type { DecodeContext } from '#shared/format.ts';
import type { Result } from '#shared/result.ts';

/**
 * Decodes by the declared type, unless the first byte cannot be its, else by what the bytes are. Each attempt must start
 * afresh: there may be two.
 * @param bytes not empty
 */
export function decodeEither<T>(
  bytes: Uint8Array,
  context: DecodeContext,
  { json, protobuf }: { readonly json: () => Result<T>; readonly protobuf: () => Result<T> },
): Result<T> {
  const first = bytes[0];
  const contentType = context.contentType ?? '';
  // No protobuf request starts with a brace.
  if (contentType.includes('json') || first === 0x7b || first === 0x5b) return json();
  if (contentType.includes('protobuf')) return protobuf();
  if (first === 0x20 || first === 0x09 || first === 0x0d || first === 0xef) return json();
  const decoded = protobuf();
  // A newline may stand before JSON; it is also the tag of the first field of a request.
  const second = decoded.ok || first !== 0x0a ? decoded : json();
  return second.ok ? second : decoded;
}
