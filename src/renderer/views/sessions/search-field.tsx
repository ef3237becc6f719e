import type { KeyboardEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { Search, X } from 'lucide-react';
import { parseQuery } from '#shared/query.ts';
import { replacePlace, usePlace } from '../../state/place.ts';
import { Kbd } from '../../widgets/kbd.tsx';
import styles from './sessions.module.css';

const TYPING_PAUSE = 140;

/** Its text lives in the place, which follows after a short pause while someone types. */
export function SearchField({ onLeave }: { readonly onLeave: () => void }) {
  const { q } = usePlace();
  const [text, setText] = useState(q);
  const [known, setKnown] = useState(q);
  const input = useRef<HTMLInputElement>(null);

  // Changed elsewhere: Back.
  if (q !== known) {
    setKnown(q);
    if (q !== text.trim()) setText(q);
  }

  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => replacePlace({ q: text.trim() }), TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [text, q]);

  function clear(): void {
    setText('');
    replacePlace({ q: '' });
  }

  function keyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      if (text === '') onLeave();
      clear();
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      replacePlace({ q: text.trim() });
      onLeave();
    } else return;
    event.preventDefault();
  }

  const [problem] = parseQuery(text).problems;
  return (
    <div className={styles.search}>
      <Search size={13} className={styles.searchIcon} aria-hidden />
      <input
        ref={input}
        className={styles.searchInput}
        data-search
        type="text"
        aria-label="Search sessions"
        aria-invalid={problem !== undefined}
        aria-describedby="session-search-problem"
        placeholder="Search: words, an id, agent:Planner, error:true, cost:>0.1, duration:>10min"
        value={text}
        spellCheck={false}
        autoComplete="off"
        maxLength={2_000}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keyDown}
      />
      {text === '' ? (
        <Kbd keys="/" />
      ) : (
        <button
          type="button"
          className={styles.searchClear}
          aria-label="Clear the search"
          onClick={() => {
            clear();
            input.current?.focus();
          }}
        >
          <X size={13} aria-hidden />
        </button>
      )}
      <div id="session-search-problem" className={styles.problem} role="status">
        {problem}
      </div>
    </div>
  );
}
