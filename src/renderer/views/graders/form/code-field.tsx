/**
 * Text in a fixed-width font with line numbers, colours and marks for what is wrong. A textarea that lies over its own
 * drawing, so that selection, input methods and spelling of the platform work as ever.
 */
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Json } from '#shared/json.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { codeTokens, type CodeLanguage } from './code-tokens.ts';
import { indented, newLine, outdented, type CodeEdit } from './indent.ts';
import { useCompletion } from './use-completion.tsx';
import styles from './form.module.css';

export type LineMark = { readonly line: number; readonly severity: 'error' | 'warning'; readonly message: string };

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly language: CodeLanguage;
  readonly marks?: readonly LineMark[];
  readonly subject?: Json | null;
  readonly readOnly?: boolean;
  readonly id?: string;
  readonly describedBy?: string | undefined;
  readonly className?: string | undefined;
};

/** Longer texts are drawn without colours. */
const LONGEST_COLOURED = 60_000;
const NO_MARKS: readonly LineMark[] = [];

export function CodeField(props: Props) {
  const { label, value, onChange, language, marks = NO_MARKS, subject = null, readOnly = false } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const drawing = useRef<HTMLDivElement>(null);
  // After Esc, Tab goes on to the next control.
  const [leaving, setLeaving] = useState(false);
  const lines = useMemo(() => value.split('\n'), [value]);
  const byLine = useMemo(() => new Map(marks.toReversed().map((mark) => [mark.line, mark])), [marks]);
  const completion = useCompletion({
    field,
    value,
    onChange,
    subject,
    topAt(caret) {
      const line = value.slice(0, caret).split('\n').length;
      const drawn = drawing.current?.children[line - 1];
      return drawn instanceof HTMLElement ? drawn.offsetTop + drawn.offsetHeight : 0;
    },
  });

  function apply({ text, caret }: CodeEdit): void {
    completion.setCaret(caret);
    onChange(text);
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>): void {
    const { selectionStart, selectionEnd } = event.currentTarget;
    const unit = language === 'python' ? '    ' : '  ';
    if (completion.press(event)) event.stopPropagation();
    else if (event.key === 'Escape' && !leaving) setLeaving(true);
    else if (readOnly || event.nativeEvent.isComposing) return;
    else if (event.key === 'Tab' && !leaving && !event.ctrlKey && !event.altKey)
      apply(
        event.shiftKey ? outdented(value, selectionStart, unit) : indented(value, selectionStart, selectionEnd, unit),
      );
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.shiftKey)
      apply(newLine(value, selectionStart, selectionEnd, unit, language));
    else {
      if (event.key !== 'Tab' && event.key !== 'Shift') setLeaving(false);
      return;
    }
    event.preventDefault();
  }

  const coloured = value.length <= LONGEST_COLOURED;
  return (
    <div className={`${styles.code} ${props.className ?? ''}`} data-digits={String(lines.length).length}>
      <div className={styles.codeInner}>
        <div ref={drawing} className={styles.drawing} aria-hidden>
          {lines.map((line, index) => {
            const mark = byLine.get(index + 1);
            return (
              <div
                key={index}
                className={styles.codeLine}
                data-line={index + 1}
                data-mark={mark?.severity}
                data-message={mark ? visibleString(mark.message.slice(0, 300)) : undefined}
              >
                {coloured
                  ? codeTokens(line, language).map(({ kind, text }, at) => (
                      <span key={at} className={styles[`${kind}Token`]}>
                        {text}
                      </span>
                    ))
                  : line}
                {line === '' && '\u200b'}
              </div>
            );
          })}
        </div>
        <textarea
          ref={field}
          id={props.id}
          className={styles.codeText}
          aria-label={label}
          aria-invalid={marks.some(({ severity }) => severity === 'error') || undefined}
          aria-describedby={props.describedBy}
          title="Tab indents; Esc and then Tab goes on"
          value={value}
          readOnly={readOnly}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={press}
          {...completion.props}
        />
        {completion.popup}
      </div>
    </div>
  );
}
