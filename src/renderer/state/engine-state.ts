import { create } from 'zustand';
import type { EngineState } from '#shared/bridge.ts';
import { bridge } from '../data/bridge.ts';

/** What the desktop says of the engine. */
export const useEngineState = create<EngineState>()(() => ({ state: 'starting' }));

/** Started once, before the first view is drawn; returns the undo. */
export function followEngineState(): () => void {
  return bridge.onEngineState((state) => useEngineState.setState(state, true));
}
