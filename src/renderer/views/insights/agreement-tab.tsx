import { useState } from 'react';
import type { Agreement, AgreementSubject } from '#shared/agreement.ts';
import { ADJUDICATION } from '#shared/agreement.ts';
import { useEngine } from '../../data/engine.ts';
import { go } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { formatCount } from '../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import type { Picked } from './behind.tsx';
import styles from './insights.module.css';
import { Matrix } from './matrix.tsx';
import { count, figure, people, percent, percentFigure } from './words.ts';

type Props = {
  readonly query: string;
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked | null) => void;
};

export function AgreementTab({ query, picked, onPick }: Props) {
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const [tolerance, setTolerance] = useState(1);
  const { data, error, refetch } = useEngine(
    'agreement.get',
    { tolerance, ...(chosen === null ? {} : { annotators: chosen }), ...(query === '' ? {} : { query }) },
    { keepPrevious: true },
  );
  if (error && !data) return <ErrorState error={error} onRetry={refetch} />;
  if (!data) return <Spinner label="Comparing" />;
  if (data.known.length < 2) return <Alone known={data.known.length} />;
  // What was just chosen shows at once; the figures follow.
  const selected = chosen ?? data.annotators;
  function toggle(name: string, on: boolean): void {
    onPick(null);
    const now = new Set(selected);
    if (on) now.add(name);
    else now.delete(name);
    setChosen([...now]);
  }
  return (
    <div className={styles.page}>
      <fieldset className={styles.people}>
        <legend>Compare</legend>
        {data.known.map(({ name, judgements }) => (
          <label key={name} className={styles.person}>
            <input
              type="checkbox"
              checked={selected.includes(name)}
              onChange={(event) => toggle(name, event.target.checked)}
            />
            <span className={styles.personName}>{visibleString(nameOf(name).slice(0, 80))}</span>
            <span className={styles.quiet}>{formatCount(judgements)}</span>
          </label>
        ))}
        <label className={styles.person}>
          Steps at most
          <input
            type="number"
            className={`${styles.input ?? ''} ${styles.number ?? ''}`}
            min={0}
            max={999}
            value={tolerance}
            onChange={(event) => setTolerance(Math.max(0, Math.min(999, Math.floor(Number(event.target.value) || 0))))}
          />
          apart count as near
        </label>
      </fieldset>
      {data.subjects.length === 0 ? (
        <EmptyState title="They have not judged the same things">
          {data.annotators.length < 2
            ? 'Choose two people or more.'
            : `${people(data.annotators.map(nameOf))} have no trace or span in common. Give them the same review queue, or choose others.`}
        </EmptyState>
      ) : (
        data.subjects.map((subject) => (
          <Subject
            key={`${subject.about} ${subject.name}`}
            subject={subject}
            found={data}
            query={query}
            picked={picked}
            onPick={onPick}
          />
        ))
      )}
      {data.attribution && data.annotators.length === 2 && (
        <p className={styles.quiet}>
          Held against {visibleString(nameOf(data.annotators[0] ?? ''))},{' '}
          {visibleString(nameOf(data.annotators[1] ?? ''))} names the agent in {percent(data.attribution.agent ?? 0)},
          the exact step in {percent(data.attribution.step ?? 0)}, and both in {percent(data.attribution.both ?? 0)} of{' '}
          {count(data.attribution.items, 'trace')}.
        </p>
      )}
    </div>
  );
}

const TITLES: { readonly [A in AgreementSubject['about']]: string } = {
  agent: 'Blamed agent',
  step: 'Decisive step',
  category: 'Category',
  verdict: 'Pass or fail',
  score: 'Score',
};
const SAME: { readonly [A in AgreementSubject['about']]: string } = {
  agent: 'blame the same agent',
  step: 'mark the same step',
  category: 'choose the same category',
  verdict: 'give the same verdict',
  score: 'give the same score',
};

type SubjectProps = {
  readonly subject: AgreementSubject;
  readonly found: Agreement;
  readonly query: string;
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked) => void;
};

