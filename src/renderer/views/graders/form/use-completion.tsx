/** Offers template paths while somebody types `{{ …` in a text field, each with its value in the chosen trace. */
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import type { Json } from '#shared/json.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { complete, templateAt, type Completion } from '../model/complete.ts';
import styles from './form.module.css';

type Options = {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What a grader would be given; null = no trace is chosen. */
  readonly subject: Json | null;
  /** Pixels from the top of the field's box where the list opens; under the field unless given. */
  readonly topAt?: (caret: number) => number;
};

export type CompletionProps = {
  readonly 'aria-autocomplete': 'list';
  readonly 'aria-controls': string | undefined;
  readonly 'aria-activedescendant': string | undefined;
  readonly onSelect: () => void;
  readonly onInput: () => void;
  readonly onBlur: () => void;
};

export function useCompletion({ field, value, onChange, subject, topAt }: Options): {
  readonly props: CompletionProps;
  readonly popup: ReactNode;
  /** True = the key was for the list. */
  readonly press: (event: KeyboardEvent) => boolean;
  /** Puts the caret there once the new value is drawn. */
  readonly setCaret: (at: number) => void;
} {
  const list = useId();
  const [caret, setCaretState] = useState<number | null>(null);
  const [closed, setClosed] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const pending = useRef<number | null>(null);

  useLayoutEffect(() => {
    if (pending.current === null) return;
    field.current?.setSelectionRange(pending.current, pending.current);
    pending.current = null;
  });

  const place = caret === null || subject === null ? null : templateAt(value, caret);
  const offers = place === null || subject === null || place.path === closed ? [] : complete(subject, place.path);
  const [only] = offers;
  const open = offers.length > 0 && !(offers.length === 1 && only?.path === place?.path && only?.next === '');
  const at = Math.min(active, offers.length - 1);

  function take(offer: Completion | undefined): void {
    if (!offer || !place || caret === null) return;
    const rest = value.slice(caret);
    const end = offer.next === '' ? (/^\s*\}\}/.test(rest) ? '' : ' }}') : offer.next;
    const next = caret - place.path.length + offer.path.length + end.length;
    pending.current = next;
    setCaretState(next);
    setActive(0);
    onChange(value.slice(0, place.from) + offer.path + end + rest);
    field.current?.focus();
  }

  function press(event: KeyboardEvent): boolean {
    if (event.key === ' ' && event.ctrlKey) {
      setClosed(null);
      setCaretState(field.current?.selectionStart ?? null);
      return true;
    }
    if (!open) return false;
    if (event.key === 'ArrowDown') setActive((at + 1) % offers.length);
    else if (event.key === 'ArrowUp') setActive((at + offers.length - 1) % offers.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(offers[at]);
    else if (event.key === 'Escape') setClosed(place?.path ?? null);
    else return false;
    return true;
  }

  function follow(): void {
    const { selectionStart = null, selectionEnd = null } = field.current ?? {};
    setCaretState(selectionStart === selectionEnd ? selectionStart : null);
  }

  const top = topAt && caret !== null ? topAt(caret) : null;
  return {
    press,
    setCaret: (next) => (pending.current = next),
    props: {
      'aria-autocomplete': 'list',
      'aria-controls': open ? list : undefined,
      'aria-activedescendant': open ? `${list}-${at}` : undefined,
      onSelect: follow,
      onInput: follow,
      onBlur: () => setCaretState(null),
    },
    popup: open ? (
      <ul
        id={list}
        role="listbox"
        aria-label="Paths in the chosen trace"
        className={styles.offers}
        style={top === null ? undefined : { top }}
      >
        {offers.map((offer, index) => (
          <li
            key={offer.path}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            className={styles.offer}
            ref={index === at ? scrollTo : undefined}
            // The field keeps the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              take(offer);
            }}
          >
            <span className={styles.offerName}>{visibleString(offer.label.slice(0, 80))}</span>
            <span className={styles.offerValue}>{visibleString(offer.preview)}</span>
          </li>
        ))}
      </ul>
    ) : null,
  };
}

function scrollTo(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
