import type { GraderRuns } from '#shared/grader.ts';
import type { JsonObject } from '#shared/json.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { FlipReport } from './flip-report.tsx';
import { useFlips } from './use-flips.ts';
import styles from './flips.module.css';

type Props = {
  /** Null = never saved. */
  readonly graderId: string | null;
  readonly definition: JsonObject;
  readonly name: string;
  readonly runs: GraderRuns;
  /** The filter of the bench. */
  readonly query: string;
  readonly onClose: () => void;
};

export function FlipsDialog({ graderId, definition, name, runs, query, onClose }: Props) {
  const flips = useFlips({ graderId, definition, query, runs });
  return (
    <Dialog
      open
      onClose={onClose}
      title={graderId === null ? 'Against people' : 'What would flip'}
      size="large"
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {query !== '' && (
        <p className={styles.dim}>
          Only traces that match the filter of the bench: <code>{query.slice(0, 200)}</code>
        </p>
      )}
      <FlipReport flips={flips} definition={definition} name={name} query={query} />
    </Dialog>
  );
}
