/**
 * A tracing processor for the OpenAI Agents SDK (@openai/agents) that sends traces to Tracewright while they happen.
 * One file, no dependencies, for Node 18 and later, Bun and Deno:
 *
 *   import { addTraceProcessor } from '@openai/agents';
 *   import { TracewrightProcessor } from './tracewright-agents.mjs';
 *   addTraceProcessor(new TracewrightProcessor());
 *
 * Beside what the SDK's own exporter sends, it reports spans when they start, the end of a trace, what a model read and
 * answered in full, and which process it was. It never makes the agent wait and never throws into it; what it cannot
 * deliver waits within bounds (TRACEWRIGHT_QUEUE_MB, 64) and is then left out, oldest first, and counted.
 *
 *   TRACEWRIGHT_URL      where Tracewright collects; http://127.0.0.1:4318 when unset
 *   TRACEWRIGHT_DISABLE  1 = do nothing
 *   TRACEWRIGHT_DEBUG    1 = say on stderr what could not be delivered
 */
const VERSION = '1';
const DEFAULT_URL = 'http://127.0.0.1:4318';
const PATH = '/v1/traces/ingest';
/** So long the first item of a batch waits for others. */
const DELAY_MS = 100;
const MAX_BATCH_ITEMS = 200;
const MAX_BATCH_CHARACTERS = 4_000_000;
/** A larger item is sent without what the model read and answered. */
const MAX_ITEM_CHARACTERS = 32_000_000;
const MAX_QUEUE_ITEMS = 20_000;
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_BACK_OFF_MS = 5_000;
/** For what is left when the process ends. */
const EXIT_TIMEOUT_MS = 3_000;
/** Known by this, so that the preload does not report twice what the app reports itself. */
const BRAND = Symbol.for('tracewright.agents.processor');

/** @implements {import('@openai/agents').TracingProcessor} */
export class TracewrightProcessor {
  [BRAND] = true;
  #sender;
  /** Spans that have started and not ended, by their trace. */
  #open = new Map();
  #disabled;

  /** @param {{ url?: string }} [options] */
  constructor({ url } = {}) {
    this.#disabled = /^(1|true)$/i.test(variable('TRACEWRIGHT_DISABLE') ?? '');
    this.#sender = new Sender(url ?? variable('TRACEWRIGHT_URL') ?? DEFAULT_URL);
    if (!this.#disabled && typeof process !== 'undefined' && typeof process.on === 'function') {
      process.on('exit', () => this.#onExit());
    }
  }

  async onTraceStart(trace) {
    if (!this.#disabled) this.#put(() => trace.toJSON());
  }

  async onTraceEnd(trace) {
    if (this.#disabled) return;
    const at = new Date().toISOString();
    // The ends of spans that ended together with the trace are told a moment later.
    await Promise.resolve();
    this.#close(trace.traceId, at, 'trace_end');
    this.#put(() => {
      const item = trace.toJSON();
      return item === null ? null : { ...item, x_ended_at: at };
    });
  }

  async onSpanStart(span) {
    if (this.#disabled) return;
    this.#put(() => {
      const item = span.toJSON();
      if (item === null || span.endedAt) return null;
      const open = this.#open.get(span.traceId) ?? new Map();
      this.#open.set(span.traceId, open.set(span.spanId, span));
      return item;
    });
  }

  async onSpanEnd(span) {
    if (this.#disabled) return;
    this.#forget(span.traceId, span.spanId);
    this.#put(() => withModelCall(span.toJSON(), span.spanData));
  }

  /** The SDK also calls this when an app replaces its processors; what comes later is reported nevertheless. */
  async shutdown(timeout = EXIT_TIMEOUT_MS) {
    await this.#sender.flush(timeout);
  }

  async forceFlush() {
    await this.#sender.flush(EXIT_TIMEOUT_MS);
  }

  /** For the preload, when the app brings a processor of its own. */
  mute() {
    this.#disabled = true;
    this.#open.clear();
  }

  #forget(traceId, spanId) {
    const open = this.#open.get(traceId);
    open?.delete(spanId);
    if (open?.size === 0) this.#open.delete(traceId);
  }

  /** Spans that nothing will end any more, told as such: not as having ended well. */
  #close(traceId, at, by) {
    const open = this.#open.get(traceId);
    this.#open.delete(traceId);
    for (const span of open?.values() ?? []) {
      if (!span.endedAt) {
        this.#put(() => ({ ...withModelCall(span.toJSON(), span.spanData), ended_at: null, x_closed: { at, by } }));
      }
    }
  }

  /** Whatever goes wrong here is ours, not the agent's. */
  #put(read) {
    try {
      const item = read();
      if (item) this.#sender.add(serialise(item));
    } catch (error) {
      complain('an item could not be written', error);
    }
  }

  #onExit() {
    try {
      const at = new Date().toISOString();
      for (const traceId of [...this.#open.keys()]) this.#close(traceId, at, 'process_exit');
      this.#sender.flushAtExit();
    } catch (error) {
      complain('the rest could not be sent', error);
    }
  }
}

