import type { KeyboardEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { Search, X } from 'lucide-react';
import { parseQuery } from '#shared/query.ts';
import { replacePlace, usePlace } from '../../state/place.ts';
import { Kbd } from '../../widgets/kbd.tsx';
import { fieldSuggestions, queryTokens } from './query-text.ts';
import styles from './search-box.module.css';

const TYPING_PAUSE = 140;
const EXAMPLES = [
  'agent:',
  'tool:',
  'model:',
  'error:true',
  'status:running',
  'duration:>30s',
  'cost:>0.1',
  'tokens:>10k',
  'since:2026-01-31',
  'meta:team=search',
] as const;

type Props = {
  /** Down from the box into the table. */
  readonly onLeave: () => void;
};

/** The one search box. Its text lives in the place; while someone types, the place follows after a short pause. */
export function SearchBox({ onLeave }: Props) {
  const { q } = usePlace();
  const [text, setText] = useState(q);
  const [known, setKnown] = useState(q);
  const [focused, setFocused] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);

  // Changed elsewhere: a facet, Back.
  if (q !== known) {
    setKnown(q);
    if (q !== text.trim()) setText(q);
  }

  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => replacePlace({ q: text.trim() }), TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [text, q]);

  function keyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      if (text === '') onLeave();
      setText('');
      replacePlace({ q: '' });
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      replacePlace({ q: text.trim() });
      onLeave();
    } else return;
    event.preventDefault();
  }

  function insert(addition: string): void {
    const word = /(\S*)$/.exec(text)?.[1] ?? '';
    const completes = addition.startsWith(word.replace(/^-/, ''));
    const kept = completes ? text.slice(0, text.length - word.length) + (word.startsWith('-') ? '-' : '') : text;
    setText(`${kept}${kept === '' || /[\s-]$/.test(kept) ? '' : ' '}${addition}`);
    input.current?.focus();
  }

  const { problems } = parseQuery(text);
  const word = /(\S*)$/.exec(text)?.[1] ?? '';
  const fields = word === '' ? [] : fieldSuggestions(word).map((field) => `${field}:`);
  const suggestions = text === '' ? EXAMPLES : fields;
  return (
    <div className={styles.box}>
      <div className={styles.field}>
        <Search size={13} className={styles.icon} aria-hidden />
        <div className={styles.text}>
          <div ref={mirror} className={styles.mirror} aria-hidden>
            {drawTokens(text)}
          </div>
          <input
            ref={input}
            className={styles.input}
            data-search
            type="text"
            aria-label="Search traces"
            aria-invalid={problems.length > 0}
            aria-describedby="search-problems"
            placeholder="Search: words, agent:Planner, error:true, cost:>0.1, duration:>30s"
            value={text}
            spellCheck={false}
            autoComplete="off"
            maxLength={2_000}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={keyDown}
            onFocus={() => setFocused(true)}
            onBlur={() => setFocused(false)}
            onScroll={(event) => {
              if (mirror.current) mirror.current.scrollLeft = event.currentTarget.scrollLeft;
            }}
          />
        </div>
        {text === '' ? (
          <Kbd keys="/" />
        ) : (
          <button
            type="button"
            className={styles.clear}
            aria-label="Clear the search"
            onClick={() => {
              setText('');
              replacePlace({ q: '' });
              input.current?.focus();
            }}
          >
            <X size={13} aria-hidden />
          </button>
        )}
      </div>
      <div id="search-problems" className={styles.problems} role="status">
        {problems[0]}
      </div>
      {focused && suggestions.length > 0 && problems.length === 0 && (
        <div className={styles.suggestions} role="group" aria-label="Fields to search in">
          {suggestions.map((suggestion) => (
            <button
              key={suggestion}
              type="button"
              tabIndex={-1}
              className={styles.suggestion}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => insert(suggestion)}
            >
              {suggestion}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** The text again, under the input, with terms marked; letters must keep their widths. */
function drawTokens(text: string) {
  const parts = [];
  let at = 0;
  for (const token of queryTokens(text)) {
    if (token.from > at) parts.push(text.slice(at, token.from));
    const kind =
      token.term === undefined
        ? styles.bad
        : token.term.type === 'text'
          ? undefined
          : 'negated' in token.term && token.term.negated
            ? styles.not
            : styles.term;
    parts.push(
      <span key={token.from} className={kind}>
        {token.raw}
      </span>,
    );
    at = token.to;
  }
  parts.push(text.slice(at));
  return parts;
}
