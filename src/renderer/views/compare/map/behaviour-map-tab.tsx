/** What many traces have in common, as one graph and as one sequence, with the share of traces that took each way. */
import { useCallback, useMemo } from 'react';
import { Waypoints } from 'lucide-react';
import type { EvalRunRow } from '#shared/eval.ts';
import { useEngine } from '../../../data/engine.ts';
import { type Chosen, chosenIn, placeOf } from '../../../state/behaviour-place.ts';
import { replacePlace, usePlace } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { displayName } from '../../../charts/graph/wording.ts';
import { MapChooser } from './map-chooser.tsx';
import { MapView } from './map-view.tsx';
import { mapArgs } from './model/chosen.ts';
import styles from './map.module.css';

const NO_RUNS: readonly EvalRunRow[] = [];

export function BehaviourMapTab() {
  const { q, of } = usePlace();
  const chosen = useMemo(() => chosenIn({ q, of }), [q, of]);
  const runs = useEngine('run.list', {}).data ?? NO_RUNS;
  const choose = useCallback((next: Chosen | null) => replacePlace(placeOf(next)), []);
  return (
    <div className={styles.tab}>
      <MapChooser chosen={chosen} runs={runs} onChoose={choose} />
      {chosen === null ? (
        <EmptyState
          icon={<Waypoints size={26} strokeWidth={1.5} aria-hidden />}
          title="Choose traces to map"
          actions={
            <>
              <Button variant="primary" onClick={() => choose({ kind: 'search', queries: [''], split: false })}>
                Map all traces
              </Button>
              <Button onClick={() => choose({ kind: 'search', queries: [''], split: true })}>Passed vs failed</Button>
            </>
          }
        >
          Traces of one task, folded into one graph and one sequence: which ways most of them take, how often those
          pass, and what tells two groups apart. Search above, choose an eval run, or select traces in Traces.
        </EmptyState>
      ) : (
        <Mapped key={chosen.kind} chosen={chosen} runs={runs} />
      )}
    </div>
  );
}

function Mapped({ chosen, runs }: { readonly chosen: Chosen; readonly runs: readonly EvalRunRow[] }) {
  const args = useMemo(
    () =>
      mapArgs(chosen, (runId) => {
        const run = runs.find(({ id }) => id === runId);
        return run ? displayName(run.name) : 'Eval run';
      }),
    [chosen, runs],
  );
  const query = useEngine('behaviour.map', args, { keepPrevious: true });
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (!query.data) return <Spinner label="Folding traces" />;
  return (
    <>
      {query.error && (
        <p className={styles.problem} role="alert">
          {query.error.message} <Button onClick={query.refetch}>Try again</Button>
        </p>
      )}
      <MapView map={query.data} chosen={chosen} />
    </>
  );
}
