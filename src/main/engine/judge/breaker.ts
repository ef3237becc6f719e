/**
 * Leaves an endpoint alone that failed several times in a row, each time after all its tries: whoever grades a thousand
 * traces would otherwise wait for every one of them. What is refused meanwhile is errored at once, with the reason. One
 * request is let through from time to time, and the first that is answered ends it.
 */
import type { Result } from '#shared/result.ts';
import { fail } from '#shared/result.ts';
import type { ExchangeFailure, Incoming } from './exchange.ts';

type Answered = Result<Incoming, ExchangeFailure>;

export type Breaker = {
  readonly run: (work: () => Promise<Answered>) => Promise<Answered>;
  /** It is known to answer again. */
  readonly close: () => void;
};

/** Requests in a row. */
const MOST_FAILURES = 3;
const REST_MS = 10_000;

/** @param now milliseconds */
export function createBreaker(now: () => number): Breaker {
  let failures = 0;
  let restsUntil = 0;
  let reason = '';

  return {
    async run(work) {
      if (failures >= MOST_FAILURES) {
        if (now() < restsUntil)
          return fail({
            kind: 'network',
            message: `It was not asked, because the last ${failures} requests failed: ${reason} It is tried again after ${REST_MS / 1_000} seconds.`,
          });
        // The others wait for what becomes of this one.
        restsUntil = now() + REST_MS;
      }
      const answered = await work();
      const why = failureOf(answered);
      if (why === null) failures = 0;
      else {
        failures++;
        reason = why;
        restsUntil = now() + REST_MS;
      }
      return answered;
    },
    close() {
      failures = 0;
    },
  };
}

/** An endpoint that refuses a request, or has had too many of them, is there all the same. */
function failureOf(answered: Answered): string | null {
  if (!answered.ok) {
    const { kind, message } = answered.error;
    return kind === 'network' || kind === 'timeout' ? message : null;
  }
  const { status } = answered.value;
  return status >= 500 && status !== 501 ? `It answered ${status}.` : null;
}
