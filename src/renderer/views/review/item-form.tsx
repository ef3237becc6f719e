/** The form of one item: each control has its key, and each key is saved as it is pressed. */
import { useMemo, useRef, useState } from 'react';
import type { ScoreSchema } from '#shared/taxonomy.ts';
import { AnnotationForm } from '../../annotate/annotation-form.tsx';
import { useVocabularies } from '../../annotate/vocabularies.ts';
import { annotationSource, annotationTitle, placeWords } from '../../annotate/words.ts';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { Button } from '../../widgets/button.tsx';
import { Kbd } from '../../widgets/kbd.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { ChoiceButton } from './choice-button.tsx';
import type { Judgement, Saying } from './judgement.ts';
import {
  placeOfItem,
  sayBlamedAgent,
  sayCategory,
  sayDecisive,
  sayNote,
  sayScore,
  saySeverity,
  sayVerdict,
} from './judgement.ts';
import { NoteField } from './note-field.tsx';
import type { ItemFrame } from './queue-view.tsx';
import type { Labels } from './use-labels.ts';
import styles from './review.module.css';

type Props = ItemFrame & {
  readonly labels: Labels;
  readonly judgement: Judgement;
  /** The step of the trace that is selected. */
  readonly step: { readonly spanId: string; readonly name: string; readonly agent: string } | null;
  /** Who acted at the decisive span. */
  readonly actor: string | null;
  readonly decisiveName: string | null;
  readonly agents: readonly string[];
  readonly spanName: (id: string) => string | null;
};

/** Choices that number keys stand for. */
const NUMBERED = 9;
const OTHERS = 50;

type Numbered = {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly pressed: boolean;
  readonly say: () => Saying;
};

