import { expect, test } from 'vitest';
import { fail, ok } from '#shared/result.ts';
import { createBreaker } from './breaker.ts';
import type { ExchangeFailure, Incoming } from './exchange.ts';

const DOWN = fail<ExchangeFailure>({ kind: 'network', message: 'Nothing answers.' });
const status = (code: number) => ok<Incoming>({ status: code, retryAfter: null, text: '' });

test('after three failures in a row nothing is asked for a while; then one request finds out', async () => {
  let now = 0;
  let asked = 0;
  const breaker = createBreaker(() => now);
  const run = (answer: typeof DOWN | ReturnType<typeof status>) =>
    breaker.run(() => {
      asked++;
      return Promise.resolve(answer);
    });
  await run(DOWN);
  await run(DOWN);
  // One that answers begins the count again; one that refuses is there all the same.
  for (const code of [200, 401, 404, 429, 501]) expect(await run(status(code))).toEqual(status(code));
  await run(DOWN);
  await run(status(503));
  await run(DOWN);
  expect(asked).toBe(10);
  expect(await run(status(200))).toMatchObject({
    ok: false,
    error: { message: expect.stringMatching(/the last 3 requests failed: Nothing answers/) as string },
  });
  expect(asked).toBe(10);

  now += 10_000;
  let answer: (value: typeof DOWN) => void = () => undefined;
  const probe = breaker.run(() => new Promise((resolve) => (answer = resolve)));
  expect((await run(status(200))).ok).toBe(false);
  answer(DOWN);
  expect(await probe).toBe(DOWN);
  expect((await run(status(200))).ok).toBe(false);
  now += 10_000;
  expect((await run(status(200))).ok).toBe(true);
  expect((await run(status(200))).ok).toBe(true);
});

test('it is asked at once when it is known to answer', async () => {
  const breaker = createBreaker(() => 0);
  for (let k = 0; k < 3; k++) await breaker.run(() => Promise.resolve(DOWN));
  breaker.close();
  expect(await breaker.run(() => Promise.resolve(status(200)))).toEqual(status(200));
});
