/** Runs, the newest first: how they stand, what can be done with them, and which are compared. */
import { useState } from 'react';
import { FilePen, FileOutput, GitCompareArrows, Play, Repeat, Square, Trash2 } from 'lucide-react';
import type { EvalRunRow } from '#shared/eval.ts';
import { cancelRun, compareRuns, openRun, repeatRun, resumeRun } from '../../../state/evals.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { formatCost, formatCount, formatRelative } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { useNow } from '../use-now.ts';
import { isOpen, passRate, rateWords, remainingWords, sourceWords } from '../words.ts';
import { CountsBar, StatusMark } from './figures.tsx';
import { DeleteRunDialog, ExportRunDialog, RenameDialog } from './run-dialogs.tsx';
import styles from '../evals.module.css';

type Props = {
  readonly runs: readonly EvalRunRow[];
  readonly datasets: ReadonlyMap<string, string>;
  readonly readOnly: boolean;
  /** Where runs of several evals stand together. */
  readonly withEval: boolean;
};

type Asked = { readonly what: 'rename' | 'delete' | 'export'; readonly run: EvalRunRow };

const AT_FIRST = 100;

export function RunTable({ runs, datasets, readOnly, withEval }: Props) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [most, setMost] = useState(AT_FIRST);
  const now = useNow(runs.some(isOpen) ? 1_000 : 30_000);
  // The older one is the baseline.
  const compared = runs.filter(({ id }) => chosen.includes(id)).reverse();
  const close = () => setAsked(null);
  return (
    <>
      {chosen.length > 0 && (
        <div className={styles.foot} role="status">
          <Button
            variant="primary"
            icon={<GitCompareArrows size={13} aria-hidden />}
            disabled={compared.length < 2}
            onClick={() => compareRuns(compared.map(({ id }) => id))}
          >
            {compared.length < 2 ? 'Compare: choose one more' : `Compare ${formatCount(compared.length)} runs`}
          </Button>
          <Button onClick={() => setChosen([])}>Clear</Button>
          {compared.length > 1 && (
            <span className={`${styles.dim} ${styles.check}`}>
              Baseline: {visibleString((compared[0]?.name ?? '').slice(0, 100))}
            </span>
          )}
        </div>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" style={{ width: 44 }}>
              <span className="visually-hidden">Compare</span>
            </th>
            <th scope="col">Run</th>
            <th scope="col" style={{ width: '15%' }}>
              Status
            </th>
            <th scope="col" style={{ width: '26%' }}>
              Items
            </th>
            <th scope="col" style={{ width: 150 }}>
              Passed
            </th>
            <th scope="col" style={{ width: 74 }} className={styles.number}>
              Mean cost
            </th>
            <th scope="col" style={{ width: 152 }}>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.slice(0, most).map((run) => (
            <tr key={run.id}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Compare ${visibleString(run.name.slice(0, 100))}`}
                  checked={chosen.includes(run.id)}
                  onChange={() =>
                    setChosen(chosen.includes(run.id) ? chosen.filter((id) => id !== run.id) : [...chosen, run.id])
                  }
                />
              </td>
              <th scope="row">
                <span className={styles.two}>
                  <button type="button" className={styles.open} onClick={() => openRun(run.id)}>
                    {visibleString(run.name.slice(0, 300)) || 'no name'}
                  </button>
                  <span className={`${styles.dim} ${styles.cut}`}>
                    {withEval && run.evalName !== run.name && `${visibleString(run.evalName.slice(0, 200))} · `}
                    {sourceWords(run.source, datasets)}
                  </span>
                </span>
              </th>
              <td>
                <span className={styles.two}>
                  <StatusMark status={run.status} />
                  <span className={`${styles.dim} ${styles.cut}`}>
                    {remainingWords(run, now) ?? formatRelative(run.startedAt ?? run.createdAt, now)}
                  </span>
                </span>
              </td>
              <td>
                <CountsBar counts={run.counts} />
              </td>
              <td style={{ whiteSpace: 'nowrap' }}>{rateWords(passRate(run.counts))}</td>
              <td className={styles.number}>{meanCost(run)}</td>
              <td>
                <Acts run={run} readOnly={readOnly} onAsk={setAsked} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {runs.length > most && (
        <div className={styles.foot}>
          <Button onClick={() => setMost(most + 400)}>
            Show {formatCount(Math.min(400, runs.length - most))} more of {formatCount(runs.length)}
          </Button>
        </div>
      )}
      {asked?.what === 'rename' && <RenameDialog run={asked.run} onClose={close} />}
      {asked?.what === 'delete' && <DeleteRunDialog run={asked.run} onClose={close} />}
      {asked?.what === 'export' && <ExportRunDialog run={asked.run} onClose={close} />}
    </>
  );
}

function Acts(props: { readonly run: EvalRunRow; readonly readOnly: boolean; readonly onAsk: (asked: Asked) => void }) {
  const { run, readOnly, onAsk } = props;
  const name = visibleString(run.name.slice(0, 80));
  const imported = run.source.kind === 'imported';
  return (
    <span className={styles.acts}>
      {isOpen(run) && (
        <IconButton
          label={`Cancel ${name}`}
          icon={<Square size={12} aria-hidden />}
          disabled={readOnly}
          onClick={() => void cancelRun(run.id)}
        />
      )}
      {mayResume(run) && (
        <IconButton
          label={`Resume ${name}`}
          icon={<Play size={13} aria-hidden />}
          disabled={readOnly}
          onClick={() => void resumeRun(run.id)}
        />
      )}
      {!imported && (
        <IconButton
          label={`Repeat ${name}`}
          icon={<Repeat size={13} aria-hidden />}
          disabled={readOnly}
          onClick={() => void repeatRun(run)}
        />
      )}
      <IconButton
        label={`Rename ${name}`}
        icon={<FilePen size={13} aria-hidden />}
        disabled={readOnly}
        onClick={() => onAsk({ what: 'rename', run })}
      />
      <IconButton
        label={`Export ${name}`}
        icon={<FileOutput size={13} aria-hidden />}
        onClick={() => onAsk({ what: 'export', run })}
      />
      <IconButton
        label={`Delete ${name}`}
        icon={<Trash2 size={13} aria-hidden />}
        disabled={readOnly}
        onClick={() => onAsk({ what: 'delete', run })}
      />
    </span>
  );
}

/** What was cancelled or failed goes on; of one that is done, items that errored are graded again. */
export function mayResume(run: EvalRunRow): boolean {
  if (run.source.kind === 'imported' || isOpen(run)) return false;
  return run.status !== 'done' || run.counts.errored > 0;
}

function meanCost({ cost, counts }: EvalRunRow): string {
  return cost === null || counts.total === 0 ? '–' : formatCost(cost / counts.total);
}
