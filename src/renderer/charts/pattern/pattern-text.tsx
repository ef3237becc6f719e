/** The text of a pattern: names of a real trace and words of the language are offered, and what is wrong is marked where it is. */
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { CircleAlert } from 'lucide-react';
import { completePattern, type PatternCompletion, type PatternVocabulary } from '#shared/pattern-complete.ts';
import type { PatternProblem } from '#shared/pattern.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import styles from './pattern.module.css';

type Props = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly known: PatternVocabulary;
  readonly problems: readonly PatternProblem[];
  readonly readOnly: boolean;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
  readonly onEnter?: (() => void) | undefined;
  readonly fieldRef?: RefObject<HTMLTextAreaElement | null> | undefined;
};

const MOST_SHOWN = 5;
const EXAMPLE =
  'Such as: Planner hands to Researcher, Researcher calls search 3 or more times, never returns to Planner';

export function PatternText(props: Props) {
  const { value, onChange, known, problems } = props;
  const own = useId();
  const inner = useRef<HTMLTextAreaElement>(null);
  const field = props.fieldRef ?? inner;
  const [caret, setCaret] = useState<number | null>(null);
  const [closed, setClosed] = useState(true);
  const [active, setActive] = useState(0);
  const pending = useRef<number | null>(null);
  const scroll = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (pending.current === null) return;
    field.current?.setSelectionRange(pending.current, pending.current);
    pending.current = null;
  });

  const offer = caret === null || closed || props.readOnly ? null : completePattern(value, caret, known);
  const options = offer?.options ?? [];
  const at = Math.min(active, options.length - 1);
  const open = offer !== null && options.length > 0;

  function take(option: PatternCompletion['options'][number] | undefined): void {
    if (!option || !offer) return;
    const rest = value.slice(offer.to);
    const text = `${option.text}${rest.startsWith(' ') ? '' : ' '}`;
    const next = offer.from + option.text.length + 1;
    pending.current = next;
    setCaret(next);
    setActive(0);
    onChange(value.slice(0, offer.from) + text + rest);
    field.current?.focus();
  }
  function press(event: KeyboardEvent): void {
    if (event.key === ' ' && event.ctrlKey) {
      setClosed(false);
      setCaret(field.current?.selectionStart ?? null);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return;
    else if (open && event.key === 'ArrowDown') setActive((at + 1) % options.length);
    else if (open && event.key === 'ArrowUp') setActive((at + options.length - 1) % options.length);
    else if (open && (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) take(options[at]);
    else if (open && event.key === 'Escape') setClosed(true);
    else if (event.key === 'Enter' && props.onEnter) props.onEnter();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  function follow(): void {
    const { selectionStart = null, selectionEnd = null } = field.current ?? {};
    setCaret(selectionStart === selectionEnd ? selectionStart : null);
  }
  const shown = problems.slice(0, MOST_SHOWN);
  const wrong = shown.length > 0;
  const described = [props.describedBy, wrong ? `${own}-wrong` : undefined].filter(Boolean).join(' ');
  return (
    <div className={styles.text}>
      <div className={styles.box} data-invalid={wrong || props.invalid || undefined}>
        <div ref={scroll} className={styles.marks} aria-hidden>
          {marked(value, problems)}
        </div>
        <textarea
          ref={field}
          id={props.id}
          className={styles.area}
          rows={2}
          spellCheck={false}
          aria-label={props.label}
          aria-invalid={wrong || props.invalid || undefined}
          aria-describedby={described === '' ? undefined : described}
          aria-autocomplete="list"
          aria-controls={open ? own : undefined}
          aria-activedescendant={open ? `${own}-${at}` : undefined}
          placeholder={EXAMPLE}
          readOnly={props.readOnly}
          value={value}
          onChange={(event) => {
            setClosed(false);
            setActive(0);
            onChange(event.target.value);
          }}
          onInput={follow}
          onSelect={follow}
          onBlur={() => setCaret(null)}
          onKeyDown={press}
          onScroll={(event) => {
            if (scroll.current) scroll.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
        {open && (
          <ul id={own} role="listbox" aria-label="What could stand here" className={styles.offers}>
            {options.map((option, index) => (
              <li
                key={`${option.type} ${option.text}`}
                id={`${own}-${index}`}
                role="option"
                aria-selected={index === at}
                className={styles.offer}
                ref={index === at ? scrollTo : undefined}
                // The field keeps the focus.
                onMouseDown={(event) => {
                  event.preventDefault();
                  take(option);
                }}
              >
                <span>{visibleString(option.text.slice(0, 120))}</span>
                {option.type !== 'word' && <small>{option.type}</small>}
              </li>
            ))}
          </ul>
        )}
      </div>
      {wrong && (
        <ul id={`${own}-wrong`} className={styles.wrong} aria-label="Problems in the pattern">
          {shown.map(({ from, to, message }, index) => (
            <li key={index}>
              <button
                type="button"
                onClick={() => {
                  field.current?.focus();
                  field.current?.setSelectionRange(from, Math.max(from, to));
                }}
              >
                <CircleAlert size={12} aria-hidden />
                <span>
                  <b>Character {from + 1}</b> {visibleString(message.slice(0, 300))}
                </span>
              </button>
            </li>
          ))}
          {problems.length > MOST_SHOWN && <li className={styles.dim}>and {problems.length - MOST_SHOWN} more</li>}
        </ul>
      )}
    </div>
  );
}

/** The text again, under the field, with waves under what is wrong. */
function marked(text: string, problems: readonly PatternProblem[]): readonly ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { from, to } of [...problems].sort((a, b) => a.from - b.from).slice(0, 50)) {
    const begin = Math.max(at, from);
    const end = Math.min(text.length, Math.max(to, begin));
    if (end <= begin) continue;
    parts.push(text.slice(at, begin), <u key={begin}>{text.slice(begin, end)}</u>);
    at = end;
  }
  parts.push(`${text.slice(at)}\u200b`);
  return parts;
}

function scrollTo(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
