/** Events inside a span, and links to other spans. */
import { useState } from 'react';
import type { SpanDetail } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import { go } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { afterStart } from './exact-time.ts';
import { SectionHead } from './section-head.tsx';
import styles from './inspector.module.css';

const AT_ONCE = 100;

export function EventsTab({ detail, tree, startNs }: { detail: SpanDetail; tree: SpanTree; startNs: string | null }) {
  const [shown, setShown] = useState(AT_ONCE);
  const [shownLinks, setShownLinks] = useState(AT_ONCE);
  const { events, links } = detail;
  return (
    <>
      <section className={styles.section}>
        {events.length === 0 && <p className={styles.explain}>The source recorded no events for this span.</p>}
        <ol className={styles.events}>
          {events.slice(0, shown).map((event, index) => (
            <li key={index} className={styles.event}>
              <div className={styles.eventHead}>
                <span className={styles.eventName}>
                  {event.name === '' ? 'no name' : visibleString(event.name.slice(0, 200))}
                </span>
                <span className={styles.quiet}>{afterStart(event.time, startNs) ?? 'no time'}</span>
                <span className={styles.end}>
                  <CopyButton label="Copy event" text={() => JSON.stringify(event, null, 2)} />
                </span>
              </div>
              {Object.keys(event.attributes).length > 0 && (
                <JsonTree value={event.attributes} label="Attributes of the event" />
              )}
            </li>
          ))}
        </ol>
        {events.length > shown && (
          <Button onClick={() => setShown(shown * 4)}>Show more of {formatCount(events.length)}</Button>
        )}
      </section>
      {links.length > 0 && (
        <section className={styles.section}>
          <SectionHead title="Links" />
          <ul className={styles.events}>
            {links.slice(0, shownLinks).map((link, index) => (
              <li key={index} className={styles.event}>
                <LinkTarget traceId={link.traceId} spanId={link.spanId} here={detail.traceId} tree={tree} />
                {Object.keys(link.attributes).length > 0 && (
                  <JsonTree value={link.attributes} label="Attributes of the link" />
                )}
              </li>
            ))}
          </ul>
          {links.length > shownLinks && (
            <Button onClick={() => setShownLinks(shownLinks * 2)}>Show more of {formatCount(links.length)}</Button>
          )}
        </section>
      )}
    </>
  );
}

function LinkTarget({
  traceId,
  spanId,
  here,
  tree,
}: {
  traceId: string;
  spanId: string;
  here: string;
  tree: SpanTree;
}) {
  const selectSpan = useSelection((state) => state.selectSpan);
  const elsewhere = traceId !== here;
  // Links point out of the trace, and perhaps out of the workspace.
  const other = useEngine('trace.get', { traceId }, { enabled: elsewhere });
  const known = elsewhere ? other.data !== undefined : tree.table.rowOf(spanId) >= 0;
  if (elsewhere && other.loading) return <LinkIds traceId={traceId} spanId={spanId} elsewhere />;
  return (
    <div className={styles.eventHead}>
      <LinkIds traceId={traceId} spanId={spanId} elsewhere={elsewhere} />
      {known ? (
        <button
          type="button"
          className={styles.link}
          onClick={() => (elsewhere ? go({ view: 'trace', traceId, span: spanId }) : selectSpan(spanId))}
        >
          {elsewhere ? `Open in ${visibleString(other.data?.name.slice(0, 80) ?? '')}` : 'Go to the span'}
        </button>
      ) : (
        <span className={styles.quiet}>{elsewhere ? 'a trace that is not in this workspace' : 'not received'}</span>
      )}
    </div>
  );
}

function LinkIds({ traceId, spanId, elsewhere }: { traceId: string; spanId: string; elsewhere: boolean }) {
  return (
    <span className={`${styles.mono} selectable`}>
      {elsewhere && `${visibleString(traceId.slice(0, 100))} / `}
      {visibleString(spanId.slice(0, 100))}
    </span>
  );
}
