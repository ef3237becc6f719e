/**
 * What playback is doing. The time cursor itself is in the shared selection; panes that scroll with playback read
 * `span` and `moves` here.
 */
import { create } from 'zustand';
import { createPacedFollow } from '../../../state/paced-follow.ts';
import type { EventKind } from './events.ts';

/** Times as fast as it was, or one event after the other at an even pace, so that idle time is skipped. */
export const SPEEDS = [1, 2, 5, 10, 50, 100, 1_000, 'even'] as const;
export type Speed = (typeof SPEEDS)[number];

export type PlaybackState = {
  readonly playing: boolean;
  readonly speed: Speed;
  /** What `next` and `previous` stop at. */
  readonly kind: EventKind;
  /** Span of the last event that playback went to. */
  readonly span: string | null;
  /**
   * Grows when playback, and not a click in a pane, has moved the cursor: what `span` is, is to be brought into sight. Of
   * a cursor that runs, only now and then.
   */
  readonly moves: number;
};

const START: PlaybackState = { playing: false, speed: 'even', kind: 'any', span: null, moves: 0 };

export const usePlayback = create<PlaybackState>()(() => START);

const follow = createPacedFollow(() => usePlayback.setState(({ moves }) => ({ moves: moves + 1 })));

/**
 * Playback came to an event.
 * @param isStep somebody asked for this one, and it is shown without delay
 */
export function tellEvent(index: number, span: string | null, isStep: boolean): void {
  if (usePlayback.getState().span !== span) usePlayback.setState({ span });
  if (isStep) follow.jump(index);
  else follow.pass(index);
}

/** For another trace: the pace and the kind of event are kept. */
export function resetPlayback(): void {
  follow.cancel();
  usePlayback.setState({ playing: false, span: null, moves: 0 });
}
