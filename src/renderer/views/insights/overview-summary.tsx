/** The overview in a line, and what to do where there is nothing to count. */
import type { Overview, OverviewArgs, OverviewPick } from '#shared/overview.ts';
import { go } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import type { Picked } from './behind.tsx';
import styles from './insights.module.css';
import { count, percent, shareWords } from './words.ts';

export function Summary({
  found,
  args,
  onPick,
}: {
  readonly found: Overview;
  readonly args: OverviewArgs;
  readonly onPick: (picked: Picked) => void;
}) {
  const { failures, verdicts, reviewed, traceCount } = found;
  const open =
    (key: string, title: string, pick: OverviewPick, query: string | null = null) =>
    () =>
      onPick({ key, title, pick, args, query });
  return (
    <ul className={styles.summary} aria-label="In short">
      <li>
        <strong>{count(reviewed, 'trace')}</strong> of {count(traceCount, 'trace')} reviewed
      </li>
      <li>
        <button type="button" className={styles.link} onClick={open('all', 'All failures', {})}>
          <strong>{count(failures.labels, 'label')}</strong> in {shareWords(failures.traces)}
        </button>
      </li>
      <li>
        <strong>{count(found.blamedAgents, 'agent')}</strong> blamed
      </li>
      {found.blamedElsewhere > 0 && (
        <li>
          <button
            type="button"
            className={styles.link}
            onClick={open('elsewhere', 'Blamed for a step of another agent', { elsewhere: true })}
          >
            <strong>{count(found.blamedElsewhere, 'label')}</strong> for a step of an agent that is not the one blamed
          </button>
        </li>
      )}
      {verdicts.of > 0 && (
        <li>
          <button
            type="button"
            className={styles.link}
            onClick={open('passed', 'Verdict: pass', { passed: true }, 'verdict:pass')}
          >
            <strong>{percent(verdicts.count / verdicts.of)}</strong> of {count(verdicts.of, 'verdict')} are pass (
            {Math.round(verdicts.low * 100)}–{Math.round(verdicts.high * 100)})
          </button>
        </li>
      )}
    </ul>
  );
}

export function Nothing({ query, traces }: { readonly query: string; readonly traces: number }) {
  if (query !== '' && traces === 0) return <EmptyState title="No trace matches">Search for something else.</EmptyState>;
  return (
    <EmptyState
      title={traces === 0 ? 'There are no traces yet' : 'Nobody has labelled these traces yet'}
      actions={
        traces === 0 ? (
          <Button variant="primary" onClick={() => go({ view: 'connect' })}>
            Connect an agent
          </Button>
        ) : (
          <Button variant="primary" onClick={() => go({ view: 'traces' })}>
            Choose traces to label
          </Button>
        )
      }
    >
      Open a trace and press “a” to say what is wrong, or import a file with labels. The failures are counted here.
    </EmptyState>
  );
}
