import { Suspense, useEffect } from 'react';
import { useEngine } from '../data/engine.ts';
import { go, replacePlace, usePlace } from '../state/place.ts';
import { Button } from '../widgets/button.tsx';
import { EmptyState, Spinner } from '../widgets/states.tsx';
import { preloadTraceView, TraceView, views } from '../views/registry.ts';
import { CrashGuard } from './crash-guard.tsx';

/** Draws the view that the place names. */
export function ViewHost() {
  const place = usePlace();
  useEffect(preloadTraceView, []);
  if (place.view === '') return <FirstPlace />;
  return (
    <CrashGuard key={`${place.view} ${place.traceId ?? ''}`} name="This view">
      <Suspense fallback={<Spinner />}>
        <View id={place.view} traceId={place.traceId} />
      </Suspense>
    </CrashGuard>
  );
}

function View({ id, traceId }: { readonly id: string; readonly traceId: string | null }) {
  if (id === 'trace' && traceId !== null) return <TraceView traceId={traceId} />;
  const view = views.find((candidate) => candidate.id === id);
  if (!view) {
    return (
      <EmptyState
        title="There is no such place"
        actions={<Button onClick={() => go({ view: 'traces' })}>Go to Traces</Button>}
      >
        The address names a view that does not exist.
      </EmptyState>
    );
  }
  const Component = view.component;
  return <Component />;
}

/** The app starts in Traces, and in Connect as long as there is nothing to list. */
function FirstPlace() {
  const info = useEngine('engine.info', undefined);
  const traces = info.data?.traces;
  const failed = info.error !== null;
  useEffect(() => {
    if (traces !== undefined || failed) replacePlace({ view: traces === 0 ? 'connect' : 'traces' });
  }, [traces, failed]);
  return <Spinner label="Opening the workspace" />;
}
