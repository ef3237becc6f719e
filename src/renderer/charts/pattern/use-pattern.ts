/** One pattern as text and drawing at once. The text is the truth; nodes that no arrow reaches are kept beside it. */
import { useMemo, useState } from 'react';
import type { PatternDrawing, PatternNode } from '#shared/pattern-drawing.ts';
import type { PatternProblem } from '#shared/pattern.ts';
import { keyOf, looseOf, sketchOf, textOf, withLoose } from './edit.ts';
import type { MovedNodes } from './layout.ts';

type Moment = { readonly text: string; readonly loose: readonly PatternNode[]; readonly moved: MovedNodes };

const MOST_MOMENTS = 200;
/** Milliseconds: what is typed without a longer pause is one step of undo. */
const SAME_STEP = 1_200;

export type PatternState = {
  /** Of the text; while that is not understood, of the last one that was. */
  readonly drawing: PatternDrawing;
  /** The drawing is not of the text as it stands. */
  readonly behind: boolean;
  readonly problems: readonly PatternProblem[];
  readonly type: (text: string) => void;
  /** The text follows. */
  readonly draw: (drawing: PatternDrawing) => void;
  /** Where nodes were put: in no text, and kept while the field is open. */
  readonly moved: MovedNodes;
  readonly move: (moved: MovedNodes) => void;
  readonly undo: (() => void) | null;
  readonly redo: (() => void) | null;
};

export function usePattern(text: string, onChange: (text: string) => void): PatternState {
  const [loose, setLoose] = useState<readonly PatternNode[]>([]);
  const [moved, setMoved] = useState<MovedNodes>(new Map());
  const [past, setPast] = useState<readonly Moment[]>([]);
  const [future, setFuture] = useState<readonly Moment[]>([]);
  const [typedAt, setTypedAt] = useState(0);
  const sketch = useMemo(() => sketchOf(text), [text]);
  const [last, setLast] = useState<PatternDrawing>(sketch.drawing ?? NOTHING);
  if (sketch.drawing !== null && sketch.drawing !== last) setLast(sketch.drawing);
  const shown = sketch.drawing ?? last;
  const drawing = useMemo(() => withLoose(shown, loose), [shown, loose]);
  const now: Moment = { text, loose, moved };

  function remember(): void {
    setPast([...past, now].slice(-MOST_MOMENTS));
    setFuture([]);
  }
  function put(moment: Moment): void {
    setLoose(moment.loose);
    setMoved(moment.moved);
    setTypedAt(0);
    if (moment.text !== text) onChange(moment.text);
  }
  const before = past.at(-1);
  const after = future.at(-1);
  return {
    drawing,
    behind: sketch.drawing === null,
    problems: sketch.problems,
    type(next) {
      const at = Date.now();
      if (at - typedAt > SAME_STEP) remember();
      setTypedAt(at);
      onChange(next);
    },
    draw(next) {
      remember();
      put({ text: textOf(next), loose: looseOf(next), moved: renamed(moved, drawing, next) });
    },
    moved,
    move(next) {
      remember();
      setMoved(next);
    },
    undo: before
      ? () => {
          setPast(past.slice(0, -1));
          setFuture([...future, now]);
          put(before);
        }
      : null,
    redo: after
      ? () => {
          setFuture(future.slice(0, -1));
          setPast([...past, now]);
          put(after);
        }
      : null,
  };
}

/** A node of another name stays where it was put. */
function renamed(moved: MovedNodes, before: PatternDrawing, after: PatternDrawing): MovedNodes {
  if (moved.size === 0) return moved;
  const keys = new Map(before.nodes.map((node) => [node.id, keyOf(node)]));
  return new Map([
    ...moved,
    ...after.nodes.flatMap((node): [string, number][] => {
      const column = moved.get(keys.get(node.id) ?? '');
      return column === undefined ? [] : [[keyOf(node), column]];
    }),
  ]);
}

const NOTHING: PatternDrawing = { nodes: [], edges: [] };