function Subject({ subject, found, query, picked, onPick }: SubjectProps) {
  const {
    about,
    name,
    title,
    items,
    percent: share,
    kappa,
    ac1,
    alpha,
    ci,
    warning,
    alone,
    within,
    weighted,
  } = subject;
  const heading = [TITLES[about], title ?? name].filter(Boolean).join(': ');
  const names = found.annotators.map(nameOf);
  return (
    <section className={styles.section} aria-label={heading}>
      <div className={styles.sectionHead}>
        <h2>{visibleString(heading.slice(0, 200))}</h2>
      </div>
      <p>
        {visibleString(people(names))} {SAME[about]} for <strong>{share === null ? '–' : percent(share)}</strong> of{' '}
        {count(items, 'item')}
        {ci.percent &&
          `; with other items like these it would be between ${percent(ci.percent[0])} and ${percent(ci.percent[1])}`}
        .
        {within &&
          within.percent !== null &&
          within.tolerance > 0 &&
          ` At most ${count(within.tolerance, 'step')} apart: ${percentFigure(within.percent, within.ci)}.`}
        {alone > 0 && ` ${count(alone, 'thing')} that only one of them judged ${alone === 1 ? 'is' : 'are'} left out.`}
      </p>
      <dl className={styles.figures}>
        <Figure name="Cohen’s kappa" value={figure(kappa, ci.kappa)} />
        <Figure name="Gwet’s AC1" value={figure(ac1, ci.ac1)} />
        <Figure name="Krippendorff’s alpha" value={figure(alpha, ci.alpha)} />
        {weighted && <Figure name="Kappa, linear weights" value={figure(weighted.linear, weighted.ci.linear)} />}
        {weighted && (
          <Figure name="Kappa, quadratic weights" value={figure(weighted.quadratic, weighted.ci.quadratic)} />
        )}
        {weighted && (
          <Figure name="Alpha, interval" value={figure(weighted.alphaInterval, weighted.ci.alphaInterval)} />
        )}
      </dl>
      <p className={styles.quiet}>
        1 is full agreement, 0 what chance would give. In brackets: where 95 % of the figures lie when the items are
        drawn anew.
      </p>
      {warning !== null && (
        <p className={styles.warning} role="note">
          {visibleString(warning)}
        </p>
      )}
      <Matrix subject={subject} annotators={names} query={query} picked={picked} onPick={onPick} heading={heading} />
      {subject.labels.length > 1 && <Labels subject={subject} />}
    </section>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Labels({ subject }: { readonly subject: AgreementSubject }) {
  return (
    <details className={styles.details}>
      <summary>Each label against all others</summary>
      <div className={styles.scroller}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Label</th>
              <th scope="col" data-number>
                Given
              </th>
              <th scope="col">Agree</th>
              <th scope="col">Kappa</th>
              <th scope="col">AC1</th>
              <th scope="col">Alpha</th>
              <th scope="col">Read with care</th>
            </tr>
          </thead>
          <tbody>
            {subject.labels.map(({ label, title, given, percent: share, kappa, ac1, alpha, ci, warning }) => (
              <tr key={label}>
                <th scope="row">{visibleString((title ?? label).slice(0, 120))}</th>
                <td data-number>{formatCount(given)}</td>
                <td>{percentFigure(share, ci.percent)}</td>
                <td>{figure(kappa, ci.kappa)}</td>
                <td>{figure(ac1, ci.ac1)}</td>
                <td>{figure(alpha, ci.alpha)}</td>
                <td className={styles.care}>{warning === null ? '' : visibleString(warning)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function nameOf(annotator: string): string {
  return annotator === ADJUDICATION ? 'Decided conflicts' : annotator;
}

function Alone({ known }: { readonly known: number }) {
  return (
    <EmptyState
      title={known === 0 ? 'Nobody has labelled anything yet' : 'Only one person has labelled so far'}
      actions={
        <Button variant="primary" onClick={() => go({ view: 'review' })}>
          Open Review
        </Button>
      }
    >
      Agreement needs two people, or a person and an imported label set, who judged the same traces or spans. A reviewer
      sends you their labels as a file: import it like any other.
    </EmptyState>
  );
}
