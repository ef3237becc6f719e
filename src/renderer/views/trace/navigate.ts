/** Walks from span to span of a kind in the order of the tree: handoffs, where agents begin, what people annotated. */
import { SPAN_KINDS } from '#shared/record.ts';
import type { SpanColumns } from '#shared/trace.ts';
import type { Command } from '../../commands/registry.ts';
import { annotatedRows, useAnnotationMarks } from './annotations/annotation-marks.ts';
import { isFirstOfStay } from './model/stays.ts';
import type { SpanTree } from './model/use-span-tree.ts';
import { nextIn } from './model/walk.ts';

const HANDOFF = SPAN_KINDS.indexOf('handoff');

type Stops = { readonly handoffs: Int32Array; readonly agents: Int32Array };

const known = new WeakMap<SpanColumns, Stops>();

/** Rows, ascending; found on the first question about the same columns. */
export function stopsOf(columns: SpanColumns): Stops {
  const before = known.get(columns);
  if (before) return before;
  const firsts = isFirstOfStay(columns);
  const handoffs: number[] = [];
  const agents: number[] = [];
  for (let row = 0; row < columns.count; row++) {
    if (columns.kind[row] === HANDOFF) handoffs.push(row);
    if (firsts[row] === 1) agents.push(row);
  }
  const stops = { handoffs: Int32Array.from(handoffs), agents: Int32Array.from(agents) };
  known.set(columns, stops);
  return stops;
}

function annotated(tree: SpanTree): Int32Array {
  return annotatedRows(useAnnotationMarks.getState().marks, tree.table.rowOf);
}

const WALKS = [
  { id: 'handoff', name: 'handoff', key: 'h', rows: (tree: SpanTree) => stopsOf(tree.table.columns).handoffs },
  { id: 'agent', name: 'agent', key: 'a', rows: (tree: SpanTree) => stopsOf(tree.table.columns).agents },
  { id: 'annotation', name: 'annotation', key: 'm', rows: annotated },
] as const;

/** Going to a span opens whatever hides it. `now` gives the newest tree: the commands themselves are made once. */
export function walkCommands(now: () => SpanTree | null): readonly Command[] {
  return WALKS.flatMap(({ id, name, key, rows }) =>
    ([1, -1] as const).map((direction): Command => {
      const way = direction === 1 ? 'next' : 'previous';
      return {
        id: `trace.${id}.${way}`,
        title: `${direction === 1 ? 'Next' : 'Previous'} ${name}`,
        group: 'Trace',
        keys: direction === 1 ? key : `shift+${key}`,
        menu: 'Go',
        when() {
          const tree = now();
          return tree !== null && rows(tree).length > 0;
        },
        run() {
          const tree = now();
          if (tree) tree.goTo(nextIn(rows(tree), tree.selected, direction));
        },
      };
    }),
  );
}
