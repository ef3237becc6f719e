/** Before a version is saved: what flips, in a sentence, and a warning where it agrees less with people than the one before. */
import { useState } from 'react';
import { ChevronRight, TriangleAlert } from 'lucide-react';
import type { FlipPreview } from '#shared/flips.ts';
import type { JsonObject } from '#shared/json.ts';
import { Button } from '../../../widgets/button.tsx';
import { FlipReport, Summary } from './flip-report.tsx';
import type { Flips } from './use-flips.ts';
import { percent } from './words.ts';
import styles from './flips.module.css';

type Props = {
  readonly flips: Flips;
  readonly definition: JsonObject;
  readonly name: string;
  /** Save was pressed once, and the new version is worse. */
  readonly asking: boolean;
};

export function FlipCheck({ flips, definition, name, asking }: Props) {
  const [open, setOpen] = useState(false);
  const { data, error, waits } = flips;
  return (
    <section className={styles.check} aria-label="What would flip">
      {waits ? (
        !open && (
          <p className={styles.dim}>
            It asks a model, so it was not compared with the version before.{' '}
            <Button onClick={() => setOpen(true)}>Compare…</Button>
          </p>
        )
      ) : error ? (
        <p className={styles.dim}>It could not be compared with the version before: {error.message}</p>
      ) : data ? (
        <>
          <Summary preview={data} />
          {data.worse && <Worse preview={data} asking={asking} />}
          <p>
            <button type="button" className={styles.more} aria-expanded={open} onClick={() => setOpen(!open)}>
              <ChevronRight size={13} aria-hidden className={open ? styles.turned : ''} /> Verdicts that change, and
              agreement with people
            </button>
          </p>
        </>
      ) : (
        <p className={styles.dim} role="status">
          Grading with the new text, to see which verdicts change…
        </p>
      )}
      {open && <FlipReport flips={flips} definition={definition} name={name} query="" isNested />}
    </section>
  );
}

function Worse({ preview, asking }: { readonly preview: FlipPreview; readonly asking: boolean }) {
  const { comparison } = preview;
  if (!comparison) return null;
  const { measure, old, next, items, difference, newlyErrored } = comparison;
  const { interval } = difference;
  const traces = (count: number): string => `${count} held-out ${count === 1 ? 'trace' : 'traces'}`;
  return (
    <div className={styles.worse} role="alert">
      <TriangleAlert size={15} aria-hidden />
      <div>
        {items > 0 && next < old && (
          <p>
            <strong>It agrees less with people than the version before:</strong> {measure} {percent(next)} instead of{' '}
            {percent(old)} on {traces(items)}.{' '}
            {interval === null
              ? 'There are too few labels for an interval.'
              : interval.high < 0
                ? 'The 95 % interval of the difference excludes 0.'
                : 'The 95 % interval of the difference does not exclude 0: it may be luck.'}
          </p>
        )}
        {newlyErrored > 0 && (
          <p>
            <strong>It errs</strong> on {traces(newlyErrored)} on which the version before gave a verdict.
          </p>
        )}
        {asking && <p>Save it all the same?</p>}
      </div>
    </div>
  );
}
