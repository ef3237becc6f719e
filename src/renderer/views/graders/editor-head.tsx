/** What grader this is, whether it is saved, and what can be done with it. */
import { Archive, ArrowLeft, Copy, GitCompareArrows, History, Redo2, Scale, Undo2 } from 'lucide-react';
import type { GraderKindInfo, GraderProblem, GraderVersion } from '#shared/grader.ts';
import { isChanged, type GraderDraft } from '../../state/grader-drafts.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { Chip } from '../../widgets/chip.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import styles from './graders.module.css';

type Props = {
  readonly name: string;
  readonly kind: GraderKindInfo | null;
  readonly current: GraderVersion | null;
  readonly archived: boolean;
  readonly draft: GraderDraft;
  readonly problems: readonly GraderProblem[];
  readonly broken: boolean;
  readonly canSave: boolean;
  readonly onBack: () => void;
  readonly onStep: (by: -1 | 1) => void;
  readonly onVersions: () => void;
  readonly onDuplicate: () => void;
  /** Null = there is no version to grade with. */
  readonly onGrade: (() => void) | null;
  /** Null = what is in the editor cannot be graded with. */
  readonly onFlips: (() => void) | null;
  readonly onSave: () => void;
};

export function EditorHead(props: Props) {
  const { name, kind, current, draft, problems, broken } = props;
  const errors = broken ? 1 : problems.filter(({ severity }) => severity === 'error').length;
  const changed = isChanged(draft);
  return (
    <header className={styles.editorHead}>
      <IconButton label="All graders" icon={<ArrowLeft size={15} aria-hidden />} onClick={props.onBack} />
      <h1 className={styles.editorTitle} title={name.slice(0, 1_000)}>
        {name === '' ? 'no name' : visibleString(name.slice(0, 300))}
      </h1>
      {kind && <Chip title={kind.about}>{kind.label}</Chip>}
      {props.archived && (
        <Chip tone="warn" icon={<Archive size={11} aria-hidden />}>
          archived
        </Chip>
      )}
      {errors > 0 && (
        <Chip tone="error">
          {errors} {errors === 1 ? 'error' : 'errors'}
        </Chip>
      )}
      {changed && <Chip tone="accent">{current === null ? 'not saved yet' : 'edited'}</Chip>}
      <span className={styles.headEnd}>
        <IconButton
          label="Undo"
          keys="mod+z"
          icon={<Undo2 size={15} aria-hidden />}
          disabled={draft.at === 0}
          onClick={() => props.onStep(-1)}
        />
        <IconButton
          label="Redo"
          keys="mod+shift+z"
          icon={<Redo2 size={15} aria-hidden />}
          disabled={draft.at >= draft.texts.length - 1}
          onClick={() => props.onStep(1)}
        />
        {current !== null && (
          <>
            <Button icon={<History size={13} aria-hidden />} onClick={props.onVersions}>
              Version {current.number}
            </Button>
            <IconButton label="Duplicate" icon={<Copy size={14} aria-hidden />} onClick={props.onDuplicate} />
          </>
        )}
        <Button
          icon={<GitCompareArrows size={13} aria-hidden />}
          title="Which verdicts change with the text in the editor, and how it agrees with people"
          disabled={props.onFlips === null}
          onClick={() => props.onFlips?.()}
        >
          Flips…
        </Button>
        {props.onGrade && (
          <Button
            icon={<Scale size={13} aria-hidden />}
            title="Grades with the saved version, and keeps the verdicts"
            onClick={props.onGrade}
          >
            Grade…
          </Button>
        )}
        <Button variant="primary" disabled={!props.canSave} onClick={props.onSave}>
          Save…
        </Button>
      </span>
    </header>
  );
}
