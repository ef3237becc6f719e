/** What a key does in the table: pure, so that every case is tested without a document. */
export type GridState = {
  /** Index of the row that the keyboard is on; -1 = none. */
  readonly active: number;
  /** Where a Shift selection began. */
  readonly anchor: number;
  readonly selected: ReadonlySet<number>;
};

export type GridAction =
  | { readonly type: 'move'; readonly state: GridState }
  | { readonly type: 'open'; readonly index: number }
  | { readonly type: 'clear' }
  | { readonly type: 'delete' };

type Key = { readonly key: string; readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean };

export function gridAction(event: Key, state: GridState, count: number, page: number): GridAction | null {
  const target = targetOf(event, state.active, count, page);
  if (target !== null) {
    if (count === 0) return null;
    return {
      type: 'move',
      state: event.shiftKey ? extend(state, target) : { active: target, anchor: target, selected: new Set() },
    };
  }
  const mod = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case 'Enter':
      return state.active >= 0 && state.active < count ? { type: 'open', index: state.active } : null;
    case ' ':
      return state.active < 0 ? null : { type: 'move', state: toggle(state, state.active) };
    case 'a':
      return mod
        ? { type: 'move', state: { ...state, selected: new Set(Array.from({ length: count }, (_, index) => index)) } }
        : null;
    case 'Escape':
      return { type: 'clear' };
    case 'Delete':
      return { type: 'delete' };
    default:
      return null;
  }
}

function targetOf(event: Key, active: number, count: number, page: number): number | null {
  const last = count - 1;
  switch (event.key) {
    case 'ArrowDown':
      return Math.min(active + 1, last);
    case 'ArrowUp':
      return Math.max(active - 1, 0);
    case 'PageDown':
      return Math.min(Math.max(active, 0) + page, last);
    case 'PageUp':
      return Math.max(active - page, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** The range from the anchor to a row becomes the selection. */
export function extend(state: GridState, to: number): GridState {
  const anchor = state.anchor < 0 ? Math.max(state.active, 0) : state.anchor;
  const [from, until] = anchor <= to ? [anchor, to] : [to, anchor];
  return {
    active: to,
    anchor,
    selected: new Set(Array.from({ length: until - from + 1 }, (_, index) => from + index)),
  };
}

export function toggle(state: GridState, index: number): GridState {
  const selected = new Set(state.selected);
  if (!selected.delete(index)) selected.add(index);
  return { active: index, anchor: index, selected };
}
