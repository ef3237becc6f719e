/** Graders to measure with, found by name or kind. */
import { useRef, useState } from 'react';
import { useEngine } from '../../../data/engine.ts';
import { go } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from '../evals.module.css';

type Props = {
  /** Those that are criteria already. */
  readonly used: ReadonlySet<string>;
  readonly onPick: (graderIds: readonly string[]) => void;
  readonly onClose: () => void;
};

const MOST = 200;

export function GraderPicker({ used, onPick, onClose }: Props) {
  const list = useEngine('grader.list', {});
  const kinds = useEngine('grader.kinds', undefined);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const search = useRef<HTMLInputElement>(null);
  const kindOf = (type: string) => kinds.data?.find((kind) => kind.type === type)?.label ?? type;
  const words = text.trim().toLowerCase();
  const rows = list.data ?? [];
  const found = rows.filter(({ name, type }) => `${name} ${kindOf(type)}`.toLowerCase().includes(words));
  // With one left, Enter takes it.
  const taken = chosen.length > 0 ? chosen : found.length === 1 && found[0] ? [found[0].id] : [];
  function toggle(id: string): void {
    setChosen(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  }
  function pick(): void {
    if (taken.length > 0) onPick(taken);
  }
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={search}
      title="Add graders"
      actions={
        <>
          <Button
            onClick={() => {
              onClose();
              go({ view: 'graders', tab: null, span: null, q: '' });
            }}
          >
            New grader…
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={taken.length === 0} onClick={pick}>
            {taken.length > 1 ? `Add ${taken.length} graders` : 'Add'}
          </Button>
        </>
      }
    >
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={list.refetch} />
      ) : !list.data ? (
        <Spinner label="Loading graders" />
      ) : rows.length === 0 ? (
        <p>There is no grader yet. Make one first: the eval stays as it is meanwhile.</p>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            pick();
          }}
        >
          <input
            ref={search}
            type="search"
            aria-label="Find a grader"
            placeholder="Find by name or kind"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <fieldset className={styles.choices}>
            <legend className="visually-hidden">Graders</legend>
            {found.slice(0, MOST).map((row) => (
              <label key={row.id} className={styles.choice}>
                <input type="checkbox" checked={taken.includes(row.id)} onChange={() => toggle(row.id)} />
                <span className={styles.cut}>{visibleString(row.name.slice(0, 200))}</span>
                <span className={styles.dim}>
                  {visibleString(kindOf(row.type).slice(0, 60))}
                  {used.has(row.id) && ' · here already'}
                </span>
              </label>
            ))}
            {found.length === 0 && <p className={styles.dim}>No grader fits these words.</p>}
            {found.length > MOST && <p className={styles.dim}>More fit: type more of the name.</p>}
          </fieldset>
          <input type="submit" hidden />
        </form>
      )}
    </Dialog>
  );
}
