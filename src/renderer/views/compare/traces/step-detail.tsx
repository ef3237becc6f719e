/** The two spans of one aligned step, field by field: what differs first, and what is long only when it is asked for. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import { SquareArrowOutUpRight, X } from 'lucide-react';
import type { AlignedTraces } from '#shared/alignment.ts';
import { contentText } from '#shared/message.ts';
import { formatDuration } from '#shared/time.ts';
import type { ContentView, SpanDetail } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { go } from '../../../state/place.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { formatBytes, formatCost, formatCount } from '../../../widgets/format.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { TextDiff } from '../../../widgets/text-diff.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { type Side, spanPlace } from './model/sides.ts';
import { changesOf, opOf } from './model/words.ts';
import { OpMark } from './op-mark.tsx';
import styles from './traces.module.css';

type Props = {
  readonly aligned: AlignedTraces;
  readonly step: number;
  readonly a: Side;
  readonly b: Side;
  readonly onClose: () => void;
};

export function StepDetail({ aligned, step, a, b, onClose }: Props) {
  const [rowA, rowB] = [aligned.a[step] ?? -1, aligned.b[step] ?? -1];
  const changes = changesOf(aligned, step);
  const name = rowB >= 0 ? b.at(rowB).name : rowA >= 0 ? a.at(rowA).name : '';
  const left = useSpan(a, rowA);
  const right = useSpan(b, rowB);
  const error = left.error ?? right.error;
  return (
    <section className={styles.detail} aria-label="The step in both">
      <header className={styles.detailHead}>
        <OpMark op={opOf(aligned, step)} />
        <h2 className={styles.detailTitle} title={visibleString(name.slice(0, 500))}>
          {visibleString(name.slice(0, 200)) || 'no name'}
        </h2>
        <span className={styles.quiet}>
          step {formatCount(step + 1)} of {formatCount(aligned.op.length)}
          {changes.length > 0 && ` · differs in ${changes.join(', ')}`}
        </span>
        <span className={styles.fill} />
        <OpenSpan label="A" side={a} row={rowA} />
        <OpenSpan label="B" side={b} row={rowB} />
        <IconButton label="Close the step" icon={<X size={14} aria-hidden />} onClick={onClose} />
      </header>
      <div className={styles.detailBody} tabIndex={0} role="group" aria-label="What differs">
        {error ? (
          <ErrorState error={error} />
        ) : left.loading || right.loading ? (
          <Spinner label="Loading both spans" />
        ) : (
          <Fields a={left.data} b={right.data} expected={a.address === null && rowA >= 0 ? a.at(rowA).preview : null} />
        )}
      </div>
    </section>
  );
}

function useSpan(side: Side, row: number) {
  const id = row < 0 ? null : side.at(row).spanId;
  const place = side.address === null || id === null ? null : spanPlace(side.address, id);
  const query = useEngine('span.get', place ?? { traceId: '', spanId: '' }, { enabled: place !== null });
  return { ...query, data: place === null ? undefined : query.data };
}

function OpenSpan({ label, side, row }: { readonly label: string; readonly side: Side; readonly row: number }) {
  const { address } = side;
  const id = row < 0 ? null : side.at(row).spanId;
  if (address === null || id === null) return null;
  return (
    <Button
      icon={<SquareArrowOutUpRight size={12} aria-hidden />}
      title={`Open this span in trace ${label}`}
      onClick={() => go({ view: 'trace', traceId: address, span: id })}
    >
      Open in {label}
    </Button>
  );
}

type Both = { readonly a: SpanDetail | undefined; readonly b: SpanDetail | undefined };

function Fields({ a, b, expected }: Both & { readonly expected: string | null }) {
  const facts = factsOf(a, b);
  return (
    <>
      {facts.length > 0 && (
        <table className={styles.facts}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">A</th>
              <th scope="col">B</th>
            </tr>
          </thead>
          <tbody>
            {facts.map(({ name, was, is }) => (
              <tr key={name} data-differs={was !== is || undefined}>
                <th scope="row">{name}</th>
                <td>{visibleString(was)}</td>
                <td>
                  {visibleString(is)}
                  {was !== is && <span className="visually-hidden"> (differs)</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {expected !== null && (
        <Section title="Expected arguments">
          <TextView text={expected === '' ? 'any' : expected} />
        </Section>
      )}
      <Contents title="Input" a={a?.input ?? []} b={b?.input ?? []} both={a !== undefined && b !== undefined} />
      <Contents title="Output" a={a?.output ?? []} b={b?.output ?? []} both={a !== undefined && b !== undefined} />
      <Attributes a={a} b={b} />
    </>
  );
}

function factsOf(a: SpanDetail | undefined, b: SpanDetail | undefined): { name: string; was: string; is: string }[] {
  const fields: readonly (readonly [string, (span: SpanDetail) => string])[] = [
    ['Name', ({ name }) => name.slice(0, 300)],
    ['Agent', ({ agent }) => agent ?? '–'],
    ['Model', ({ model }) => model ?? '–'],
    ['Status', ({ status, error }) => (error ? `${status}: ${error.message.slice(0, 300)}` : status)],
    ['Duration', durationOf],
    ['Tokens in, out', ({ usage }) => `${count(usage?.input)}, ${count(usage?.output)}`],
    ['Cost', ({ cost }) => formatCost(cost)],
    ['Handoff', ({ handoff }) => (handoff ? `${handoff.from ?? '?'} → ${handoff.to ?? '?'}` : '–')],
  ];
  return fields
    .map(([name, of]) => ({ name, was: a ? of(a) : '', is: b ? of(b) : '' }))
    .filter(({ was, is }) => !(EMPTY.has(was) && EMPTY.has(is)));
}

const EMPTY: ReadonlySet<string> = new Set(['', '–', '–, –']);

function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : formatCount(value);
}

function durationOf({ startNs, endNs }: SpanDetail): string {
  if (startNs === null || endNs === null) return '–';
  return formatDuration(Number(BigInt(endNs) - BigInt(startNs)));
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.field}>
      <h3 className={styles.fieldTitle}>{title}</h3>
      {children}
    </section>
  );
}

type ContentsProps = {
  readonly title: string;
  readonly a: readonly ContentView[];
  readonly b: readonly ContentView[];
  readonly both: boolean;
};

/** Contents that both have at the beginning or the end are not shown again: histories are long. */
function Contents({ title, a, b, both }: ContentsProps) {
  if (a.length === 0 && b.length === 0) return null;
  let head = 0;
  while (head < a.length && head < b.length && a[head]?.key === b[head]?.key) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail)?.key === b.at(-1 - tail)?.key) tail++;
  const same = both && head === a.length && head === b.length;
  const [was, is] = both ? [a.slice(head, a.length - tail), b.slice(head, b.length - tail)] : [a, b];
  const hidden = both && !same ? head + tail : 0;
  return (
    <Section title={title}>
      {hidden > 0 && (
        <p className={styles.quiet}>
          {formatCount(hidden)} {hidden === 1 ? 'message is' : 'messages are'} the same in both.
        </p>
      )}
      {same ? (
        <>
          <p className={styles.quiet}>The same in both.</p>
          <Texts views={a.slice(-1)} />
        </>
      ) : both ? (
        <Compared a={was} b={is} />
      ) : (
        <Texts views={a.length > 0 ? a : b} />
      )}
    </Section>
  );
}