export function ItemForm(props: Props) {
  const { state, item, form, labels, judgement, step, actor, setDraft, onLeave, finish } = props;
  const { queue } = state;
  const { taxonomies, schemas } = useVocabularies();
  const note = useRef<HTMLTextAreaElement>(null);
  const [whole, setWhole] = useState(false);
  const [page, setPage] = useState(0);
  const taxonomy = taxonomies.find(({ id }) => id === queue.form.taxonomy) ?? null;
  const schema = schemas.find(({ id }) => id === queue.form.schema) ?? null;

  const numbered = useMemo<readonly Numbered[]>(() => {
    if (taxonomy) {
      // What only groups others is said by naming one of them.
      const groups = new Set(taxonomy.categories.map(({ parent }) => parent));
      return taxonomy.categories
        .filter(({ code, retired }) => !retired && !groups.has(code))
        .map(({ code, title, definition }) => ({
          id: code,
          title,
          about: definition,
          pressed: judgement.categories.some((row) => row.taxonomy === taxonomy.id && row.category === code),
          say: () => sayCategory(judgement, item, taxonomy.id, code),
        }));
    }
    return schema ? scoresOf(schema, judgement, item) : [];
  }, [taxonomy, schema, judgement, item]);
  const pages = Math.max(1, Math.ceil(numbered.length / NUMBERED));
  const first = (page % pages) * NUMBERED;

  const { say } = labels;
  const act = useMemo(
    () =>
      (saying: Saying | null): void => {
        if (saying) say(saying.title, saying.state, saying.id);
      },
    [say],
  );

  const commands = useMemo<readonly Command[]>(() => {
    const list: Command[] = [
      {
        id: 'review.pass',
        title: 'Pass',
        group: 'Review',
        keys: 'p',
        run: () => act(sayVerdict(judgement, item, true)),
      },
      {
        id: 'review.fail',
        title: 'Fail',
        group: 'Review',
        keys: 'f',
        run: () => act(sayVerdict(judgement, item, false)),
      },
      {
        id: 'review.blame',
        title: 'Blame the agent of the step',
        group: 'Review',
        keys: 'b',
        when: () => step !== null,
        run: () => act(step && sayBlamedAgent(judgement, step)),
      },
      {
        id: 'review.decisive',
        title: 'Mark the step as decisive',
        group: 'Review',
        keys: 'd',
        when: () => step !== null,
        run: () => act(step && sayDecisive(judgement, step)),
      },
      {
        id: 'review.severity',
        title: 'Severity of the last label',
        group: 'Review',
        keys: 's',
        when: () => judgement.categories.length > 0,
        run: () => act(saySeverity(judgement)),
      },
      { id: 'review.note', title: 'Write a note', group: 'Review', keys: 'n', run: () => note.current?.focus() },
      { id: 'review.whole', title: 'More kinds of annotation', group: 'Review', keys: 'a', run: () => setWhole(true) },
    ];
    if (pages > 1)
      list.push({
        id: 'review.numbers',
        title: 'The next nine choices',
        group: 'Review',
        keys: '0',
        run: () => setPage((at) => (at + 1) % pages),
      });
    numbered.slice(first, first + NUMBERED).forEach(({ id, title, say: saying }, at) => {
      list.push({
        id: `review.number.${id}`,
        title: visibleString(title.slice(0, 120)),
        group: 'Review',
        keys: String(at + 1),
        run: () => act(saying()),
      });
    });
    return list;
  }, [act, judgement, item, step, numbered, first, pages]);
  useRegisterCommands(commands);

  const { blame, verdict } = judgement;
  const others = queue.blind.labels ? [] : judgement.others.slice(0, OTHERS);
  return (
    <section ref={form} className={styles.form} data-form tabIndex={-1} aria-label="Judgement">
      {queue.instructions.trim() !== '' && <p className={styles.instructions}>{visibleString(queue.instructions)}</p>}
      {item.why !== null && <p className={styles.why}>{visibleString(item.why)}</p>}
      {queue.form.verdict && (
        <div className={styles.group} role="group" aria-label="Verdict">
          <div className={styles.buttons}>
            <ChoiceButton
              keys="p"
              tone="ok"
              pressed={verdict?.passed === true}
              onClick={() => act(sayVerdict(judgement, item, true))}
            >
              Pass
            </ChoiceButton>
            <ChoiceButton
              keys="f"
              tone="error"
              pressed={verdict?.passed === false}
              onClick={() => act(sayVerdict(judgement, item, false))}
            >
              Fail
            </ChoiceButton>
          </div>
        </div>
      )}
      {numbered.length > 0 && (
        <div className={styles.group} role="group" aria-label={taxonomy ? 'Labels' : 'Score'}>
          <h2>
            {visibleString((taxonomy ?? schema)?.title ?? '')}
            {pages > 1 && (
              <span className={styles.keys}>
                {(page % pages) + 1} of {pages} <Kbd keys="0" />
              </span>
            )}
          </h2>
          <div className={styles.labels}>
            {numbered.slice(first, first + NUMBERED).map(({ id, title, about, pressed, say: saying }, at) => (
              <ChoiceButton
                key={id}
                keys={String(at + 1)}
                pressed={pressed}
                title={about}
                onClick={() => act(saying())}
              >
                {visibleString(title.slice(0, 160))}
              </ChoiceButton>
            ))}
          </div>
          {taxonomy && (
            <div className={styles.buttons}>
              <ChoiceButton
                keys="s"
                disabled={judgement.categories.length === 0}
                onClick={() => act(saySeverity(judgement))}
              >
                Severity: {judgement.categories.at(-1)?.severity ?? 'none'}
              </ChoiceButton>
            </div>
          )}
        </div>
      )}
      {schema && numbered.length === 0 && (
        <p className={styles.said}>
          {visibleString(schema.title)} has more values than keys: press <Kbd keys="a" /> to score.
        </p>
      )}
      {queue.form.blame && (
        <div className={styles.group} role="group" aria-label="Blame">
          <div className={styles.buttons}>
            <ChoiceButton
              keys="b"
              pressed={step !== null && blame?.agent === step.agent}
              disabled={step === null || step.agent === ''}
              onClick={() => act(step && sayBlamedAgent(judgement, step))}
            >
              Blame {step === null || step.agent === '' ? 'an agent' : visibleString(step.agent.slice(0, 80))}
            </ChoiceButton>
            <ChoiceButton
              keys="d"
              pressed={step !== null && blame?.place.kind === 'span' && blame.place.spanId === step.spanId}
              disabled={step === null}
              onClick={() => act(step && sayDecisive(judgement, step))}
            >
              Decisive step
            </ChoiceButton>
          </div>
          <p className={`${styles.said} ${blame ? '' : styles.quiet}`}>
            {blame ? blamed(blame.agent, actor, props.decisiveName) : 'Choose a step of the trace to blame its agent.'}
          </p>
        </div>
      )}
      <NoteField
        key={item.id}
        label="Note"
        placeholder="What is wrong, or right, and why"
        saved={judgement.note?.note ?? ''}
        draft={item.draft}
        field={note}
        form={form}
        onType={setDraft}
        onSave={(text) => {
          act(sayNote(judgement, item, text));
          setDraft('');
        }}
        onLeave={onLeave}
        onFinish={() => finish('done')}
      />
      {whole ? (
        <AnnotationForm
          traceId={item.traceId}
          places={[
            { id: 'item', label: item.spanId === null ? 'the whole trace' : 'this span', place: placeOfItem(item) },
            ...(step && step.spanId !== item.spanId
              ? [
                  {
                    id: 'step',
                    label: `the step ${visibleString(step.name.slice(0, 80))}`,
                    place: { kind: 'span', spanId: step.spanId } as const,
                  },
                ]
              : []),
          ]}
          editing={null}
          kind={null}
          agents={props.agents}
          near={step ? { id: step.spanId, name: step.name, agent: step.agent } : null}
          spanName={props.spanName}
          onSaved={() => setWhole(false)}
          onLeave={() => {
            setWhole(false);
            form.current?.focus();
          }}
        />
      ) : (
        <Button className={styles.more} onClick={() => setWhole(true)}>
          More kinds… <Kbd keys="a" />
        </Button>
      )}
      {queue.blind.labels ? (
        <p className={styles.quiet}>What others said is hidden.</p>
      ) : (
        others.length > 0 && (
          <div className={styles.group}>
            <h2>Said by others, or of other places ({judgement.others.length})</h2>
            <ul className={styles.others}>
              {others.map((row) => (
                <li key={row.id}>
                  {annotationTitle(row)}
                  {row.agent === null ? '' : `, ${visibleString(row.agent.slice(0, 80))}`}
                  {row.note === null ? '' : `: ${visibleString(row.note.slice(0, 300))}`}
                  <br />
                  <span className={styles.quiet}>
                    {annotationSource(row)} · about {placeWords(row.place, props.spanName)}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        )
      )}
    </section>
  );
}

/** Both the blamed agent and the actor, where these are not the same. */
function blamed(agent: string | null, actor: string | null, span: string | null): string {
  const who = agent === null ? 'Nobody is blamed' : `${visibleString(agent.slice(0, 80))} is blamed`;
  if (span === null) return `${who}.`;
  const step = visibleString(span.slice(0, 80)) || 'a step without a name';
  const acted =
    actor !== null && actor !== '' && actor !== agent ? `, where ${visibleString(actor.slice(0, 80))} acted` : '';
  return `${who}; decisive is ${step}${acted}.`;
}

function scoresOf(schema: ScoreSchema, judgement: Judgement, item: Props['item']): readonly Numbered[] {
  const { scale } = schema;
  const own = judgement.score?.taxonomy === schema.id ? judgement.score.score : null;
  function choice(title: string, score: number, more: { category?: string; passed?: boolean } = {}): Numbered {
    return {
      id: `${score} ${title}`,
      title,
      about: schema.about,
      pressed: own === score,
      say: () => sayScore(judgement, item, schema.id, { score, ...more }),
    };
  }
  switch (scale.type) {
    case 'boolean':
      return [choice('Yes', 1, { passed: true }), choice('No', 0, { passed: false })];
    case 'categorical':
      return scale.options.map(({ value, title }) => choice(title, value, { category: title }));
    case 'numeric': {
      const steps = Math.floor((scale.max - scale.min) / (scale.step > 0 ? scale.step : 1)) + 1;
      if (steps > NUMBERED * 3) return [];
      return Array.from({ length: steps }, (_, at) => {
        const value = scale.min + at * (scale.step > 0 ? scale.step : 1);
        return choice(String(value), value);
      });
    }
    case 'rubric':
      return [];
  }
}
