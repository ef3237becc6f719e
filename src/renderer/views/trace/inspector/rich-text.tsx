/** Text from a trace as a person wants to read it: JSON as a tree, Markdown as Markdown, everything else as it is. */
import { useMemo } from 'react';
import { indexOfText, useOpenWithFind } from '../../../widgets/find-text.ts';
import { formatBytes } from '../../../widgets/format.ts';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { Markdown } from '../../../widgets/markdown.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import { asJson, beginning, looksLikeMarkdown } from './readable.ts';
import styles from './content.module.css';

/** Longer texts are shown by their beginning first, so that a list of messages can be read over. */
const CLAMP_LINES = 16;
const CLAMP_CHARACTERS = 1_400;

export type Reading = 'rendered' | 'text';

type Props = {
  readonly text: string;
  readonly reading: Reading;
  /** Shows all of it at once. */
  readonly whole?: boolean;
  readonly mono?: boolean;
};

export function RichText({ text, reading, whole = false, mono = false }: Props) {
  const [open, setOpen] = useOpenWithFind(
    whole,
    (find) => indexOfText(text, find) >= beginning(text, CLAMP_LINES, CLAMP_CHARACTERS).length - find.length,
  );
  const json = useMemo(() => (reading === 'rendered' ? asJson(text) : null), [text, reading]);
  if (json !== null) return <JsonTree value={json} openDepth={2} />;
  if (text === '') return <p className={styles.nothing}>empty text</p>;
  const start = open ? text : beginning(text, CLAMP_LINES, CLAMP_CHARACTERS);
  // Hiding a few words is not worth a button.
  const shown = text.length - start.length > 200 ? start : text;
  return (
    <div>
      {reading === 'rendered' && !mono && looksLikeMarkdown(shown) ? (
        <Markdown text={shown} />
      ) : (
        <TextView text={shown} mono={mono || reading === 'text'} />
      )}
      {shown.length < text.length && (
        <button type="button" className={styles.more} onClick={() => setOpen(true)}>
          Show all {formatBytes(text.length)}
        </button>
      )}
      {open && !whole && text.length > CLAMP_CHARACTERS && (
        <button type="button" className={styles.more} onClick={() => setOpen(false)}>
          Show less
        </button>
      )}
    </div>
  );
}