/** What the Responses API read and answered stands in fields that the SDK does not export. */
function withModelCall(item, data) {
  if (item === null || data?.type !== 'response') return item;
  const call = {
    ...(data._input === undefined ? {} : { x_input: data._input }),
    ...(data._response === undefined ? {} : { x_response: data._response }),
  };
  return { ...item, span_data: { ...item.span_data, ...call } };
}

function serialise(item) {
  const text = textOf(item);
  if (text.length <= MAX_ITEM_CHARACTERS) return text;
  const { x_input: _input, x_response: _response, ...rest } = item.span_data ?? {};
  return textOf({ ...item, span_data: { ...rest, x_left_out: text.length } });
}

function textOf(item) {
  try {
    return JSON.stringify(item);
  } catch {
    // A cycle or a big integer: such values are told as text.
    const above = [];
    return JSON.stringify(item, function replace(_key, value) {
      if (typeof value === 'bigint') return value.toString();
      if (typeof value !== 'object' || value === null) return value;
      while (above.length > 0 && above.at(-1) !== this) above.pop();
      if (above.includes(value)) return '[circular]';
      above.push(value);
      return value;
    });
  }
}

/** A bounded queue, sent in batches, one request at a time. */
class Sender {
  #url;
  #maxCharacters;
  #queue = [];
  /** What the current request holds. */
  #inFlight = [];
  #characters = 0;
  #dropped = 0;
  #timer = null;
  #sending = null;
  #backOff = 0;
  #agent = null;
  #modules = null;
  #spawnSync = null;

  constructor(url) {
    this.#url = new URL(PATH, `${url.replace(/\/+$/, '')}/`);
    const megabytes = Number(variable('TRACEWRIGHT_QUEUE_MB'));
    this.#maxCharacters = (megabytes > 0 ? megabytes : 64) * 1_000_000;
  }

  add(text) {
    this.#queue.push(text);
    this.#characters += text.length;
    this.#shrink();
    this.#schedule(DELAY_MS);
    this.#load();
  }

  /** The newest stay: when nobody collects, what happened last is what will be asked for. */
  #shrink() {
    let out = 0;
    while (
      this.#queue.length - out > MAX_QUEUE_ITEMS ||
      (this.#characters > this.#maxCharacters && out < this.#queue.length)
    ) {
      this.#characters -= this.#queue[out].length;
      out++;
    }
    if (out === 0) return;
    this.#queue.splice(0, out);
    this.#dropped += out;
    complain(`${out} items did not fit into the queue`);
  }

