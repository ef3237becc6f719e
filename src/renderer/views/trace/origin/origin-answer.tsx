/** The way of a text through the trace: each step goes to its place, with the text marked there. */
import type { ReactNode } from 'react';
import { ArrowDown, BookOpen, CornerDownRight, MessageSquare, Search, SendHorizontal, Wrench } from 'lucide-react';
import type { Origin, OriginDeed, OriginStep, TextPlace } from '#shared/answers.ts';
import { AgentChip, Chip } from '../../../widgets/chip.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './origin.module.css';
import { deedWords, verdictWords } from './wording.ts';

type Props = { readonly origin: Origin; readonly onGo: (place: TextPlace) => void };

export function OriginAnswer({ origin, onGo }: Props) {
  const { verdict, steps, elsewhere, carried, partial, facts, complete } = origin;
  return (
    <div>
      <p className={styles.verdict} data-verdict={verdict} role="status">
        {verdictWords(origin)}
      </p>
      {verdict !== 'none' && steps.length > 0 && <Steps steps={steps} onGo={onGo} label="Steps from its source" />}
      {carried > 0 && verdict !== 'absent' && (
        <p className={styles.note}>
          {formatCount(carried)} more {carried === 1 ? 'place repeats' : 'places repeat'} it before.
        </p>
      )}
      {partial && (
        <section>
          <h4 className={styles.heading}>The longest part that has a source</h4>
          <p className={styles.part}>“{visibleString(partial.text)}”</p>
          <Steps steps={partial.steps} onGo={onGo} label="Steps from the source of the part" />
        </section>
      )}
      {facts.length > 0 && (
        <section>
          <h4 className={styles.heading}>Facts in it</h4>
          <ul className={styles.facts}>
            {facts.map(({ kind, text, step }, index) => (
              <li key={index}>
                <Chip tone={step ? 'neutral' : 'warn'}>{kind}</Chip>
                <span className={styles.fact}>{visibleString(text.slice(0, 200))}</span>
                {step ? (
                  <button type="button" className={styles.link} onClick={() => onGo(step.place)}>
                    {step.place.agent === null ? '' : `${visibleString(step.place.agent.slice(0, 60))} `}
                    {deedWords(step)}
                  </button>
                ) : (
                  <span className={styles.missing}>no source found</span>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {elsewhere.length > 0 && (
        <details className={styles.elsewhere}>
          <summary>Also stood before, on other ways ({elsewhere.length})</summary>
          <Steps steps={elsewhere} onGo={onGo} label="Other places" apart />
        </details>
      )}
      {!complete && <p className={styles.note}>Some contents are too large and were not looked at.</p>}
    </div>
  );
}

function Steps({
  steps,
  onGo,
  label,
  apart = false,
}: {
  readonly steps: readonly OriginStep[];
  readonly onGo: (place: TextPlace) => void;
  readonly label: string;
  readonly apart?: boolean;
}) {
  return (
    <ol className={styles.steps} aria-label={label}>
      {steps.map((step, index) => (
        <li key={index}>
          <button type="button" className={styles.step} onClick={() => onGo(step.place)} title="Go to this place">
            <span className={styles.stepHead}>
              {ICONS[step.deed]}
              {step.place.agent !== null && <AgentChip name={step.place.agent} />}
              <span className={step.place.agent === null ? `${styles.deed} ${styles.first}` : styles.deed}>
                {deedWords(step)}
              </span>
              {step.via && (
                <Chip title={`From ${step.via.from.slice(0, 200)}`}>
                  {step.via.kind === 'handoff' ? 'by handoff' : 'by a call'}
                </Chip>
              )}
              {step.match === 'alike' && <Chip title="The same words, written in another way">alike</Chip>}
            </span>
            <span className={styles.excerpt}>
              {visibleString(step.place.before)}
              <mark>{visibleString(step.place.text.slice(0, 300))}</mark>
              {visibleString(step.place.after)}
            </span>
          </button>
          {!apart && index < steps.length - 1 && (
            <span className={styles.joint}>
              <ArrowDown size={11} aria-hidden />
              {!step.linked && 'how it came from here to the next step is not recorded'}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

const ICONS: { readonly [D in OriginDeed]: ReactNode } = {
  given: <BookOpen size={12} aria-hidden />,
  said: <MessageSquare size={12} aria-hidden />,
  asked: <Wrench size={12} aria-hidden />,
  returned: <Wrench size={12} aria-hidden />,
  retrieved: <Search size={12} aria-hidden />,
  passed: <SendHorizontal size={12} aria-hidden />,
  begun: <CornerDownRight size={12} aria-hidden />,
  ended: <CornerDownRight size={12} aria-hidden />,
};
