/**
 * Judges and embeddings for graders: any endpoint that speaks OpenAI's chat completions. Answers that were given before
 * come from the cache of the workspace. What fails is an errored grade with its reason, never a zero; only a cancelled
 * call rejects.
 *
 * A trace may try to talk to the judge. Nothing here reads a verdict from anywhere but the structured answer of the model.
 */
import type { EndpointTest } from '#shared/endpoint.ts';
import type { PriceBook } from '#shared/estimate.ts';
import { estimateCost } from '#shared/estimate.ts';
import type { TokenUse } from '#shared/grader.ts';
import type { Result } from '#shared/result.ts';
import { fail } from '#shared/result.ts';
import type { GradeServices, ServiceError } from '../../graders/types.ts';
import type { AskHost } from './ask.ts';
import { askJudge } from './ask-judge.ts';
import { ask, sleep } from './ask.ts';
import type { Asking } from './asking.ts';
import type { Breaker } from './breaker.ts';
import { createBreaker } from './breaker.ts';
import type { ChatUsage } from './chat.ts';
import { embedTexts } from './embed.ts';
import type { EndpointInUse } from './endpoint-in-use.ts';
import { addressOf, headersOf, TOLD_ENDPOINT } from './endpoint-in-use.ts';
import type { Fetch } from './exchange.ts';
import { exchange } from './exchange.ts';
import type { KeyRing } from './key-ring.ts';
import type { Limiter } from './limiter.ts';
import { createLimiter } from './limiter.ts';
import type { JudgeMemory } from './memory.ts';
import { listModels } from './models.ts';

export type JudgeServicesOptions = {
  /** What is known from before, and where it is kept: `storedMemory` of a workspace, or `passingMemory`. */
  readonly memory: JudgeMemory;
  /** The endpoints to choose from; the first with `isDefault` is asked where a grader names none. */
  readonly endpoints: () => readonly EndpointInUse[];
  /** Asked whatever a grader names: that of --judge-url. */
  readonly only?: EndpointInUse | null;
  readonly keys: KeyRing;
  /** For the cost of what is asked; null = unknown. */
  readonly prices: () => PriceBook | null;
  readonly fetch?: Fetch;
  readonly random?: () => number;
  readonly sleep?: AskHost['sleep'];
  readonly now?: () => number;
};

export type JudgeServices = Pick<GradeServices, 'judge' | 'embed'> & {
  /** Asks an endpoint which models it has. */
  readonly test: (endpoint: EndpointInUse, signal: AbortSignal) => Promise<EndpointTest>;
  /** Cancels what is being asked. */
  readonly close: () => void;
};

