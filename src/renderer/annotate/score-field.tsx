/** A score on one schema: numbers choose where the scale has few values, and answer the items of a rubric. */
import type { ScoreSchema } from '#shared/taxonomy.ts';
import { visibleString } from '../widgets/visible-text.ts';
import type { FormValue } from './form-value.ts';
import { KeyButton } from './key-button.tsx';
import styles from './annotation-form.module.css';

/** Values that keys stand for. */
const KEYED = 9;

type Props = {
  readonly value: FormValue;
  readonly change: (next: Partial<FormValue>) => void;
  readonly schemas: readonly ScoreSchema[];
  readonly schema: ScoreSchema | null;
  readonly loading: boolean;
};

export function ScoreField({ value, change, schemas, schema, loading }: Props) {
  if (!schema) {
    return (
      <p className={styles.nothing}>
        {loading ? 'Loading the score schemas…' : 'This workspace has no score schema. Pass or fail needs none.'}
      </p>
    );
  }
  return (
    <div className={styles.block}>
      <select
        className={styles.select}
        aria-label="What is scored"
        value={schema.id}
        onChange={(event) => change({ schema: event.target.value, score: null, option: null, answers: {} })}
      >
        {schemas.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
      <Scale value={value} change={change} scale={schema.scale} />
    </div>
  );
}

type ScaleProps = Pick<Props, 'value' | 'change'> & { readonly scale: ScoreSchema['scale'] };

function Scale({ value, change, scale }: ScaleProps) {
  switch (scale.type) {
    case 'boolean':
      return (
        <div className={styles.kinds} role="group" aria-label="Score">
          <KeyButton keys="1" pressed={value.score === 1} onClick={() => change({ score: 1 })}>
            Yes
          </KeyButton>
          <KeyButton keys="2" pressed={value.score === 0} onClick={() => change({ score: 0 })}>
            No
          </KeyButton>
        </div>
      );
    case 'categorical':
      return (
        <div className={styles.labels} role="group" aria-label="Score">
          {scale.options.map(({ value: score, title }, at) => (
            <KeyButton
              key={`${score} ${title}`}
              keys={at < KEYED ? String(at + 1) : null}
              pressed={value.score === score}
              wide
              onClick={() => change({ score, option: title })}
            >
              {visibleString(title.slice(0, 160))}
            </KeyButton>
          ))}
        </div>
      );
    case 'rubric':
      return (
        <div className={styles.labels} role="group" aria-label="Items, each yes, no or not answered">
          {scale.items.map(({ id, text }, at) => {
            const answer = value.answers[id] ?? null;
            const next = answer === null ? true : answer ? false : null;
            return (
              <KeyButton
                key={id}
                keys={at < KEYED ? String(at + 1) : null}
                pressed={answer !== null}
                wide
                onClick={() => change({ answers: { ...value.answers, [id]: next } })}
              >
                <span className={styles.answer} data-answer={String(answer)}>
                  {answer === null ? '–' : answer ? 'yes' : 'no'}
                </span>
                {visibleString(text.slice(0, 200))}
              </KeyButton>
            );
          })}
        </div>
      );
    case 'numeric': {
      const values = fewValues(scale);
      if (values) {
        return (
          <div className={styles.kinds} role="group" aria-label="Score">
            {values.map((score) => (
              <KeyButton
                key={score}
                keys={String(score)}
                pressed={value.score === score}
                onClick={() => change({ score })}
              >
                {`Score ${score}`}
              </KeyButton>
            ))}
          </div>
        );
      }
      return (
        <label className={styles.line}>
          <span className={styles.caption}>
            {scale.min} to {scale.max}
          </span>
          <input
            className={styles.input}
            type="number"
            data-key="1"
            min={scale.min}
            max={scale.max}
            step={scale.step > 0 ? scale.step : 'any'}
            value={value.score ?? ''}
            onChange={(event) => {
              const typed = event.target.valueAsNumber;
              change({ score: Number.isFinite(typed) ? typed : null });
            }}
          />
        </label>
      );
    }
  }
}

/** The values of a scale that the keys 0 to 9 can say; null = there are others. */
function fewValues({ min, max, step }: { min: number; max: number; step: number }): readonly number[] | null {
  if (step !== 1 || !Number.isInteger(min) || min < 0 || max > 9) return null;
  return Array.from({ length: Math.floor(max - min) + 1 }, (_, at) => min + at);
}
