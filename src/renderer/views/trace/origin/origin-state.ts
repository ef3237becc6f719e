/** What is asked about the origin of a text, and which text is to be shown marked after following an answer. */
import { create } from 'zustand';
import type { TextPlace } from '#shared/answers.ts';

/** In the window, where the selection is; the answer stands beside it. */
export type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export type AskedText = {
  readonly spanId: string;
  /** Absent = whichever content of the span holds it. */
  readonly contentKey?: number;
  readonly text: string;
  readonly area: Area;
};

type OriginState = {
  /** Text that is selected now and could be asked about. */
  readonly selected: AskedText | null;
  readonly asked: AskedText | null;
  readonly mark: Pick<TextPlace, 'spanId' | 'side' | 'contentKey' | 'text'> | null;
  readonly select: (selected: AskedText | null) => void;
  readonly ask: (asked: AskedText | null) => void;
  readonly show: (mark: OriginState['mark']) => void;
};

export const useOrigin = create<OriginState>()((set, get) => ({
  selected: null,
  asked: null,
  mark: null,
  select(selected) {
    if (get().selected !== selected) set({ selected });
  },
  ask: (asked) => set({ asked, selected: null }),
  show: (mark) => set({ mark }),
}));
