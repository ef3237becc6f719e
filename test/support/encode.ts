/** Encodes made spans as the request bodies of real clients. Our own writer: the senders' libraries are too slow to load-test with. */
import type { MadeSpan } from './make-trace.ts';

class Bytes {
  #buffer = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  #room(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + count));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }

  varint(value: number): void {
    this.#room(10);
    while (value >= 128) {
      this.#buffer[this.#length++] = (value % 128) + 128;
      value = Math.floor(value / 128);
    }
    this.#buffer[this.#length++] = value;
  }

  field(number: number, bytes: Uint8Array): void {
    this.varint(number * 8 + 2);
    this.varint(bytes.length);
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  text(number: number, text: string): void {
    this.field(number, Buffer.from(text));
  }

  fixed64(number: number, value: bigint): void {
    this.varint(number * 8 + 1);
    this.#room(8);
    this.#length = this.#buffer.writeBigUInt64LE(value, this.#length);
  }

  double(number: number, value: number): void {
    this.varint(number * 8 + 1);
    this.#room(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  done(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }
}

function message(write: (bytes: Bytes) => void): Buffer {
  const bytes = new Bytes();
  write(bytes);
  return bytes.done();
}

function attribute(key: string, value: string | number): Buffer {
  return message((pair) => {
    pair.text(1, key);
    pair.field(
      2,
      message((any) => {
        if (typeof value === 'string') any.text(1, value);
        else if (Number.isInteger(value)) {
          any.varint(3 * 8);
          any.varint(value);
        } else any.double(4, value);
      }),
    );
  });
}

function protobufSpan(span: MadeSpan): Buffer {
  return message((out) => {
    out.field(1, Buffer.from(span.traceId, 'hex'));
    out.field(2, Buffer.from(span.spanId, 'hex'));
    if (span.parentId !== null) out.field(4, Buffer.from(span.parentId, 'hex'));
    out.text(5, span.name);
    out.varint(6 * 8);
    out.varint(1);
    out.fixed64(7, span.start);
    if (span.end > 0n) out.fixed64(8, span.end);
    for (const [key, value] of Object.entries(span.attributes)) out.field(9, attribute(key, value));
    if (span.error !== null) {
      const error = span.error;
      out.field(
        15,
        message((status) => {
          status.text(2, error);
          status.varint(3 * 8);
          status.varint(2);
        }),
      );
    }
  });
}

/** An ExportTraceServiceRequest with one resource and one scope. */
export function otlpProtobuf(spans: readonly MadeSpan[], service = 'made-agent'): Buffer {
  return message((request) => {
    request.field(
      1,
      message((resourceSpans) => {
        resourceSpans.field(
          1,
          message((resource) => {
            resource.field(1, attribute('service.name', service));
          }),
        );
        resourceSpans.field(
          2,
          message((scopeSpans) => {
            scopeSpans.field(
              1,
              message((scope) => {
                scope.text(1, 'make-trace');
                scope.text(2, '1.0.0');
              }),
            );
            for (const span of spans) scopeSpans.field(2, protobufSpan(span));
          }),
        );
      }),
    );
  });
}

export function otlpJson(spans: readonly MadeSpan[], service = 'made-agent'): Buffer {
  return Buffer.from(
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
          scopeSpans: [{ scope: { name: 'make-trace', version: '1.0.0' }, spans: spans.map(jsonSpan) }],
        },
      ],
    }),
  );
}

function jsonSpan(span: MadeSpan): unknown {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentId === null ? {} : { parentSpanId: span.parentId }),
    name: span.name,
    kind: 1,
    startTimeUnixNano: span.start.toString(),
    ...(span.end > 0n ? { endTimeUnixNano: span.end.toString() } : {}),
    attributes: Object.entries(span.attributes).map(([key, value]) => ({
      key,
      value:
        typeof value === 'string'
          ? { stringValue: value }
          : Number.isInteger(value)
            ? { intValue: String(value) }
            : { doubleValue: value },
    })),
    status: span.error === null ? {} : { code: 2, message: span.error },
  };
}

/** `{data:[…]}` as the OpenAI Agents SDKs post it: one trace item per trace id, then the spans. */
export function agentsSdk(spans: readonly MadeSpan[]): Buffer {
  const traces = [...new Set(spans.map((span) => span.traceId))].map((id) => ({
    object: 'trace',
    id: `trace_${id}`,
    workflow_name: 'Made workflow',
    group_id: null,
    metadata: {},
  }));
  return Buffer.from(JSON.stringify({ data: [...traces, ...spans.map(agentsSpan)] }));
}

function agentsSpan(span: MadeSpan): unknown {
  const operation = span.attributes['gen_ai.operation.name'];
  const data =
    operation === 'chat'
      ? {
          type: 'generation',
          model: span.attributes['gen_ai.request.model'],
          model_config: { temperature: 0.2 },
          input: (
            JSON.parse(String(span.attributes['gen_ai.input.messages'])) as {
              role: string;
              parts: { content: string }[];
            }[]
          ).map((item) => ({ role: item.role, content: item.parts[0]?.content })),
          output: [
            {
              type: 'message',
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text: String(span.attributes['gen_ai.output.messages']) }],
            },
          ],
          usage: {
            input_tokens: span.attributes['gen_ai.usage.input_tokens'],
            output_tokens: span.attributes['gen_ai.usage.output_tokens'],
          },
        }
      : operation === 'execute_tool'
        ? {
            type: 'function',
            name: span.attributes['gen_ai.tool.name'],
            input: span.attributes['gen_ai.tool.call.arguments'],
            output: span.attributes['gen_ai.tool.call.result'],
          }
        : operation === 'invoke_agent'
          ? { type: 'agent', name: span.attributes['gen_ai.agent.name'], handoffs: [], tools: [], output_type: 'text' }
          : { type: 'custom', name: span.name, data: {} };
  return {
    object: 'trace.span',
    id: `span_${span.spanId}`,
    trace_id: `trace_${span.traceId}`,
    parent_id: span.parentId === null ? null : `span_${span.parentId}`,
    started_at: iso(span.start),
    ended_at: span.end > 0n ? iso(span.end) : null,
    span_data: data,
    error: span.error === null ? null : { message: span.error },
  };
}

function iso(ns: bigint): string {
  return new Date(Number(ns / 1_000_000n)).toISOString();
}
