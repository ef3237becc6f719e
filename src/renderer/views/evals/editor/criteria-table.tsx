/** What is measured: graders in their order, each with its version, the share that must pass, and its weight. */
import { useState } from 'react';
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import type { EvalCriterion } from '#shared/eval.ts';
import type { GraderRow } from '#shared/grader.ts';
import { useEngine } from '../../../data/engine.ts';
import { go } from '../../../state/place.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { GraderPicker } from './grader-picker.tsx';
import { NumberInput } from './number-input.tsx';
import styles from './editor.module.css';

type Props = {
  readonly criteria: readonly EvalCriterion[];
  /** Archived ones too. */
  readonly graders: readonly GraderRow[];
  readonly readOnly: boolean;
  readonly onChange: (criteria: readonly EvalCriterion[], field: string | null) => void;
};

export function CriteriaTable({ criteria, graders, readOnly, onChange }: Props) {
  const [picking, setPicking] = useState(false);
  function put(index: number, change: Partial<EvalCriterion>, field: string | null = null): void {
    onChange(
      criteria.map((each, at) => (at === index ? { ...each, ...change } : each)),
      field === null ? null : `${field} ${index}`,
    );
  }
  function move(from: number, to: number): void {
    const next = [...criteria];
    const [moved] = next.splice(from, 1);
    if (!moved) return;
    next.splice(to, 0, moved);
    onChange(next, null);
  }
  return (
    <section className={styles.section} aria-labelledby="eval-criteria">
      <div className={styles.sectionHead}>
        <h2 id="eval-criteria">Criteria</h2>
        <span className={styles.dim}>An item passes when every criterion that applies to it passes.</span>
        <span className={styles.end}>
          <Button icon={<Plus size={13} aria-hidden />} disabled={readOnly} onClick={() => setPicking(true)}>
            Add graders…
          </Button>
        </span>
      </div>
      {criteria.length === 0 ? (
        <div className={styles.empty}>Nothing is measured yet: add one grader or more.</div>
      ) : (
        <table className={styles.criteria}>
          <thead>
            <tr>
              <th scope="col">Grader</th>
              <th scope="col" style={{ width: '25%' }}>
                Version
              </th>
              <th scope="col" style={{ width: 104 }} title="Share of items that must pass for the gate; empty = none">
                Must pass, %
              </th>
              <th scope="col" style={{ width: 84 }} title="In an item's score">
                Weight
              </th>
              <th scope="col" style={{ width: 92 }}>
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {criteria.map((criterion, index) => {
              const row = graders.find(({ id }) => id === criterion.graderId);
              const name = visibleString((row?.name ?? 'A grader that is not here').slice(0, 200));
              return (
                <tr key={`${criterion.graderId} ${index}`}>
                  <th scope="row">
                    <span className={styles.two}>
                      <button
                        type="button"
                        className={styles.link}
                        disabled={!row}
                        title={name}
                        onClick={() => go({ view: 'graders', tab: criterion.graderId, span: null, q: '' })}
                      >
                        {name}
                      </button>
                      <span className={`${styles.dim} ${styles.cut}`}>
                        {visibleString((row?.type ?? '').slice(0, 80))}
                      </span>
                    </span>
                  </th>
                  <td>
                    <VersionField
                      criterion={criterion}
                      row={row ?? null}
                      readOnly={readOnly}
                      onChange={(versionHash) => put(index, { versionHash })}
                    />
                  </td>
                  <td>
                    <NumberInput
                      label={`Must pass in percent, ${name}`}
                      value={criterion.threshold === null ? null : Math.round(criterion.threshold * 1_000) / 10}
                      placeholder="none"
                      min={0}
                      max={100}
                      readOnly={readOnly}
                      onChange={(value) => put(index, { threshold: value === null ? null : value / 100 }, 'threshold')}
                    />
                  </td>
                  <td>
                    <NumberInput
                      label={`Weight, ${name}`}
                      value={criterion.weight}
                      placeholder="1"
                      required
                      min={0}
                      max={null}
                      readOnly={readOnly}
                      onChange={(value) => put(index, { weight: value ?? 1 }, 'weight')}
                    />
                  </td>
                  <td>
                    <span className={styles.acts}>
                      <IconButton
                        label={`Move ${name.slice(0, 60)} up`}
                        icon={<ArrowUp size={13} aria-hidden />}
                        disabled={readOnly || index === 0}
                        onClick={() => move(index, index - 1)}
                      />
                      <IconButton
                        label={`Move ${name.slice(0, 60)} down`}
                        icon={<ArrowDown size={13} aria-hidden />}
                        disabled={readOnly || index === criteria.length - 1}
                        onClick={() => move(index, index + 1)}
                      />
                      <IconButton
                        label={`Remove ${name.slice(0, 60)}`}
                        icon={<X size={14} aria-hidden />}
                        disabled={readOnly}
                        onClick={() =>
                          onChange(
                            criteria.filter((_, at) => at !== index),
                            null,
                          )
                        }
                      />
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {picking && (
        <GraderPicker
          used={new Set(criteria.map(({ graderId }) => graderId))}
          onClose={() => setPicking(false)}
          onPick={(ids) => {
            setPicking(false);
            onChange(
              [...criteria, ...ids.map((graderId) => ({ graderId, versionHash: null, threshold: null, weight: 1 }))],
              null,
            );
          }}
        />
      )}
    </section>
  );
}

function VersionField(props: {
  readonly criterion: EvalCriterion;
  readonly row: GraderRow | null;
  readonly readOnly: boolean;
  readonly onChange: (hash: string | null) => void;
}) {
  const { criterion, row, readOnly, onChange } = props;
  const stored = useEngine('grader.get', { id: criterion.graderId }, { enabled: row !== null });
  const versions = stored.data?.versions ?? (row ? [row.current] : []);
  const { versionHash } = criterion;
  return (
    <select
      className={styles.select}
      aria-label={`Version of ${visibleString((row?.name ?? 'the grader').slice(0, 80))}`}
      value={versionHash ?? ''}
      disabled={readOnly}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">current at start{row ? ` (now ${row.current.number})` : ''}</option>
      {versionHash !== null && !versions.some(({ hash }) => hash === versionHash) && (
        <option value={versionHash}>a version that is not here</option>
      )}
      {versions.map(({ hash, number, note }) => (
        <option key={hash} value={hash}>
          always {number}
          {note === null || note === '' ? '' : `: ${visibleString(note.slice(0, 60))}`}
        </option>
      ))}
    </select>
  );
}
