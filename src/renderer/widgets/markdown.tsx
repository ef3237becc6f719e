import type { ReactNode } from 'react';
import { Component, memo, useMemo } from 'react';
import { Copy, ImageOff } from 'lucide-react';
import type { Components } from 'react-markdown';
import Reader from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { bridge } from '../data/bridge.ts';
import { TextView } from './text-view.tsx';
import { visibleString } from './visible-text.ts';
import styles from './markdown.module.css';

/** Beyond this, Markdown costs more than it helps, and the text is shown as it is. */
const MAX_LENGTH = 60_000;
/** Nesting beyond any honest document; deeper text is shown as it is instead of exhausting the stack. */
const MAX_NESTING = 40;
const NESTED_LINE = new RegExp(`^(?:[ \\t]*(?:>|[-*+]|\\d{1,9}[.)])(?:[ \\t]|(?=>))*){${MAX_NESTING},}`, 'm');
/**
 * Reading emphasis, links and addresses takes quadratic time in their number within one paragraph: 30,000 of them took
 * 23 s. So many in one paragraph, or in one text, is no document.
 */
const MAX_MARKS = { paragraph: 1_000, text: 4_000 } as const;
const MARKS = /[*_~]+|`+|\[|@|www\.|:\/\//g;

const plugins = [remarkGfm];

const components: Components = {
  a: ({ href, children }) => <ShownLink href={href ?? ''}>{children}</ShownLink>,
  img: ({ src, alt }) => (
    <span className={styles.image} title={typeof src === 'string' ? src : undefined}>
      <ImageOff size={13} aria-hidden /> {alt === undefined || alt === '' ? 'image' : alt} (not loaded)
    </span>
  ),
  table: ({ children }) => (
    <div className={styles.table}>
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => (
    <input
      type="checkbox"
      checked={checked === true}
      readOnly
      disabled
      aria-label={checked === true ? 'done' : 'not done'}
    />
  ),
};

/** A link is a fact to read and copy, not a place to go: what a trace says must not make this app open anything. */
function ShownLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const same = typeof children === 'string' && (children === href || `mailto:${children}` === href);
  return (
    <span className={styles.link}>
      <span className={styles.linkText}>{children}</span>
      {!same && <span className={styles.url}>{href.length > 90 ? `${href.slice(0, 90)}…` : href}</span>}
      {/* Plain, without a tooltip widget: a hostile text has ten thousand links. */}
      <button type="button" aria-label="Copy link" title="Copy link" onClick={() => void bridge.copyText(href)}>
        <Copy size={11} aria-hidden />
      </button>
    </span>
  );
}

export function isPlainOnly(text: string): boolean {
  if (text.length > MAX_LENGTH || NESTED_LINE.test(text) || countMarks(text) > MAX_MARKS.text) return true;
  return text.split(/\n[ \t]*\n/).some((paragraph) => countMarks(paragraph) > MAX_MARKS.paragraph);
}

function countMarks(text: string): number {
  return text.match(MARKS)?.length ?? 0;
}

/** Markdown of a trace: no HTML, no remote images, no navigation; falls back to the text itself when it is too odd. */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  const source = useMemo(() => (isPlainOnly(text) ? null : visibleString(text)), [text]);
  const plain = <TextView text={text} mono={false} />;
  if (source === null) return plain;
  return (
    <Fallback key={text} fallback={plain}>
      <div className={`${styles.markdown} selectable`}>
        <Reader remarkPlugins={plugins} components={components} urlTransform={keepUrl}>
          {source}
        </Reader>
      </div>
    </Fallback>
  );
});

/** Urls are only ever shown, so they are shown as they are. */
function keepUrl(url: string): string {
  return url;
}

class Fallback extends Component<{ readonly fallback: ReactNode; readonly children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
