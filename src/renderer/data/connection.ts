/**
 * The page's one client of the engine. Ports come from the preload script as window messages; each new port replaces
 * the one before (the engine was restarted), and what is on screen is then fetched again.
 */
import type { ServerMessage } from '#shared/rpc/wire.ts';
import type { EngineClient, EnginePort } from '#shared/rpc/client.ts';
import { enginePortMessage } from '#shared/bridge.ts';
import { createEngineClient } from '#shared/rpc/client.ts';
import { bridge } from './bridge.ts';

export const engine: EngineClient = createEngineClient(null);

const reconnected = new Set<() => void>();

/** Calls back after each new connection but the first. */
export function onEngineReconnect(listener: () => void): () => void {
  reconnected.add(listener);
  return () => reconnected.delete(listener);
}

function wrapPort(port: MessagePort): EnginePort {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.onmessage = (event) => listener(event.data as ServerMessage);
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', listener),
    close: () => port.close(),
  };
}

/** Starts listening for ports and asks for one; returns the undo. Called once, before the first view is drawn. */
export function connectEngine(): () => void {
  let first = true;
  function receive(event: MessageEvent): void {
    const data: unknown = event.data;
    const port = event.ports[0];
    if (event.source !== window || !port || typeof data !== 'object' || data === null) return;
    if (!('type' in data) || data.type !== enginePortMessage) return;
    engine.reconnect(wrapPort(port));
    if (!first) for (const listener of reconnected) listener();
    first = false;
  }
  window.addEventListener('message', receive);
  bridge.requestEnginePort();
  return () => window.removeEventListener('message', receive);
}
