/** Where the demo's traces go: to a collector, live, or to a file of recorded requests. */
import {
  BatchTraceProcessor,
  getGlobalTraceProvider,
  OpenAITracingExporter,
  setTraceProcessors,
  setTracingDisabled,
} from '@openai/agents';
import { createServer } from 'node:http';
import { writeFile } from 'node:fs/promises';

const PATH = '/v1/traces/ingest';
const DELAY_MS = 250;

/** An expected failure, told without a stack. */
export class DemoError extends Error {}

/**
 * Asks the collector for an answer before anything runs: an exporter that finds nobody only logs, and the demo would
 * seem to have worked.
 * @param {string} endpoint
 */
export async function checkCollector(endpoint) {
  let answer;
  try {
    answer = await fetch(`${endpoint}${PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"data":[]}',
      signal: AbortSignal.timeout(3000),
    });
  } catch {
    throw new DemoError(
      `No collector answers at ${endpoint}.\nStart Tracewright (npm start), or give its address: npm run demo -- --endpoint http://127.0.0.1:4318`,
    );
  }
  if (!answer.ok) {
    throw new DemoError(
      `What answers at ${endpoint} does not take traces of the Agents SDK (HTTP ${answer.status}).\nThe address that Tracewright collects at stands at the top of its window; give it with --endpoint.`,
    );
  }
}

/**
 * Sends traces to a collector while they happen.
 * @param {string} endpoint
 * @param {{ starts: boolean }} options `starts` also reports spans when they begin; the SDK itself only reports ends
 */
export function reportTo(endpoint, { starts }) {
  const exporter = new OpenAITracingExporter({ endpoint: `${endpoint}${PATH}`, apiKey: 'local' });
  // The SDK traces nothing when NODE_ENV is "test" or a variable forbids it; this program is there to be traced.
  setTracingDisabled(false);
  setTraceProcessors([
    ...(starts ? [new StartReporter(exporter)] : []),
    new BatchTraceProcessor(exporter, { scheduleDelay: DELAY_MS }),
  ]);
}

/** Sends what is still held back. */
export async function flush() {
  await getGlobalTraceProvider().forceFlush();
}

/** @typedef {import('@openai/agents').TracingProcessor} TracingProcessor */

/**
 * Reports spans that have begun, with `ended_at: null`, so that a run can be watched while it runs.
 * @implements {TracingProcessor}
 */
class StartReporter {
  /** @param {OpenAITracingExporter} exporter */
  constructor(exporter) {
    this.exporter = exporter;
    /** @type {import('@openai/agents').Span<any>[]} */
    this.begun = [];
    /** @type {NodeJS.Timeout | null} */
    this.timer = null;
  }

  async onTraceStart() {}
  async onTraceEnd() {}
  async onSpanEnd() {}

  /** @param {import('@openai/agents').Span<any>} span */
  async onSpanStart(span) {
    this.begun.push(span);
    this.timer ??= setTimeout(() => void this.#send(), DELAY_MS / 2);
  }

  async shutdown() {
    if (this.timer) clearTimeout(this.timer);
  }

  async forceFlush() {}

  async #send() {
    this.timer = null;
    // What has ended meanwhile is reported by its end.
    const open = this.begun.filter((span) => !span.endedAt);
    this.begun = [];
    if (open.length > 0) await this.exporter.export(open);
  }
}

/**
 * Takes the SDK's requests itself and writes them to a file, one JSON object a line, without the key they carry.
 * @param {string} file
 */
export async function recordTo(file) {
  /** @type {string[]} */
  const lines = [];
  const server = createServer((incoming, answer) => {
    /** @type {Buffer[]} */
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const headers = {
        'content-type': incoming.headers['content-type'],
        'user-agent': incoming.headers['user-agent'],
      };
      lines.push(
        JSON.stringify({
          method: incoming.method,
          url: incoming.url,
          headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
      answer.writeHead(204).end();
    });
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)));
  const address = server.address();
  reportTo(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, { starts: false });
  return async () => {
    server.closeAllConnections();
    server.close();
    await writeFile(file, `${lines.join('\n')}\n`);
    return lines.length;
  };
}
