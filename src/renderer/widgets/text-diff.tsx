/** Two texts as one, with what went and what came. Long equal stretches are folded. */
import { useMemo, useState } from 'react';
import { diffTexts, type TextRun } from '#shared/diff.ts';
import { Button } from './button.tsx';
import { formatBytes, formatCount } from './format.ts';
import { visibleString } from './visible-text.ts';
import styles from './text-diff.module.css';

/** Around a change, this much of what stayed is shown. */
const AROUND_LINES = 2;
const AROUND_CHARACTERS = 240;
const WORTH_FOLDING = 400;
/** Longer texts are compared when asked for. */
const AT_ONCE = 200_000;
/** Of one run. */
const MOST_DRAWN = 20_000;
const MOST_RUNS = 2_000;

export function TextDiff({ before, after }: { readonly before: string; readonly after: string }) {
  const long = before.length + after.length > AT_ONCE;
  const [wanted, setWanted] = useState(false);
  const runs = useMemo(() => (long && !wanted ? null : diffTexts(before, after)), [before, after, long, wanted]);
  if (runs === null)
    return <Button onClick={() => setWanted(true)}>Compare {formatBytes(before.length + after.length)} of text</Button>;
  return (
    <div className={`${styles.diff} selectable`}>
      {runs.slice(0, MOST_RUNS).map((run, index) => (
        <Run key={index} run={run} first={index === 0} last={index === runs.length - 1} />
      ))}
      {runs.length > MOST_RUNS && (
        <p className={styles.quiet}>and {formatCount(runs.length - MOST_RUNS)} more stretches, not drawn</p>
      )}
    </div>
  );
}

function Run({ run, first, last }: { readonly run: TextRun; readonly first: boolean; readonly last: boolean }) {
  if (run.type === 'same') return <Same text={run.text} first={first} last={last} />;
  const Tag = run.type === 'removed' ? 'del' : 'ins';
  return (
    <Tag className={run.type === 'removed' ? styles.del : styles.ins}>
      <Cut text={run.text} />
    </Tag>
  );
}

function Cut({ text }: { readonly text: string }) {
  const [whole, setWhole] = useState(false);
  if (whole || text.length <= MOST_DRAWN) return visibleString(text);
  return (
    <>
      {visibleString(text.slice(0, MOST_DRAWN))}
      <button type="button" className={styles.unfold} onClick={() => setWhole(true)}>
        … {formatBytes(text.length - MOST_DRAWN)} more
      </button>
    </>
  );
}

function Same({ text, first, last }: { readonly text: string; readonly first: boolean; readonly last: boolean }) {
  const [open, setOpen] = useState(false);
  const head = first ? '' : beginning(text);
  const tail = last ? '' : ending(text);
  const hidden = text.length - head.length - tail.length;
  if (open) return <Cut text={text} />;
  if (hidden < WORTH_FOLDING) return visibleString(text);
  const lines = countLines(text.slice(head.length, text.length - tail.length));
  return (
    <>
      {visibleString(head)}
      <button type="button" className={styles.unfold} onClick={() => setOpen(true)}>
        {lines > 1 ? `${formatCount(lines)} unchanged lines` : `${formatCount(hidden)} unchanged characters`}
      </button>
      {visibleString(tail)}
    </>
  );
}

function beginning(text: string): string {
  let at = -1;
  for (let line = 0; line < AROUND_LINES; line++) {
    const next = text.indexOf('\n', at + 1);
    if (next < 0) break;
    at = next;
  }
  return text.slice(0, at < 0 || at > AROUND_CHARACTERS ? AROUND_CHARACTERS : at + 1);
}

function ending(text: string): string {
  let at = text.length;
  for (let line = 0; line < AROUND_LINES && at > 0; line++) {
    const next = text.lastIndexOf('\n', at - 1);
    if (next < 0) break;
    at = next;
  }
  return text.slice(at === text.length || text.length - at > AROUND_CHARACTERS ? -AROUND_CHARACTERS : at + 1);
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
