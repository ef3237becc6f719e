/** The form under the inspector: what is annotated stays in sight above it, and other spans can be selected meanwhile. */
import { useCallback, useEffect, useMemo } from 'react';
import { UserRound, X } from 'lucide-react';
import type { AnnotationPlace } from '#shared/annotation.ts';
import { contentText } from '#shared/message.ts';
import { attempt } from '#shared/rpc/client.ts';
import type { TraceRow } from '#shared/trace.ts';
import { AnnotationForm, type NearSpan } from '../../../annotate/annotation-form.tsx';
import { engine, useEngine } from '../../../data/engine.ts';
import { go } from '../../../state/place.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { leaveForm, useAnnotating } from './annotate-store.ts';
import { nameOf, placeChoices } from './place-choices.ts';
import { contentOf } from './text-place.ts';
import styles from './annotations.module.css';

type Props = { readonly trace: TraceRow; readonly tree: SpanTree };

export function AnnotatePanel({ trace, tree }: Props) {
  const asked = useAnnotating((state) => state.asked);
  const reviewer = useEngine('annotation.reviewer', undefined);
  const { table, selected } = tree;
  useEffect(() => () => useAnnotating.setState({ asked: null, menu: null }), [trace.id]);
  const places = useMemo(() => (asked ? placeChoices(asked.places, table) : []), [asked, table]);
  const near = useMemo<NearSpan | null>(() => {
    const span = readRow(table, selected);
    return span && { id: span.id, name: span.name, agent: span.agent };
  }, [table, selected]);
  const spanName = useCallback((id: string) => nameOf(table, id), [table]);
  const original = useCallback((place: AnnotationPlace) => outputOf(trace.id, place), [trace.id]);
  if (!asked) return null;
  return (
    <div className={styles.panel} data-testid="annotate" data-form-at-edge>
      <header className={styles.panelHead}>
        <span className={styles.panelTitle}>{asked.editing ? 'Edit the annotation' : 'Annotate'}</span>
        {reviewer.data && (
          <button
            type="button"
            className={styles.reviewer}
            title="Your name in annotations: change it in Settings"
            onClick={() => go({ view: 'settings' })}
          >
            <UserRound size={12} aria-hidden />
            <span>as {visibleString(reviewer.data.name.slice(0, 60))}</span>
          </button>
        )}
        <IconButton label="Leave the form" keys="escape" icon={<X size={14} aria-hidden />} onClick={leaveForm} />
      </header>
      <AnnotationForm
        key={asked.number}
        traceId={trace.id}
        places={places}
        editing={asked.editing}
        kind={asked.kind}
        agents={trace.agents}
        near={near}
        spanName={spanName}
        original={original}
        onSaved={leaveForm}
        onLeave={leaveForm}
      />
    </div>
  );
}

/** What a correction begins with: the output of the span, or the marked text. */
async function outputOf(traceId: string, place: AnnotationPlace): Promise<string | null> {
  if (place.kind === 'text') return place.quote;
  if (place.kind !== 'span') return null;
  const detail = await attempt(engine.call('span.get', { traceId, spanId: place.spanId }));
  if (!detail.ok || detail.value.output.length === 0) return null;
  const items = await Promise.all(detail.value.output.map(contentOf));
  return items.map((item) => (item === null ? '' : contentText(item))).join('\n\n');
}
