/** OTLP files of a collector that writes all its signals into one: each line goes to the decoder of its own. */
import type { DecoderFormat } from '#shared/format.ts';
import { byteLines } from '../formats/byte-lines.ts';
import { otlpTraces } from '../formats/otlp/index.ts';
import { otlpLogs } from '../formats/otlp-logs/index.ts';
import { otlpMetrics } from '../formats/otlp-metrics/index.ts';
import { rejectedNameOf } from './otlp-signals.ts';

export type SignalBody = { readonly format: DecoderFormat; readonly bytes: Uint8Array };

/** Enough for the first key. */
const HEAD_BYTES = 200;
const FIRST_KEY = /^\s*\{\s*"resource_?(spans|logs|metrics)"\s*:/i;
const FORMATS: Readonly<Record<string, DecoderFormat>> = { spans: otlpTraces, logs: otlpLogs, metrics: otlpMetrics };

/**
 * One body for each signal; null when all lines are of the file's own, or it is not JSON lines. The lines of other
 * signals are left empty in it, so that lines keep their numbers.
 */
export function bySignal(own: DecoderFormat, bytes: Uint8Array): readonly SignalBody[] | null {
  if (rejectedNameOf(own) === null) return null;
  const lines: { readonly number: number; readonly bytes: Uint8Array; readonly format: DecoderFormat }[] = [];
  for (const line of byteLines(bytes)) {
    const head = Buffer.from(line.bytes.subarray(0, HEAD_BYTES)).toString('latin1');
    // A document over several lines, or nothing of the kind.
    if (lines.length === 0 && !/^\s*\{/.test(head)) return null;
    const signal = FIRST_KEY.exec(head)?.[1]?.toLowerCase();
    if (signal === undefined && lines.length === 0) return null;
    lines.push({ ...line, format: (signal === undefined ? undefined : FORMATS[signal]) ?? own });
  }
  const formats = [...new Set(lines.map(({ format }) => format))];
  if (formats.every((format) => format === own)) return null;
  return formats.map((format) => {
    const parts: Uint8Array[] = [];
    let number = 1;
    for (const line of lines) {
      if (line.format !== format) continue;
      parts.push(Buffer.alloc(line.number - number, '\n'), line.bytes);
      number = line.number;
    }
    return { format, bytes: Buffer.concat(parts) };
  });
}
