/** All formats. Adding one is a folder, a line here, and fixtures under `test/fixtures/formats/<id>/`. */
import type { DecoderFormat, Format } from '#shared/format.ts';
import { adkSessions } from './adk/index.ts';
import { agentRx } from './agentrx/index.ts';
import { agentsSdk } from './agents-sdk/index.ts';
import { atif } from './atif/index.ts';
import { autoGen } from './autogen/index.ts';
import { chatMessages } from './chat-messages/index.ts';
import { claudeCode } from './claude-code/index.ts';
import { inspectLogs } from './inspect/index.ts';
import { codex } from './codex/index.ts';
import { jaeger } from './jaeger/index.ts';
import { langfuseExport } from './langfuse/index.ts';
import { langsmithRuns } from './langsmith/index.ts';
import { openHands } from './openhands/index.ts';
import { otelSpans } from './otel-spans/index.ts';
import { otlpTraces } from './otlp/index.ts';
import { pi } from './pi/index.ts';
import { recorded } from './recorded/index.ts';
import { sweAgent } from './swe-agent/index.ts';
import { tauBench } from './tau-bench/index.ts';
import { trail } from './trail/index.ts';
import { whoAndWhen } from './who-and-when/index.ts';

export const formats: readonly Format[] = [
  agentsSdk,
  otlpTraces,
  recorded,
  whoAndWhen,
  agentRx,
  tauBench,
  claudeCode,
  sweAgent,
  chatMessages,
  openHands,
  autoGen,
  codex,
  pi,
  trail,
  langfuseExport,
  jaeger,
  otelSpans,
  langsmithRuns,
  inspectLogs,
  atif,
  adkSessions,
];

/** Below this a format only finds that the bytes do not contradict it. */
const MIN_SCORE = 0.25;

/**
 * The format that is surest of these first bytes (at most 64 KiB are needed); null when none is.
 * @param name the file name, or null; content alone must be enough
 */
export function detectFormat(
  head: Uint8Array,
  name: string | null,
): { readonly format: Format; readonly score: number } | null {
  let best: { readonly format: Format; readonly score: number } | null = null;
  for (const format of formats) {
    const score = format.detect(head, name);
    if (score >= MIN_SCORE && score > (best?.score ?? 0)) best = { format, score };
  }
  return best;
}

/** The decoder whose route ends this request path; the longest ending wins. Query and trailing slashes do not count. */
export function formatForPath(path: string): DecoderFormat | null {
  const plain = path.split(/[?#]/, 1)[0] ?? '';
  let end = plain.length;
  while (end > 0 && plain[end - 1] === '/') end--;
  const wanted = plain.slice(0, end);
  let best: { readonly format: DecoderFormat; readonly length: number } | null = null;
  for (const format of formats) {
    if (format.type !== 'decoder') continue;
    for (const { suffix } of format.routes) {
      if (wanted.endsWith(suffix) && suffix.length > (best?.length ?? 0)) best = { format, length: suffix.length };
    }
  }
  return best?.format ?? null;
}
