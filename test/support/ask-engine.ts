/** Asks the engine of a launched app what no control asks it, through the page's own port. */
import type { Page } from '@playwright/test';

export function ask(page: Page, method: string, args: unknown): Promise<unknown> {
  return page.evaluate(
    ([method, args]) =>
      new Promise((resolve, reject) => {
        function hear(event: MessageEvent<{ readonly type?: string }>): void {
          const [port] = event.ports;
          if (event.data.type !== 'tracewright:engine-port' || !port) return;
          window.removeEventListener('message', hear);
          // The page listens at it too, and asks with small numbers.
          const id = 1_000_000_000;
          type Said = { id: number; verb: string; result: unknown; error: { message: string } };
          port.addEventListener('message', ({ data }: MessageEvent<Said>) => {
            if (data.id !== id) return;
            if (data.verb === 'answer') resolve(data.result);
            else reject(new Error(data.error.message));
          });
          port.start();
          port.postMessage({ verb: 'call', id, method, args });
        }
        window.addEventListener('message', hear);
        (window as unknown as { tracewright: { requestEnginePort(): void } }).tracewright.requestEnginePort();
      }),
    [method, args] as const,
  );
}
