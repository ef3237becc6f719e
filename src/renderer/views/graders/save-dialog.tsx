/** Saves what is in the editor as a new version, which is never changed. */
import { useId, useRef, useState } from 'react';
import type { GraderKindInfo, GraderVersion } from '#shared/grader.ts';
import type { AppError } from '#shared/result.ts';
import type { JsonObject } from '#shared/json.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { TextDiff } from '../../widgets/text-diff.tsx';
import { saveGrader } from './acts.ts';
import { FlipCheck } from './flips/flip-check.tsx';
import { useFlips, type Flips } from './flips/use-flips.ts';
import { printArranged } from './model/arrange.ts';
import { runsOf } from './model/runs.ts';
import styles from './graders.module.css';

type Props = {
  /** Of the draft. */
  readonly draftKey: string;
  readonly definition: JsonObject;
  readonly current: GraderVersion | null;
  readonly kinds: readonly GraderKindInfo[];
  readonly onClose: () => void;
};

export function SaveDialog(props: Props) {
  const { current } = props;
  return current === null ? <Form {...props} flips={null} /> : <Compared {...props} graderId={current.graderId} />;
}

/** A version that agrees less with people than the one before asks once more. */
function Compared({ graderId, ...props }: Props & { readonly graderId: string }) {
  const { definition, kinds } = props;
  const flips = useFlips({ graderId, definition, query: '', runs: runsOf(definition, kinds) });
  return <Form {...props} flips={flips} />;
}

function Form({ draftKey, definition, current, kinds, onClose, flips }: Props & { readonly flips: Flips | null }) {
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [anyway, setAnyway] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const form = useId();
  const comparing = flips?.loading === true;
  const worse = flips?.data?.worse === true;
  async function save(): Promise<void> {
    if (worse && !anyway) {
      setAnyway(true);
      return;
    }
    setBusy(true);
    const failed = await saveGrader(draftKey, definition, note, current?.number ?? null, kinds);
    setBusy(false);
    if (failed) setError(failed);
    else onClose();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={current ? `Save as version ${current.number + 1}` : 'Save the grader'}
      initialFocus={field}
      size={current ? 'large' : 'small'}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} disabled={busy || comparing}>
            {busy ? 'Saving…' : comparing ? 'Comparing…' : worse && anyway ? 'Save although it is worse' : 'Save'}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.dialogForm}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && !comparing) void save();
        }}
      >
        <label className={styles.field}>
          <span>What changed, or why (may stay empty)</span>
          <input
            ref={field}
            type="text"
            className={styles.input}
            maxLength={1_000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        {flips && <FlipCheck flips={flips} definition={definition} name={nameIn(definition)} asking={anyway} />}
        {current && (
          <section className={styles.diff} aria-label={`Against version ${current.number}`} tabIndex={0}>
            <TextDiff before={printArranged(current.definition, kinds)} after={printArranged(definition, kinds)} />
          </section>
        )}
        <p className={styles.dim}>
          A version stays as it is for ever. Verdicts name the version that gave them; those of older versions stay.
        </p>
        {error && (
          <p className={styles.problem} role="alert">
            {error.message} {error.hint}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function nameIn({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}