/** Of one side; the last ones, which are what is new. */
const MOST_TEXTS = 6;

function Texts({ views }: { readonly views: readonly ContentView[] }) {
  const shown = views.slice(-MOST_TEXTS);
  return (
    <>
      {views.length > shown.length && (
        <p className={styles.quiet}>{formatCount(views.length - shown.length)} earlier messages are not shown here.</p>
      )}
      {shown.map((view, index) => (
        <TextView key={index} text={textOf(view)} />
      ))}
    </>
  );
}

function textOf({ item, preview }: ContentView): string {
  if (item === null) return `${preview ?? ''}…`;
  const text = contentText(item);
  return item.kind === 'message' ? `${item.role}: ${text}` : pretty(text);
}

const PRETTY_UP_TO = 20_000;

/** Lines of their own for members, so that one that differs stands out. */
function pretty(text: string): string {
  if (text.length > PRETTY_UP_TO || !/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Beyond this a person asks for it. */
const AT_ONCE = 400_000;
const MOST_COMPARED = 40;

function Compared({ a, b }: { readonly a: readonly ContentView[]; readonly b: readonly ContentView[] }) {
  const [wanted, setWanted] = useState(false);
  const [was, is] = [a.slice(0, MOST_COMPARED), b.slice(0, MOST_COMPARED)];
  const size = [...was, ...is].reduce((sum, view) => sum + view.size, 0);
  const cut = [...was, ...is].some(({ item }) => item === null) || was.length < a.length || is.length < b.length;
  if (size > AT_ONCE && !wanted)
    return <Button onClick={() => setWanted(true)}>Compare {formatBytes(size)} of text</Button>;
  const [before, after] = [was.map(textOf).join('\n\n'), is.map(textOf).join('\n\n')];
  return (
    <>
      {before === after ? (
        <p className={styles.quiet}>The text is the same; what differs is how it is wrapped: ids, names or media.</p>
      ) : (
        <TextDiff before={before} after={after} />
      )}
      {cut && <p className={styles.quiet}>Long values are compared by their beginning; open the spans for the rest.</p>}
    </>
  );
}

const LONGEST_ATTRIBUTES = 60_000;

function Attributes({ a, b }: Both) {
  const [open, setOpen] = useState(false);
  const text = (span: SpanDetail | undefined): string =>
    span ? JSON.stringify(sortedMembers(span.attributes), null, 2).slice(0, LONGEST_ATTRIBUTES) : '';
  const [was, is] = [text(a), text(b)];
  if ((was === '' || was === '{}') && (is === '' || is === '{}')) return null;
  return (
    <Section title="Attributes">
      {was === is ? (
        <p className={styles.quiet}>The same in both.</p>
      ) : a && b && !open ? (
        <Button onClick={() => setOpen(true)}>Compare attributes</Button>
      ) : a && b ? (
        <TextDiff before={was} after={is} />
      ) : (
        <TextView text={was || is} />
      )}
    </Section>
  );
}

function sortedMembers<T>(object: { readonly [name: string]: T }): { [name: string]: T } {
  return Object.fromEntries(Object.entries(object).sort(([x], [y]) => (x < y ? -1 : 1)));
}
