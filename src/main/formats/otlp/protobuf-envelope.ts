/**
 * What traces, logs and metrics have in common in the protobuf encoding. The three export requests number their fields
 * alike: request { groups = 1 }, group { resource = 1, scopes = 2, schema_url = 3 }, scope { scope = 1, items = 2,
 * schema_url = 3 }. Source: opentelemetry-proto, collector, trace, logs and metrics v1.
 */
import type { Json } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { AppFailure, fail, ok, type Result } from '#shared/result.ts';
import { readAttributes, readKeyValue, type ValueDecoding } from './protobuf-values.ts';
import { NO_ATTRIBUTES, type OtlpResource, type OtlpScope } from './span.ts';
import { enter, leave, openWire, readBytes, readText, readVarint, skip } from './wire.ts';

export type ProtobufDecoding = ValueDecoding & {
  readonly issues: IssueRecord[];
  lastTraceId: string;
  lastTraceBytes: Buffer | null;
};

/**
 * Fails with `bad_request` when the bytes are not a whole request.
 * @param read reads one item, with the wire standing before its length
 * @returns the issues; what was read before a failure was read
 */
export function decodeProtobufEnvelope(
  bytes: Uint8Array,
  read: (decoding: ProtobufDecoding, scope: OtlpScope) => void,
): Result<readonly IssueRecord[]> {
  const wire = openWire(bytes);
  const decoding: ProtobufDecoding = { wire, issues: [], tooDeep: 0, lastTraceId: '', lastTraceBytes: null };
  try {
    while (wire.pos < wire.limit) {
      const tag = readVarint(wire);
      if (tag === 0x0a) readGroup(decoding, read);
      else skip(wire, tag);
    }
  } catch (cause) {
    if (cause instanceof AppFailure) return fail(cause.error);
    throw cause;
  }
  return ok(decoding.issues);
}

type Read = (decoding: ProtobufDecoding, scope: OtlpScope) => void;

/** The resource may follow its scopes on the wire, hence two walks over the top level. */
function readGroup(decoding: ProtobufDecoding, read: Read): void {
  const { wire } = decoding;
  const outer = enter(wire);
  const start = wire.pos;
  let attributes = NO_ATTRIBUTES;
  let schemaUrl = '';
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) attributes = readAttributes(decoding, 0x0a);
    else if (tag === 0x1a) schemaUrl = readText(wire);
    else skip(wire, tag);
  }
  const resource: OtlpResource = { attributes, schemaUrl };
  wire.pos = start;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x12) readScopeItems(decoding, resource, read);
    else skip(wire, tag);
  }
  leave(wire, outer);
}

function readScopeItems(decoding: ProtobufDecoding, resource: OtlpResource, read: Read): void {
  const { wire } = decoding;
  const outer = enter(wire);
  const start = wire.pos;
  let scope: OtlpScope = { name: null, version: null, attributes: NO_ATTRIBUTES, schemaUrl: '', resource };
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) scope = readScope(decoding, scope);
    else if (tag === 0x1a) scope = { ...scope, schemaUrl: readText(wire) };
    else skip(wire, tag);
  }
  wire.pos = start;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x12) read(decoding, scope);
    else skip(wire, tag);
  }
  leave(wire, outer);
}

function readScope(decoding: ProtobufDecoding, scope: OtlpScope): OtlpScope {
  const { wire } = decoding;
  const outer = enter(wire);
  let { name, version } = scope;
  const attributes: Record<string, Json> = {};
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) name = readText(wire) || null;
    else if (tag === 0x12) version = readText(wire) || null;
    else if (tag === 0x1a) readKeyValue(decoding, attributes, 0);
    else skip(wire, tag);
  }
  leave(wire, outer);
  return { ...scope, name, version, attributes };
}

/** Neighbours mostly share one trace: compare bytes before making the same text again. */
export function readTraceId(decoding: ProtobufDecoding): string {
  const bytes = readBytes(decoding.wire);
  if (decoding.lastTraceBytes?.equals(bytes)) return decoding.lastTraceId;
  decoding.lastTraceBytes = bytes;
  decoding.lastTraceId = hexOf(bytes);
  return decoding.lastTraceId;
}

export function hexOf(bytes: Buffer): string {
  // Ids are 8 or 16 bytes; a huge one is only ever shown cut.
  return bytes.toString('hex', 0, Math.min(bytes.length, 64));
}
