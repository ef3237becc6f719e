/** All versions of a grader, and what differs between any two of them or what is in the editor. */
import { useState } from 'react';
import type { GraderKindInfo, GraderVersion } from '#shared/grader.ts';
import { nsToIso } from '#shared/time.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { formatRelative } from '../../widgets/format.ts';
import { TextDiff } from '../../widgets/text-diff.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { printArranged } from './model/arrange.ts';
import styles from './graders.module.css';

type Props = {
  readonly name: string;
  /** The newest first. */
  readonly versions: readonly GraderVersion[];
  /** What is in the editor; null = it is no JSON. */
  readonly edited: string | null;
  readonly kinds: readonly GraderKindInfo[];
  readonly onTake: (version: GraderVersion) => void;
  readonly onClose: () => void;
};

/** Stands for what is in the editor. */
const EDITOR = 0;

export function VersionsDialog({ name, versions, edited, kinds, onTake, onClose }: Props) {
  const [newest] = versions;
  const [now] = useState(() => Date.now());
  const changed = edited !== null && newest !== undefined && printArranged(newest.definition, kinds) !== edited;
  const [after, setAfter] = useState(changed ? EDITOR : (newest?.number ?? EDITOR));
  const [before, setBefore] = useState(changed ? (newest?.number ?? EDITOR) : (versions[1]?.number ?? EDITOR));
  const textOf = (number: number): string => {
    if (number === EDITOR) return edited ?? '';
    const version = versions.find((each) => each.number === number);
    return version ? printArranged(version.definition, kinds) : '';
  };
  const choices = [...(edited === null ? [] : [EDITOR]), ...versions.map(({ number }) => number)];
  const choose = (label: string, value: number, onChange: (number: number) => void) => (
    <select
      className={styles.select}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {choices.map((number) => (
        <option key={number} value={number}>
          {number === EDITOR ? 'in the editor' : `version ${number}`}
        </option>
      ))}
    </select>
  );
  return (
    <Dialog
      open
      size="large"
      onClose={onClose}
      title={`Versions of ${visibleString(name.slice(0, 120))}`}
      actions={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className={styles.versions}>
        <ol className={styles.versionList} aria-label="Versions">
          {versions.map((version) => (
            <li key={version.hash + String(version.number)} className={styles.version}>
              <div className={styles.versionText}>
                <strong>Version {version.number}</strong>{' '}
                <span className={styles.dim} title={nsToIso(BigInt(version.createdAt) * 1_000_000n)}>
                  {formatRelative(version.createdAt, now)}
                  {version.author !== null && ` · ${visibleString(version.author.slice(0, 80))}`}
                </span>
                {version.note !== null && <p>{visibleString(version.note.slice(0, 400))}</p>}
                <code className={styles.hash} title={version.hash}>
                  {version.hash.slice(0, 12)}
                </code>
              </div>
              <Button
                disabled={textOf(version.number) === edited}
                title="Puts it into the editor; nothing is saved yet"
                onClick={() => onTake(version)}
              >
                Take
              </Button>
            </li>
          ))}
        </ol>
        <div className={styles.compare}>
          <p className={styles.compareHead}>
            From {choose('Compare from', before, setBefore)} to {choose('Compare to', after, setAfter)}
          </p>
          <section className={styles.diff} aria-label="What differs" tabIndex={0}>
            {textOf(before) === textOf(after) ? (
              <p className={styles.dim}>Nothing differs.</p>
            ) : (
              <TextDiff before={textOf(before)} after={textOf(after)} />
            )}
          </section>
        </div>
      </div>
    </Dialog>
  );
}
