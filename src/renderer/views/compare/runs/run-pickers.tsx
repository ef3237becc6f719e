/** Which runs: the baseline, and what is compared with it. */
import { ArrowLeftRight, X } from 'lucide-react';
import type { EvalRunRow } from '#shared/eval.ts';
import { replacePlace } from '../../../state/place.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { letterOf, MOST_OTHERS } from './model/choose.ts';
import { runLabel, shownName } from './model/words.ts';
import { forgetChosen } from './use-compare-runs.ts';
import styles from './runs.module.css';

type Props = {
  readonly runs: readonly EvalRunRow[];
  readonly baselineId: string | null;
  readonly otherIds: readonly string[];
};

export function compareRuns(baselineId: string, otherIds: readonly string[]): void {
  forgetChosen();
  replacePlace({ of: [baselineId, ...otherIds.filter((id) => id !== baselineId)] });
}

/** The first of the others becomes the baseline. */
export function swapRuns(baselineId: string, otherIds: readonly string[]): void {
  const [first, ...rest] = otherIds;
  if (first !== undefined) compareRuns(first, [baselineId, ...rest]);
}

export function RunPickers({ runs, baselineId, otherIds }: Props) {
  const rows = otherIds.length === 0 ? [null] : otherIds;
  return (
    <div className={styles.pickers}>
      <RunSelect
        letter={letterOf(0)}
        label="Baseline"
        runs={runs}
        value={baselineId}
        onChange={(id) => compareRuns(id, otherIds)}
      />
      <IconButton
        label="Swap A and B"
        keys="x"
        icon={<ArrowLeftRight size={14} aria-hidden />}
        disabled={baselineId === null || otherIds.length === 0}
        onClick={() => baselineId !== null && swapRuns(baselineId, otherIds)}
      />
      {rows.map((otherId, index) => (
        <span key={otherId ?? ''} className={styles.picker}>
          <RunSelect
            letter={letterOf(index + 1)}
            label={index === 0 ? 'Compared with it' : `Run ${letterOf(index + 1)}`}
            runs={runs}
            value={otherId}
            disabled={baselineId === null}
            onChange={(id) =>
              baselineId !== null &&
              compareRuns(baselineId, otherId === null ? [id] : otherIds.map((each) => (each === otherId ? id : each)))
            }
          />
          {otherIds.length > 1 && baselineId !== null && (
            <IconButton
              label={`Leave out run ${letterOf(index + 1)}`}
              icon={<X size={13} aria-hidden />}
              onClick={() =>
                compareRuns(
                  baselineId,
                  otherIds.filter((each) => each !== otherId),
                )
              }
            />
          )}
        </span>
      ))}
      {baselineId !== null &&
        otherIds.length > 0 &&
        otherIds.length < MOST_OTHERS &&
        runs.length > otherIds.length + 1 && (
          <select
            className={`${styles.select} ${styles.add}`}
            aria-label="Add a run"
            value=""
            onChange={(event) => compareRuns(baselineId, [...otherIds, event.target.value])}
          >
            <option value="">Add a run…</option>
            <Options runs={runs.filter(({ id }) => id !== baselineId && !otherIds.includes(id))} />
          </select>
        )}
    </div>
  );
}

type SelectProps = {
  readonly letter: string;
  readonly label: string;
  readonly runs: readonly EvalRunRow[];
  readonly value: string | null;
  readonly disabled?: boolean;
  readonly onChange: (id: string) => void;
};

function RunSelect({ letter, label, runs, value, disabled = false, onChange }: SelectProps) {
  const known = value === null || runs.some(({ id }) => id === value);
  return (
    <label className={styles.picker}>
      <span className={styles.letter} data-letter={letter}>
        {letter}
      </span>
      <span className="visually-hidden">{label}</span>
      <select
        className={styles.select}
        value={value ?? ''}
        disabled={disabled}
        title={label}
        onChange={(event) => event.target.value !== '' && onChange(event.target.value)}
      >
        {value === null && <option value="">{label}: choose a run…</option>}
        {!known && <option value={value}>A run that is not here</option>}
        <Options runs={runs} />
      </select>
    </label>
  );
}

/** By eval, the newest first in each. */
function Options({ runs }: { readonly runs: readonly EvalRunRow[] }) {
  const byEval = new Map<string, EvalRunRow[]>();
  for (const run of runs) {
    const group = byEval.get(run.evalId);
    if (group) group.push(run);
    else byEval.set(run.evalId, [run]);
  }
  return [...byEval].map(([evalId, group]) => (
    <optgroup key={evalId} label={shownName(group[0]?.evalName ?? '').slice(0, 80) || 'An eval without a name'}>
      {group.map((run) => (
        <option key={run.id} value={run.id}>
          {runLabel(run)}
        </option>
      ))}
    </optgroup>
  ));
}
