import { expect, test } from 'vitest';
import type { ClientMessage, ServerMessage } from './wire.ts';
import { createEngineClient, type EnginePort } from './client.ts';

const INFO = { code: 'engine_restarted' };

/** A port whose other end is the test. */
function testPort() {
  const sent: ClientMessage[] = [];
  let hear: (message: ServerMessage) => void = () => undefined;
  let closed: () => void = () => undefined;
  const port: EnginePort = {
    send: (message) => sent.push(message),
    onMessage: (listener) => (hear = listener),
    onClose: (listener) => (closed = listener),
    close: () => undefined,
  };
  function answer(result: unknown): void {
    for (const message of sent) if (message.verb === 'call') hear({ verb: 'answer', id: message.id, result });
  }
  return { port, sent, answer, close: () => closed() };
}

test('a call made before the engine is there is answered by it', async () => {
  const client = createEngineClient(null);
  const asked = client.call('engine.info', undefined);
  const { port, answer } = testPort();
  client.reconnect(port);
  answer('info');
  expect(await asked).toBe('info');
});

test('of a restart fails what the old engine was asked, and not what waits for the new one', async () => {
  const first = testPort();
  const client = createEngineClient(first.port);
  const lost = client.call('engine.info', undefined);
  first.close();
  await expect(lost).rejects.toMatchObject({ error: INFO });
  const waits = client.call('engine.info', undefined);
  const second = testPort();
  client.reconnect(second.port);
  const asked = client.call('engine.info', undefined);
  second.answer('info');
  expect(await Promise.all([waits, asked])).toEqual(['info', 'info']);
});

test('a new port without a word from the old one fails what the old one was asked', async () => {
  const first = testPort();
  const client = createEngineClient(first.port);
  const lost = client.call('engine.info', undefined);
  client.reconnect(testPort().port);
  await expect(lost).rejects.toMatchObject({ error: INFO });
});
