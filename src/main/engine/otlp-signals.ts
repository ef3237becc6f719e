/** The three signals of OTLP: which decoder takes a body, and what the answer calls the items that it refused. */
import type { DecoderFormat } from '#shared/format.ts';
import type { RejectedName } from '../collector/replies.ts';
import { otlpTraces } from '../formats/otlp/index.ts';
import { otlpLogs } from '../formats/otlp-logs/index.ts';
import { otlpMetrics } from '../formats/otlp-metrics/index.ts';

const SIGNALS: readonly { readonly format: DecoderFormat; readonly rejected: RejectedName }[] = [
  { format: otlpTraces, rejected: 'rejectedSpans' },
  { format: otlpLogs, rejected: 'rejectedLogRecords' },
  { format: otlpMetrics, rejected: 'rejectedDataPoints' },
];

const HEAD_BYTES = 64 * 1024;

/** Null for a format that is none of OTLP's. */
export function rejectedNameOf(format: DecoderFormat): RejectedName | null {
  return SIGNALS.find((signal) => signal.format.id === format.id)?.rejected ?? null;
}

/** An endpoint variable without a path makes all signals come to `/`: what the body looks like decides; traces if nothing. */
export function signalByShape(bytes: Uint8Array): DecoderFormat {
  const head = bytes.subarray(0, HEAD_BYTES);
  let best: { readonly format: DecoderFormat; readonly score: number } = { format: otlpTraces, score: 0 };
  for (const { format } of SIGNALS) {
    const score = format.detect(head, null);
    if (score > best.score) best = { format, score };
  }
  return best.format;
}
