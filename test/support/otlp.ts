/** An independent codec of OTLP trace requests for tests: protobufjs with the schema written out, and the fixtures. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

// opentelemetry-proto: common/v1/common.proto, resource/v1/resource.proto, trace/v1/trace.proto.
const SCHEMA = `
syntax = "proto3";
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Link {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4;
  uint32 dropped_attributes_count = 5; fixed32 flags = 6;
}
message Status { string message = 2; int32 code = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  uint32 dropped_attributes_count = 10; repeated Event events = 11; uint32 dropped_events_count = 12;
  repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16;
}
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Request { repeated ResourceSpans resource_spans = 1; }
`;
const REQUEST = protobuf.parse(SCHEMA).root.lookupType('Request');

export type Plain = { readonly [key: string]: unknown };

/** @param request camelCase fields; ids as Buffers or hex text, times as decimal text, values as AnyValue objects */
export function encodeRequest(request: Plain): Uint8Array {
  return REQUEST.encode(REQUEST.fromObject(idsToBytes(request) as Plain)).finish();
}

export function decodeWithProtobufjs(bytes: Uint8Array): Plain {
  return REQUEST.toObject(REQUEST.decode(bytes), {
    longs: String,
    bytes: Buffer,
    defaults: true,
    oneofs: true,
  });
}

/** A request with one resource and one scope. */
export function requestOf(spans: readonly Plain[], scope: Plain = { name: 'test' }): Plain {
  const resource = { attributes: attributesOf({ 'service.name': 'svc' }) };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spans.map(withDefaults) }] }] };
}

function withDefaults(span: Plain): Plain {
  const { attributes, ...rest } = span;
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'span',
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000000000500',
    ...rest,
    attributes: Array.isArray(attributes) ? attributes : attributesOf((attributes ?? {}) as Plain),
  };
}

export function attributesOf(attributes: Plain): { key: string; value: Plain }[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

export function anyValue(value: unknown): Plain {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: value.toString() };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === 'object' && value !== null) return { kvlistValue: { values: attributesOf(value as Plain) } };
  return {};
}

function idsToBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(idsToBytes);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      /^(?:traceId|spanId|parentSpanId)$/.test(key) && typeof each === 'string'
        ? [key, Buffer.from(each, 'hex')]
        : [key, idsToBytes(each)],
    ),
  );
}

export type OtlpFixture = {
  readonly name: string;
  readonly encoding: 'json' | 'protobuf';
  readonly bytes: Uint8Array;
  /** The independent decode, where there is one. */
  readonly decoded: unknown;
};

const ROOT = join(import.meta.dirname, '../fixtures/formats/otlp');

export function loadOtlpFixtures(): OtlpFixture[] {
  const entries = readdirSync(ROOT, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? loadOtlpFixture(entry.name) : []));
}

export function loadOtlpFixture(name: string): OtlpFixture {
  const folder = join(ROOT, name);
  const files = readdirSync(folder);
  const input = files.find((file) => file.startsWith('input.'))!;
  const decoded = files.find((file) => file.startsWith('decoded.'));
  return {
    name,
    encoding: input.includes('.json') ? 'json' : 'protobuf',
    bytes: read(join(folder, input)),
    decoded: decoded === undefined ? null : JSON.parse(Buffer.from(read(join(folder, decoded))).toString('utf8')),
  };
}

function read(path: string): Uint8Array {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}
