/** How graphs are shown, kept while the window is open, so that the next trace is shown the same way. */
import { create } from 'zustand';
import type { Direction, LayoutStyle } from '../../../charts/graph/layout-types.ts';

export type GraphOptions = {
  /** One node per agent instance instead of one per agent name. */
  readonly expanded: boolean;
  /** null = not chosen: decided per trace. */
  readonly tools: boolean | null;
  readonly guardrails: boolean | null;
  readonly user: boolean | null;
  readonly returns: boolean | null;
  /** null = whichever fits. */
  readonly direction: Direction | null;
  readonly style: LayoutStyle;
};

export const useGraphOptions = create<GraphOptions>()(() => ({
  expanded: false,
  tools: null,
  guardrails: null,
  user: null,
  returns: null,
  direction: null,
  style: 'layered',
}));
