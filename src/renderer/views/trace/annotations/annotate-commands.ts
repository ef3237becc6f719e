/** Annotating by key, from whatever pane has the focus: the selected text, else what the pane points at, else the span. */
import type { AnnotationPlace, AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import type { GraphEdgeKind } from '#shared/graph.ts';
import { attempt } from '#shared/rpc/client.ts';
import type { FormKind } from '../../../annotate/form-value.ts';
import type { Command } from '../../../commands/registry.ts';
import { engine } from '../../../data/engine.ts';
import { saveAnnotations, stateOf, undoCommands } from '../../../state/annotation-undo.ts';
import { notify, notifyError } from '../../../state/notices.ts';
import { useSelection } from '../../../state/selection.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { readSelection } from '../origin/read-selection.ts';
import { annotate } from './annotate-store.ts';
import { placesOfFocus } from './pane-places.ts';
import { selectedPlace } from './text-place.ts';

export const ANNOTATE_KEY = 'l';

export function annotateCommands(now: () => SpanTree | null): readonly Command[] {
  const group = 'Annotations';
  const hasAgent = (): boolean => (selectedSpan(now())?.agent ?? '') !== '';
  return [
    {
      id: 'annotate.selected',
      title: 'Annotate what is selected…',
      group,
      keys: ANNOTATE_KEY,
      menu: 'Edit',
      run: () => void annotateSelected(),
    },
    {
      id: 'annotate.trace',
      title: 'Annotate the trace…',
      group,
      keys: 'shift+t',
      menu: 'Edit',
      run: () => annotate([{ kind: 'trace' }]),
    },
    {
      id: 'annotate.blame',
      title: 'Blame the agent of the selected span',
      group,
      keys: 'b',
      menu: 'Edit',
      when: hasAgent,
      run: () => {
        const span = selectedSpan(now());
        if (span) void blame({ agent: span.agent }, `${visibleString(span.agent.slice(0, 60))} is blamed`);
      },
    },
    {
      id: 'annotate.decisive',
      title: 'Mark the selected span as decisive',
      group,
      keys: 'shift+d',
      menu: 'Edit',
      when: () => selectedSpan(now()) !== null,
      run: () => {
        const span = selectedSpan(now());
        if (span) void blame({ place: { kind: 'span', spanId: span.id } }, 'This span is marked as decisive');
      },
    },
    ...undoCommands(),
  ];
}

/** The selected text, what the focused pane points at, the selected edge, the selected span, else the trace. */
export async function annotateSelected(kind: FormKind | null = null): Promise<void> {
  const { traceId, spanId, edge } = useSelection.getState();
  if (traceId === null) return;
  if (readSelection(document.getSelection())) {
    const place = await selectedPlace(traceId);
    if (place) {
      annotate([place], kind);
      return;
    }
    notify({ tone: 'info', title: 'This text is not found in what was received: the span is annotated instead' });
  }
  const places = placesOfFocus();
  if (places.length > 0) annotate(places, kind);
  else if (edge && !edge.among) annotate([edgePlace(edge.from, edge.to, edge.kind, null)], kind);
  else annotate([spanId === null ? { kind: 'trace' } : { kind: 'span', spanId }], kind);
}

export function edgePlace(from: string, to: string, edge: GraphEdgeKind, spanId: string | null): AnnotationPlace {
  return { kind: 'edge', from, to, edge, spanId };
}

let blaming: Promise<void> = Promise.resolve();

/** One blame for each person and trace: a key sets its agent, another its decisive span, however fast they are pressed. */
function blame(change: Partial<AnnotationState>, title: string): Promise<void> {
  blaming = blaming.then(() => setBlame(change, title));
  return blaming;
}

async function setBlame(change: Partial<AnnotationState>, title: string): Promise<void> {
  const { traceId } = useSelection.getState();
  if (traceId === null) return;
  const reviewer = await attempt(engine.call('annotation.reviewer', undefined));
  const rows = await attempt(engine.call('annotation.list', { traceId }));
  for (const answer of [reviewer, rows]) if (!answer.ok) notifyError('Nobody was blamed', answer.error);
  if (!reviewer.ok || !rows.ok) return;
  const isMine = (row: AnnotationRow): boolean =>
    row.kind === 'blame' && !row.imported && row.author === reviewer.value.name;
  const row = rows.value.findLast(isMine);
  const state = row ? { ...stateOf(row), ...change } : { ...EMPTY_BLAME, ...change };
  const result = await saveAnnotations(title, [{ traceId, state, ...(row ? { row } : {}) }]);
  if (!result.ok) notifyError('The blame was not saved', result.error);
}

const EMPTY_BLAME: AnnotationState = {
  place: { kind: 'trace' },
  kind: 'blame',
  taxonomy: null,
  category: null,
  severity: null,
  score: null,
  passed: null,
  note: null,
  tags: [],
  agent: null,
  isRootCause: true,
  evidenceSpanId: null,
  correction: null,
  answers: null,
  preference: null,
  extra: {},
};

function selectedSpan(tree: SpanTree | null) {
  return tree ? readRow(tree.table, tree.selected) : null;
}
