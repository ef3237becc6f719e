/** Answers in the shape that each kind of client reads. Never a redirect: the JS Agents SDK would follow it up to sixty times. */
import type { ServerResponse } from 'node:http';
import type { Reply } from '#shared/format.ts';

/** What the client asked in, which is what OTLP demands the answer to be in. */
export type Dialogue = 'json' | 'protobuf' | 'plain';

export function sendStored(response: ServerResponse, dialogue: Dialogue, rejected: Rejected): void {
  if (dialogue === 'plain') {
    response.writeHead(204, { 'content-length': 0 }).end();
  } else if (dialogue === 'json') {
    send(
      response,
      200,
      'application/json',
      JSON.stringify(
        rejected.count > 0
          ? { partialSuccess: { [rejected.name]: String(rejected.count), errorMessage: rejected.message } }
          : {},
      ),
    );
  } else {
    send(response, 200, 'application/x-protobuf', exportResponse(rejected));
  }
}

/** An answer in the words of the sender's own protocol. */
export function sendReply(response: ServerResponse, { status, body }: Reply): void {
  send(response, status, 'application/json', JSON.stringify(body));
}

/** What each signal's answer calls the items that were not taken; in protobuf they are one field of one number. */
export type RejectedName = 'rejectedSpans' | 'rejectedLogRecords' | 'rejectedDataPoints';
export type Rejected = { readonly count: number; readonly name: RejectedName; readonly message: string };

/** ExportTraceServiceResponse { partial_success = 1 { rejected_spans = 1, error_message = 2 } }; all is well in no bytes. */
export function exportResponse({ count, message }: Omit<Rejected, 'name'>): Buffer {
  if (count === 0) return Buffer.alloc(0);
  return lengthDelimited(1, Buffer.concat([varintField(1, count), lengthDelimited(2, Buffer.from(message))]));
}

export function sendError(
  response: ServerResponse,
  dialogue: Dialogue,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  // What is left of a refused body is not read: close instead of keeping a connection that is out of step.
  const closing: Readonly<Record<string, string>> = status === 413 || status === 400 ? { connection: 'close' } : {};
  const all = { ...headers, ...closing };
  if (dialogue === 'protobuf') {
    // google.rpc.Status { code = 1, message = 2 }
    send(response, status, 'application/x-protobuf', lengthDelimited(2, Buffer.from(message)), all);
  } else if (dialogue === 'json') {
    send(response, status, 'application/json', JSON.stringify({ message }), all);
  } else {
    send(
      response,
      status,
      'application/json',
      JSON.stringify({
        error: { message, type: status >= 500 ? 'server_error' : 'invalid_request_error', param: null, code: null },
      }),
      all,
    );
  }
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers }).end(body);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  while (value >= 128) {
    bytes.push((value % 128) + 128);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
  return Buffer.from(bytes);
}

function varintField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function lengthDelimited(field: number, payload: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(payload.length), payload]);
}
