/** The reading thread: answers the calls of `api/reads.ts` on a connection and with a cache of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppFailure, toAppError } from '#shared/result.ts';
import { connectReader } from '../../store/open.ts';
import { writeFailure } from '../../store/sqlite-error.ts';
import { createReads } from '../api/reads.ts';
import type { ReadContext } from '../api/types.ts';
import { createPrices } from '../prices.ts';
import { buffersOf } from './buffers.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';

if (!parentPort) throw new Error('This file runs as a thread of the engine.');
const port = parentPort;
const { workspace, nativeBinding } = workerData as ThreadData;
const connection = connectReader(workspace, nativeBinding);
const reads = createReads(createPrices(connection));
let running: { readonly id: number; readonly controller: AbortController } | null = null;

function tell(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

async function answer({ id, method, args }: Extract<ToThread, { type: 'call' }>): Promise<void> {
  const controller = new AbortController();
  running = { id, controller };
  try {
    const value = await inOneState(() => {
      const handler = reads[method] as (context: ReadContext, args: unknown) => unknown;
      return handler({ reader: connection, signal: controller.signal }, args);
    });
    tell({ type: 'answer', id, value }, buffersOf(method, value));
  } catch (cause) {
    const failure = writeFailure(cause);
    const bug = failure || cause instanceof AppFailure ? null : text(cause);
    tell({ type: 'failed', id, error: failure ?? toAppError(cause), bug });
  } finally {
    running = null;
  }
}

/** All that one call reads is of one moment, whatever is written meanwhile; and of no earlier one than the call. */
async function inOneState(work: () => unknown): Promise<unknown> {
  connection.exec('BEGIN');
  try {
    return await work();
  } finally {
    connection.exec('COMMIT');
  }
}

function text(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

port.on('message', (message: ToThread) => {
  switch (message.type) {
    case 'call':
      void answer(message);
      return;
    case 'cancel':
      if (running?.id === message.id) running.controller.abort();
      return;
    case 'close':
      connection.close();
      port.close();
      return;
  }
});
tell({ type: 'ready' });
