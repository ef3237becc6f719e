/** All formats. Adding one is a folder, a line here, and fixtures under `test/fixtures/formats/<id>/`. */
import type { DecoderFormat, Format, Route } from '#shared/format.ts';
import type { Json } from '#shared/json.ts';
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
import { langfuseNative } from './langfuse-native/index.ts';
import { langsmithRuns } from './langsmith/index.ts';
import { langsmithNative } from './langsmith-native/index.ts';
import { openAiEvals } from './openai-evals/index.ts';
import { openHands } from './openhands/index.ts';
import { otelSpans } from './otel-spans/index.ts';
import { otlpTraces } from './otlp/index.ts';
import { otlpLogs } from './otlp-logs/index.ts';
import { otlpMetrics } from './otlp-metrics/index.ts';
import { pi } from './pi/index.ts';
import { recorded } from './recorded/index.ts';
import { sweAgent } from './swe-agent/index.ts';
import { tauBench } from './tau-bench/index.ts';
import { tracewrightJsonl } from './tracewright-jsonl/index.ts';
import { trail } from './trail/index.ts';
import { whoAndWhen } from './who-and-when/index.ts';

export const formats: readonly Format[] = [
  agentsSdk,
  otlpTraces,
  otlpLogs,
  otlpMetrics,
  recorded,
  whoAndWhen,
  agentRx,
  tauBench,
  claudeCode,
  sweAgent,
  chatMessages,
  openAiEvals,
  openHands,
  autoGen,
  codex,
  pi,
  trail,
  langfuseExport,
  jaeger,
  otelSpans,
  langsmithRuns,
  langsmithNative,
  langfuseNative,
  inspectLogs,
  atif,
  adkSessions,
  tracewrightJsonl,
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

export type Destination = { readonly format: DecoderFormat; readonly route: Route };

/**
 * The decoder and the route that ends this request path; the longest ending wins. Query and trailing slashes do not
 * count, nor does the method: another one is refused by whoever asks.
 */
export function destinationOf(path: string): Destination | null {
  const wanted = plainPath(path);
  let best: (Destination & { readonly length: number }) | null = null;
  for (const format of formats) {
    if (format.type !== 'decoder') continue;
    for (const route of format.routes) {
      const length = matchedLength(wanted, route.suffix);
      if (length > (best?.length ?? 0)) best = { format, route, length };
    }
  }
  return best;
}

export function formatForPath(path: string): DecoderFormat | null {
  return destinationOf(path)?.format ?? null;
}

/** What a body of this path is told apart by, beside its bytes: the id that its path names; null for most. */
export function nameOfRequest(path: string): string | null {
  const plain = plainPath(path);
  return destinationOf(plain)?.route.suffix.endsWith('/*') ? plain.split('/').slice(-2).join('/') : null;
}

/** What a GET of this path is answered with; null when no format has something to say there. */
export function answerForPath(path: string): Json {
  const wanted = plainPath(path);
  for (const format of formats) {
    if (format.type !== 'decoder') continue;
    for (const { suffix, body } of format.answers ?? []) if (wanted.endsWith(suffix)) return body;
  }
  return null;
}

function plainPath(path: string): string {
  const plain = path.split(/[?#]/, 1)[0] ?? '';
  let end = plain.length;
  while (end > 0 && plain[end - 1] === '/') end--;
  return plain.slice(0, end);
}

/** How many characters of the suffix stand literally in the path; 0 when the path does not end like this. */
function matchedLength(path: string, suffix: string): number {
  if (!suffix.endsWith('/*')) return path.endsWith(suffix) ? suffix.length : 0;
  const literal = suffix.slice(0, -1);
  const idAt = path.lastIndexOf('/') + 1;
  return idAt > 0 && idAt < path.length && path.slice(0, idAt).endsWith(literal) ? literal.length : 0;
}
