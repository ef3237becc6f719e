/** What the output should have been: a copy of it to edit, and what the edit changes. */
import { useDeferredValue, useEffect, useEffectEvent, useState } from 'react';
import type { AnnotationPlace } from '#shared/annotation.ts';
import { TextDiff } from '../widgets/text-diff.tsx';
import type { FormValue } from './form-value.ts';
import styles from './annotation-form.module.css';

type Props = {
  readonly value: FormValue;
  readonly change: (next: Partial<FormValue>) => void;
  readonly load: (place: AnnotationPlace) => Promise<string | null>;
};

export function CorrectionField({ value, change, load }: Props) {
  const [missing, setMissing] = useState(false);
  const about = JSON.stringify(value.place);
  const read = useEffectEvent(async (still: () => boolean) => {
    if (value.original !== null) return;
    const original = await load(value.place);
    if (!still()) return;
    setMissing(original === null);
    change({ original, correction: value.correction ?? original ?? '' });
  });
  useEffect(() => {
    let here = true;
    void read(() => here);
    return () => {
      here = false;
    };
  }, [about]);
  const edited = useDeferredValue(value.correction);
  return (
    <div className={styles.block}>
      <label className={styles.field}>
        <span className={styles.caption}>{missing ? 'What it should have said' : 'The output, to be corrected'}</span>
        <textarea
          className={`${styles.text} ${styles.long}`}
          data-key="1"
          data-long
          rows={7}
          spellCheck={false}
          value={value.correction ?? ''}
          onChange={(event) => change({ correction: event.target.value })}
        />
      </label>
      {value.original !== null && edited !== null && edited !== value.original && (
        <div className={styles.diff} tabIndex={0} role="region" aria-label="What the correction changes">
          <TextDiff before={value.original} after={edited} />
        </div>
      )}
    </div>
  );
}
