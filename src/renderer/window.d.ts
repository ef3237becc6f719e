import type { Bridge } from '#shared/bridge.ts';

declare global {
  // Only an interface can be merged into the DOM's own declaration.
  interface Window {
    readonly tracewright: Bridge;
  }
}
