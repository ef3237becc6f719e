/** What the graph shows at the time cursor, in sentences, for those who do not see it. */
import { memo, useEffect, useState } from 'react';
import { formatDuration } from '#shared/time.ts';
import { courseAt, type Courses } from '../../../charts/graph/course.ts';
import { spokenName } from '../../../charts/graph/node-card.tsx';
import type { WatchCursor } from '../../../charts/watch-cursor.ts';
import type { ViewGraph } from '../../../charts/graph/view-graph.ts';
import { countAt, edgeSentence } from '../../../charts/graph/wording.ts';

/** While the cursor runs, sentences would be gone before they are read. */
const PAUSE_MS = 400;
const MOST = 100;

type Props = {
  readonly view: ViewGraph;
  readonly courses: Courses | null;
  readonly watch: WatchCursor;
  /** False: the cursor counts rows of the tree. */
  readonly timed: boolean;
};

export const GraphMoment = memo(function GraphMoment({ view, courses, watch, timed }: Props) {
  const [cursor, setCursor] = useState<number | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = watch((next) => {
      clearTimeout(timer);
      timer = setTimeout(() => setCursor(next), PAUSE_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [watch]);
  if (cursor === null || !courses) return null;
  const names = new Map(view.nodes.map((node) => [node.id, spokenName(node)]));
  const open = view.nodes.filter((node) => phaseOf(courses.nodes.get(node.id), cursor) === 'open');
  const later = view.nodes.filter((node) => phaseOf(courses.nodes.get(node.id), cursor) === 'before');
  return (
    <section className="visually-hidden" aria-label="The graph at the time cursor" data-testid="graph-moment">
      <p>
        {timed ? `${formatDuration(cursor)} after the start.` : `At step ${Math.floor(cursor) + 1}.`}{' '}
        {open.length === 0 ? 'Nobody is at work.' : `At work: ${listed(open.map(spokenName))}.`}{' '}
        {later.length > 0 && `Not there yet: ${listed(later.map(spokenName))}.`}
      </p>
      <ul aria-label="What has passed so far">
        {view.edges.slice(0, MOST).map((edge) => {
          const course = courses.edges.get(edge.key);
          const now = course ? courseAt(course, cursor) : { begun: 0, phase: 'before' };
          return (
            <li key={edge.key}>
              {`${edgeSentence(edge, (id) => names.get(id) ?? id)} So far ${countAt(now.begun, edge.count)}${now.phase === 'open' ? ', now under way' : ''}.`}
            </li>
          );
        })}
      </ul>
    </section>
  );
});

function phaseOf(course: Parameters<typeof courseAt>[0] | undefined, cursor: number): string {
  return course ? courseAt(course, cursor).phase : 'before';
}

function listed(names: readonly string[]): string {
  return names.length > MOST ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more` : names.join(', ');
}
