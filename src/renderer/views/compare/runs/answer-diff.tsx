/** What both answered in the end, as one text with what went and what came. */
import { useState } from 'react';
import type { RunItem } from '#shared/eval.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { EngineQuery } from '../../../data/engine.ts';
import { useEngine } from '../../../data/engine.ts';
import { Choice } from '../../../widgets/choice.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { TextDiff } from '../../../widgets/text-diff.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import styles from './items.module.css';

type Props = { readonly a: RunItem | null; readonly b: RunItem | null; readonly letter: string };

type Shape = 'diff' | 'sides';

export function AnswerDiff({ a, b, letter }: Props) {
  const [shape, setShape] = useState<Shape>('diff');
  const fromA = useAnswer(a);
  const fromB = useAnswer(b);
  return (
    <section className={styles.answers} aria-label="Final answers">
      <div className={styles.answersHead}>
        <h3 className={styles.criterionTitle}>Final answers</h3>
        <Choice<Shape>
          label="Show the answers"
          choices={[
            { id: 'diff', label: 'What changed' },
            { id: 'sides', label: 'Both' },
          ]}
          value={shape}
          onChange={setShape}
        />
      </div>
      {fromA.error || fromB.error ? (
        <AnswerError query={fromA.error ? fromA : fromB} />
      ) : fromA.loading || fromB.loading ? (
        <Spinner label="Loading answers" />
      ) : shape === 'sides' || fromA.text === null || fromB.text === null ? (
        <div className={styles.sides}>
          <Whole letter="A" text={fromA.text} />
          <Whole letter={letter} text={fromB.text} />
        </div>
      ) : fromA.text === fromB.text ? (
        <>
          <p className={styles.dim}>Both gave the same answer.</p>
          <Whole letter={`A and ${letter}`} text={fromA.text} />
        </>
      ) : (
        <>
          <p className={styles.dim}>
            From A to {letter}: <del className={styles.del}>only in A</del>{' '}
            <ins className={styles.ins}>only in {letter}</ins>
          </p>
          <TextDiff before={fromA.text} after={fromB.text} />
        </>
      )}
    </section>
  );
}

function Whole({ letter, text }: { readonly letter: string; readonly text: string | null }) {
  return (
    <div className={styles.side}>
      <p className={styles.sideHead}>
        <span className={styles.letter}>{letter}</span>
      </p>
      {text === null ? (
        <p className={styles.dim}>There is no answer to read.</p>
      ) : text === '' ? (
        <p className={styles.dim}>It gave no answer.</p>
      ) : (
        <TextView text={text} />
      )}
    </div>
  );
}

function AnswerError({ query }: { readonly query: Answer }) {
  return query.error && <ErrorState error={query.error} onRetry={query.refetch} />;
}

type Answer = Pick<EngineQuery<unknown>, 'error' | 'loading' | 'refetch'> & {
  /** Null = there is none to be read. */
  readonly text: string | null;
};

/** Of its trace; of an item that was imported without one, what its sample says. */
function useAnswer(item: RunItem | null): Answer {
  const traceId = item === null || item.row.gone ? null : item.row.traceId;
  const query = useEngine('trace.answer', { traceId: traceId ?? '' }, { enabled: traceId !== null });
  const text = traceId === null ? (item === null ? null : answerOfSample(item.sample)) : (query.data?.answer ?? null);
  return { text, error: query.error, loading: traceId !== null && query.loading, refetch: query.refetch };
}

/** OpenAI's `sample`: `output_text`, or the messages of `output`. */
export function answerOfSample(sample: Json): string | null {
  if (!isJsonObject(sample)) return null;
  if (typeof sample.output_text === 'string') return sample.output_text;
  if (!Array.isArray(sample.output)) return null;
  const texts = sample.output.flatMap((message) =>
    isJsonObject(message) && typeof message.content === 'string' ? [message.content] : [],
  );
  return texts.length === 0 ? null : texts.join('\n');
}
