/**
 * OTLP logs over HTTP, gRPC or from files. A record is a part of a span: of the one that it stands in, or of one that
 * its client's other records tell. What names no trace is counted; the received bytes hold it.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import type { IssueRecord } from '#shared/record.ts';
import { ok, type Result } from '#shared/result.ts';
import { decodeEither } from '../otlp/encoding.ts';
import type { LogClient } from './client.ts';
import { claudeCodeLogs } from './claude-code.ts';
import { codexLogs } from './codex.ts';
import { type Collector, createCollector } from './collect.ts';
import { detectLogs } from './detect.ts';
import { readException } from './exception.ts';
import { geminiCliLogs } from './gemini-cli.ts';
import { readGenAi } from './gen-ai.ts';
import { decodeJsonLogs } from './json.ts';
import type { LogSink, OtlpLog } from './log.ts';
import { decodeProtobufLogs } from './protobuf.ts';

const CLIENTS: readonly LogClient[] = [claudeCodeLogs, codexLogs, geminiCliLogs];

export const otlpLogs: DecoderFormat = {
  id: 'otlp-logs',
  label: 'OpenTelemetry logs (OTLP)',
  type: 'decoder',
  routes: [{ method: 'POST', suffix: '/v1/logs' }],
  detect: detectLogs,
  split: () => ({
    lines: true,
    list: true,
    protobuf: true,
    keys: [
      ['resourceLogs', 'resource_logs'],
      ['scopeLogs', 'scope_logs', 'instrumentationLibraryLogs', 'instrumentation_library_logs'],
      ['logRecords', 'log_records', 'logs'],
    ],
  }),
  decode,
};

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded> {
  if (bytes.length === 0) return ok({ records: [] });
  return decodeEither(bytes, context, {
    json: () => decodeWith(decodeJsonLogs, bytes),
    protobuf: () => decodeWith(decodeProtobufLogs, bytes),
  });
}

function decodeWith(
  read: (bytes: Uint8Array, sink: LogSink) => Result<readonly IssueRecord[]>,
  bytes: Uint8Array,
): Result<Decoded> {
  const collector = createCollector();
  const issues = read(bytes, createReader(collector));
  return issues.ok ? ok({ records: [...collector.records(), ...issues.value] }) : issues;
}

function createReader(collector: Collector): (log: OtlpLog) => void {
  const clients = CLIENTS.map(({ is, open }) => ({ is, take: open(collector) }));
  return (log) => {
    if (readGenAi(log, collector) || readException(log, collector)) return;
    const client = clients.find(({ is }) => is(log));
    if (client) client.take(log);
    else if (log.traceId !== null && log.spanId !== null) {
      collector.event(log, { traceId: log.traceId, spanId: log.spanId }, 'generic');
    } else collector.unplaced(log);
  };
}