  #schedule(delay) {
    if (this.#timer !== null || this.#sending !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#send();
    }, delay);
    // A program that is done ends; what is left goes out at its exit.
    this.#timer.unref?.();
  }

  /** Before they are needed: at the exit of a process nothing can be imported any more. */
  #load() {
    this.#modules ??= Promise.all([import('node:http'), import('node:https'), import('node:child_process')]).then(
      ([http, https, { spawnSync }]) => {
        this.#spawnSync = spawnSync;
        const secure = this.#url.protocol === 'https:';
        this.#agent = new (secure ? https : http).Agent({ keepAlive: true, maxSockets: 1 });
        return (secure ? https : http).request;
      },
    );
    return this.#modules;
  }

  /** Until the queue is empty or a request fails. */
  async #send() {
    if (this.#sending !== null) return this.#sending;
    const work = this.#drain();
    this.#sending = work;
    try {
      return await work;
    } finally {
      this.#sending = null;
      if (this.#queue.length > 0) this.#schedule(this.#backOff || DELAY_MS);
    }
  }

  /** @returns {Promise<'delivered' | 'busy' | 'away'>} what became of the queue */
  async #drain() {
    const request = await this.#load();
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      const dropped = this.#dropped;
      this.#inFlight = batch;
      const outcome = await this.#post(request, bodyOf(batch, dropped));
      this.#inFlight = [];
      if (outcome === 'busy' || outcome === 'away') {
        this.#queue.unshift(...batch);
        for (const text of batch) this.#characters += text.length;
        this.#backOff = Math.min(MAX_BACK_OFF_MS, Math.max(250, this.#backOff * 2));
        return outcome;
      }
      this.#backOff = 0;
      this.#dropped -= dropped;
      if (outcome === 'refused') this.#dropped += batch.length;
    }
    return 'delivered';
  }

  #takeBatch() {
    let items = 0;
    let characters = 0;
    while (items < this.#queue.length && items < MAX_BATCH_ITEMS) {
      const length = this.#queue[items].length;
      if (items > 0 && characters + length > MAX_BATCH_CHARACTERS) break;
      characters += length;
      items++;
    }
    this.#characters -= characters;
    return this.#queue.splice(0, items);
  }

  #post(request, body) {
    return new Promise((resolve) => {
      const fail = (error) => {
        complain(`nothing answers at ${this.#url.origin}`, error);
        resolve('away');
      };
      try {
        const bytes = Buffer.from(body);
        const sent = request(
          this.#url,
          { method: 'POST', agent: this.#agent, headers: { ...HEADERS, 'content-length': bytes.length } },
          (answer) => {
            answer.resume();
            answer.on('error', fail);
            answer.on('end', () => resolve(judge(answer.statusCode ?? 0)));
          },
        );
        // An answer that does not come must not keep a program alive that is done.
        sent.on('socket', (socket) => socket.unref?.());
        sent.setTimeout(REQUEST_TIMEOUT_MS, () => sent.destroy(new Error('no answer in time')));
        sent.on('error', fail);
        sent.end(bytes);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Resolves when all is delivered, or nobody is there to take it, or the time is over. */
  async flush(timeout) {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#queue.length === 0 && this.#sending === null) return;
    let clock;
    // This one timer holds the process: sockets and the queue do not.
    let isOver = false;
    const over = new Promise((resolve) => {
      clock = setTimeout(() => {
        isOver = true;
        resolve();
      }, timeout);
    });
    const all = async () => {
      await this.#sending;
      // While a request is under way the queue may be empty.
      while ((this.#queue.length > 0 || this.#sending !== null) && (await this.#send()) === 'busy' && !isOver) {
        await new Promise((resolve) => setTimeout(resolve, this.#backOff).unref?.());
      }
    };
    try {
      await Promise.race([all(), over]);
    } catch (error) {
      complain('the rest could not be sent', error);
    } finally {
      clearTimeout(clock);
    }
  }

  /** After process.exit() or an uncaught exception nothing asynchronous runs: another process sends the rest. */
  flushAtExit() {
    // Taken twice is the same as taken once.
    this.#queue.unshift(...this.#inFlight);
    const spawn = this.#spawnSync ?? process.getBuiltinModule?.('node:child_process').spawnSync;
    if (this.#queue.length === 0 || !spawn) return;
    const bodies = [];
    while (this.#queue.length > 0) bodies.push(bodyOf(this.#takeBatch(), bodies.length === 0 ? this.#dropped : 0));
    spawn(process.execPath, ['-e', SEND_REST, this.#url.href], {
      input: bodies.join('\n'),
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: EXIT_TIMEOUT_MS,
      windowsHide: true,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        ELECTRON_RUN_AS_NODE: '1',
        TRACEWRIGHT_HEADERS: JSON.stringify(HEADERS),
      },
    });
  }
}

/** Reads bodies from stdin, one a line, and posts them; runs in a process of its own. */
const SEND_REST = `
const { request } = require(process.argv[1].startsWith('https:') ? 'node:https' : 'node:http');
const headers = JSON.parse(process.env.TRACEWRIGHT_HEADERS);
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', async () => {
  for (const body of Buffer.concat(chunks).toString('utf8').split('\\n')) {
    for (let attempt = 0; attempt < 8; attempt++) {
      const status = await new Promise((done) => {
        const sent = request(process.argv[1], { method: 'POST', headers }, (answer) => {
          answer.resume();
          answer.on('close', () => done(answer.statusCode));
        });
        sent.on('error', () => process.exit(1));
        sent.end(body);
      });
      if (status < 429) break;
      await new Promise((later) => setTimeout(later, 200));
    }
  }
});
`;

/** Only what will be taken later is sent again. */
function judge(status) {
  if (status >= 200 && status < 300) return 'taken';
  complain(`the collector answered ${status}`);
  return status === 408 || status === 429 || status >= 500 ? 'busy' : 'refused';
}

function bodyOf(batch, dropped) {
  const about = dropped > 0 ? `,"x_dropped":${dropped}` : '';
  return `{"data":[${batch.join(',')}],"x_resource":${RESOURCE}${about}}`;
}

const HEADERS = { 'content-type': 'application/json', 'user-agent': `Agents/JavaScript tracewright-helper/${VERSION}` };
const RESOURCE = JSON.stringify(describeProcess());

/** In the names of OpenTelemetry. No arguments and no environment: they hold secrets. */
function describeProcess() {
  if (typeof process === 'undefined') return { 'telemetry.distro.name': 'tracewright-helper' };
  const runtime = process.versions?.bun ? 'bun' : process.versions?.deno ? 'deno' : 'node';
  return {
    'process.pid': process.pid,
    'process.runtime.name': runtime,
    'process.runtime.version': process.versions?.[runtime] ?? process.version,
    ...(process.argv?.[1] ? { 'process.command': process.argv[1] } : {}),
    'process.working_directory': process.cwd(),
    'telemetry.sdk.language': 'nodejs',
    'telemetry.distro.name': 'tracewright-helper',
    'telemetry.distro.version': VERSION,
  };
}

function variable(name) {
  try {
    return globalThis.process?.env?.[name] || undefined;
  } catch {
    return undefined;
  }
}

function complain(what, error) {
  if (variable('TRACEWRIGHT_DEBUG') !== '1') return;
  console.error(`tracewright: ${what}${error instanceof Error ? `: ${error.message}` : ''}`);
}