export function createJudgeServices(options: JudgeServicesOptions): JudgeServices {
  const { memory, keys } = options;
  const closing = new AbortController();
  const limiters = new Map<string, { readonly most: number; readonly run: Limiter }>();
  const breakers = new Map<string, Breaker>();
  const host: AskHost = {
    fetch: options.fetch ?? globalThis.fetch,
    record: memory.record,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
    now: options.now ?? Date.now,
  };

  function limiterOf({ baseUrl, concurrency }: EndpointInUse): Limiter {
    const known = limiters.get(baseUrl);
    if (known?.most === concurrency) return known.run;
    const run = createLimiter(concurrency);
    limiters.set(baseUrl, { most: concurrency, run });
    return run;
  }

  function breakerOf({ baseUrl }: EndpointInUse): Breaker {
    const known = breakers.get(baseUrl) ?? createBreaker(host.now);
    breakers.set(baseUrl, known);
    return known;
  }

  function sender(endpoint: EndpointInUse): Asking['send'] {
    const limited = limiterOf(endpoint);
    const breaker = breakerOf(endpoint);
    return (outgoing, signal) => limited(() => breaker.run(() => ask(host, outgoing, signal)), signal);
  }

  function priced(model: string, calls: number, usage: ChatUsage | null): TokenUse {
    const book = options.prices();
    const counts = { input: usage?.prompt ?? null, output: usage?.completion ?? null };
    const all = { ...counts, cacheRead: usage?.cached ?? null, cacheWrite: null, reasoning: null };
    return {
      model,
      calls,
      promptTokens: usage?.prompt ?? 0,
      completionTokens: usage?.completion ?? 0,
      cachedTokens: usage?.cached ?? 0,
      cost: book && usage ? estimateCost(all, model, book) : null,
      cached: false,
    };
  }

  /** With the endpoint that a request means; or why nothing can be sent. */
  function choose(named: string | undefined): Result<Asking, ServiceError> {
    const all = options.endpoints();
    const endpoint =
      options.only ??
      (named === undefined
        ? (all.find(({ isDefault }) => isDefault) ?? all[0])
        : all.find(({ id, label }) => id === named || label === named));
    if (!endpoint) return fail(serverError(named === undefined ? NO_ENDPOINT : noSuch(named)));
    if (!endpoint.confirmed) return fail(serverError(unconfirmed(endpoint)));
    const key = keys.find(endpoint)?.key ?? null;
    return { ok: true, value: { endpoint, key, memory, send: sender(endpoint), priced } };
  }

  async function within<T>(signal: AbortSignal, work: (both: AbortSignal) => Promise<T>): Promise<T> {
    const both = new AbortController();
    const stop = (): void => {
      both.abort(signal.aborted ? signal.reason : closing.signal.reason);
    };
    if (signal.aborted || closing.signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    closing.signal.addEventListener('abort', stop, { once: true });
    try {
      return await work(both.signal);
    } finally {
      signal.removeEventListener('abort', stop);
      closing.signal.removeEventListener('abort', stop);
    }
  }

  return {
    async judge(request, signal) {
      const asking = choose(request.endpoint);
      if (!asking.ok) return { ok: false, error: asking.error, text: '', usage: [] };
      return within(signal, (both) => askJudge(asking.value, request, both));
    },
    async embed(request, signal) {
      const asking = choose(request.endpoint);
      if (!asking.ok) {
        const { flag, message } = asking.error;
        return fail({ flag, message: message === NO_ENDPOINT ? NO_EMBEDDING : message });
      }
      return within(signal, (both) => embedTexts(asking.value, request, both));
    },
    async test(endpoint, signal) {
      if (!endpoint.confirmed) return { ok: false, message: unconfirmed(endpoint), models: [] };
      const key = keys.find(endpoint)?.key ?? null;
      const outgoing = {
        url: addressOf(endpoint, 'models', ''),
        headers: headersOf(endpoint, key),
        body: null,
        purpose: 'models',
        timeoutMs: Math.min(endpoint.timeoutMs, 15_000),
      } as const;
      return within(signal, async (both) => {
        const answered = await exchange(host, outgoing, both);
        if (answered.ok) breakerOf(endpoint).close();
        return listModels(answered, key);
      });
    },
    close() {
      closing.abort(new DOMException('The judges are closed.', 'AbortError'));
    },
  };
}

const NO_ENDPOINT =
  'No judge endpoint is set. Add one in Settings, Judge endpoints; on the command line, give --judge-url and --judge-model.';
const NO_EMBEDDING =
  'Embedding endpoint not set. Add one in Settings, Judge endpoints, or use lexical_cosine, which needs none.';

function noSuch(named: string): string {
  return `There is no judge endpoint "${named.slice(0, 100)}". Settings, Judge endpoints lists those that there are.`;
}

function unconfirmed({ baseUrl, label, id }: EndpointInUse): string {
  const { host } = new URL(baseUrl);
  const what =
    id === TOLD_ENDPOINT
      ? `Give --judge-allow-host ${host} if they may.`
      : `Confirm "${label}" in Settings, Judge endpoints.`;
  return `Nothing was sent: ${host} is not on this computer, and nobody confirmed here that traces may go there. ${what}`;
}

function serverError(message: string): ServiceError {
  return { flag: 'model_grader_server_error', message };
}
