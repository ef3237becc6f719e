/** Lays out one graph per message; see layout-client.ts. */
import type { LayoutInput } from './layout-types.ts';
import { layoutBoth } from './layout.ts';

self.onmessage = (event: MessageEvent<LayoutInput>) => {
  self.postMessage(layoutBoth(event.data));
};
