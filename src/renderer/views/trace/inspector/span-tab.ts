/** The parts of a span that the inspector shows one at a time, and which one is on show: commands open them too. */
import { create } from 'zustand';

export type SpanTab = 'summary' | 'input' | 'changes' | 'output' | 'attributes' | 'events' | 'raw';

export const useSpanTab = create<{ readonly tab: SpanTab; readonly show: (tab: SpanTab) => void }>()((set) => ({
  tab: 'summary',
  show: (tab) => set({ tab }),
}));
