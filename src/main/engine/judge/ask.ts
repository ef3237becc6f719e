/**
 * Asks an endpoint until it answers: what may pass (429, 5xx, a lost connection, a timeout) is tried again after a wait
 * that grows and is spread by chance, or as long as the endpoint says. Everything else is an answer.
 */
import type { Result } from '#shared/result.ts';
import { fail } from '#shared/result.ts';
import type { ExchangeFailure, ExchangeHost, Incoming, Outgoing } from './exchange.ts';
import { exchange } from './exchange.ts';

export type AskHost = ExchangeHost & {
  /** From 0 to 1. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export const TRIES = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** An endpoint that wants to be left alone for longer is asked another day. */
const LONGEST_RETRY_AFTER_MS = 60_000;
/** All tries together, as a multiple of the time limit of one, but never less than a wait takes. */
const PATIENCE = 3;

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

export async function ask(
  host: AskHost,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Result<Incoming, ExchangeFailure>> {
  const until = host.now() + PATIENCE * Math.max(outgoing.timeoutMs, LONGEST_WAIT_MS);
  let last: Result<Incoming, ExchangeFailure> = fail({ kind: 'network', message: 'It was not asked.' });
  for (let tried = 1; tried <= TRIES; tried++) {
    last = await exchange(host, outgoing, signal);
    if (!mayPass(last) || tried === TRIES) return last;
    const wait = waitOf(last, tried, host);
    if (host.now() + wait > until) return last;
    await host.sleep(wait, signal);
  }
  return last;
}

function mayPass(result: Result<Incoming, ExchangeFailure>): boolean {
  if (!result.ok) return result.error.kind === 'network' || result.error.kind === 'timeout';
  const { status, text } = result.value;
  // Who has no money left has none in a second either.
  return PASSING.has(status) && !(status === 429 && text.slice(0, 2_000).includes('insufficient_quota'));
}

function waitOf(result: Result<Incoming, ExchangeFailure>, tried: number, host: AskHost): number {
  const told = result.ok ? retryAfterMs(result.value.retryAfter, host.now()) : null;
  if (told !== null) return Math.min(told, LONGEST_RETRY_AFTER_MS) + host.random() * 100;
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tried - 1));
  return longest / 2 + (host.random() * longest) / 2;
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    function leave(): void {
      clearTimeout(timer);
      reject(signal.reason as Error);
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', leave);
      resolve();
    }, ms);
    signal.addEventListener('abort', leave, { once: true });
  });
}
