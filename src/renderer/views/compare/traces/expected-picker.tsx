/** Asks for expected tool calls: those that a trace made, or an example of a dataset. */
import { useDeferredValue, useState } from 'react';
import { useEngine } from '../../../data/engine.ts';
import { callsAddress, exampleAddress } from '../../../state/compare-place.ts';
import { Dialog } from '../../../widgets/dialog.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './traces.module.css';

const MOST = 200;

type Props = {
  /** Its own calls may be what is expected; null = there is none yet. */
  readonly good: { readonly id: string; readonly name: string } | null;
  readonly onPick: (address: string) => void;
  readonly onClose: () => void;
};

export function ExpectedPicker({ good, onPick, onClose }: Props) {
  const datasets = useEngine('dataset.list', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const id = chosen ?? datasets.data?.[0]?.id ?? null;
  const examples = useEngine(
    'dataset.examples',
    { id: id ?? '', limit: MOST, ...(wanted === '' ? {} : { text: wanted }) },
    { enabled: id !== null, keepPrevious: true },
  );
  const left = (examples.data?.total ?? 0) - (examples.data?.rows.length ?? 0);
  const rows = (examples.data?.rows ?? []).filter(({ expectedTrajectory }) => (expectedTrajectory?.length ?? 0) > 0);
  const error = datasets.error ?? examples.error;
  return (
    <Dialog open onClose={onClose} title="Compare with expected tool calls" size="large">
      {good && (
        <button type="button" className={styles.pick} onClick={() => onPick(callsAddress(good.id))}>
          <span className={styles.cut}>
            <b>The tool calls of A</b> {visibleString((good.name || good.id).slice(0, 160))}
          </span>
          <span className={styles.quiet}>as what is expected of B</span>
        </button>
      )}
      {error ? (
        <ErrorState error={error} />
      ) : datasets.data === undefined ? (
        <Spinner label="Loading datasets" />
      ) : id === null ? (
        <p className={styles.quiet}>
          There is no dataset yet. A dataset holds what is expected of each task: make one in Evals, from traces or from
          a file.
        </p>
      ) : (
        <>
          <div className={styles.pickBar}>
            <select
              className={styles.choice}
              aria-label="Dataset"
              value={id}
              onChange={(event) => setChosen(event.target.value)}
            >
              {datasets.data.map((row) => (
                <option key={row.id} value={row.id}>
                  {visibleString(row.name.slice(0, 80))} ({formatCount(row.examples)})
                </option>
              ))}
            </select>
            <input
              type="search"
              className={styles.pickSearch}
              aria-label="Search examples"
              placeholder="Search examples"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
          {examples.data === undefined ? (
            <Spinner label="Loading examples" />
          ) : rows.length === 0 ? (
            <p className={styles.quiet}>
              {left > 0
                ? `None of the first ${formatCount(MOST)} examples has expected tool calls. Search for another one.`
                : 'No example here has expected tool calls.'}
            </p>
          ) : (
            <ul className={styles.picks} aria-label="Examples">
              {rows.map((example) => (
                <li key={example.key}>
                  <button type="button" className={styles.pick} onClick={() => onPick(exampleAddress(id, example.key))}>
                    <span className={styles.cut}>
                      <b>{visibleString(example.key.slice(0, 80))}</b>{' '}
                      {visibleString((example.input ?? '').slice(0, 160))}
                    </span>
                    <span className={styles.quiet}>{formatCount(example.expectedTrajectory?.length ?? 0)} calls</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Dialog>
  );
}
