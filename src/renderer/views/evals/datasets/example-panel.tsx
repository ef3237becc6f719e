/** One example with all it has: long texts, the trajectory and the fields, checked as they are typed. */
import { useEffect, useId, useRef, useState } from 'react';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import type { DatasetExample } from '#shared/dataset.ts';
import type { Result } from '#shared/result.ts';
import { ok } from '#shared/result.ts';
import { useSelection } from '../../../state/selection.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { originText, readItem, withCell, type Column } from './model/cells.ts';
import type { GridRow } from './model/drafts.ts';
import styles from './datasets.module.css';

type Props = {
  readonly row: GridRow;
  readonly index: number;
  readonly last: number;
  readonly readOnly: boolean;
  /** What has the focus first, each time that `request` counts up. */
  readonly at: Column | null;
  readonly request: number;
  readonly onChange: (row: GridRow, example: DatasetExample) => void;
  readonly onTurn: (by: -1 | 1) => void;
  /** Puts a trace against its expected tool calls, as they are stored; null = they are in no stored version. */
  readonly onCompare: (() => void) | null;
  readonly onClose: () => void;
};

export function ExamplePanel(props: Props) {
  const { row, index, last, readOnly: viewOnly, at, request, onChange, onTurn, onCompare, onClose } = props;
  const { example } = row;
  const readOnly = viewOnly || row.state === 'removed';
  const focus =
    at?.kind === 'expected' || at?.kind === 'trajectory'
      ? at.kind
      : at?.kind === 'field'
        ? 'item'
        : at?.kind === 'key' && row.state === 'added'
          ? 'key'
          : 'input';
  const take =
    (read: (text: string) => Result<DatasetExample, string>) =>
    (text: string): string | null => {
      const result = read(text);
      if (!result.ok) return result.error;
      onChange(row, result.value);
      return null;
    };
  const cell = (kind: 'key' | 'input' | 'expected' | 'trajectory') =>
    take((text) => withCell(example, { kind, label: '' }, text));
  const { origin } = example;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (request > 0) panel.current?.querySelector<HTMLElement>('[data-first]')?.focus();
  }, [request]);
  return (
    <aside
      ref={panel}
      className={styles.panel}
      aria-label="Example"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <header className={styles.panelHead}>
        <h2 className={styles.panelTitle} title={example.key.slice(0, 300)}>
          {example.key === '' ? 'New example' : visibleString(example.key.slice(0, 120))}
        </h2>
        <IconButton
          label="Example above"
          icon={<ChevronUp size={15} aria-hidden />}
          disabled={index === 0}
          onClick={() => onTurn(-1)}
        />
        <IconButton
          label="Example below"
          icon={<ChevronDown size={15} aria-hidden />}
          disabled={index >= last}
          onClick={() => onTurn(1)}
        />
        <IconButton label="Close the example" keys="escape" icon={<X size={15} aria-hidden />} onClick={onClose} />
      </header>
      <div className={styles.panelBody}>
        <p className={styles.origin}>
          {origin.kind === 'trace' ? (
            <>
              Made of a trace.{' '}
              <Button variant="ghost" onClick={() => useSelection.getState().openTrace(origin.traceId)}>
                Open the trace
              </Button>
            </>
          ) : origin.kind === 'file' ? (
            <>From {visibleString(originText(example).slice(0, 200))}.</>
          ) : (
            <>Written by hand.</>
          )}
        </p>
        {row.state === 'added' && (
          <Field
            id={row.id}
            label="Key"
            hint="Unique in the dataset; one is given when it is empty."
            value={example.key}
            focus={focus === 'key'}
            readOnly={readOnly}
            rows={1}
            onTake={cell('key')}
          />
        )}
        <Field
          id={row.id}
          label="Input"
          value={example.input ?? ''}
          focus={focus === 'input'}
          readOnly={readOnly}
          rows={6}
          onTake={cell('input')}
        />
        <Field
          id={row.id}
          label="Expected output"
          value={example.expectedOutput ?? ''}
          focus={focus === 'expected'}
          readOnly={readOnly}
          rows={6}
          onTake={cell('expected')}
        />
        <Field
          id={row.id}
          label="Expected trajectory"
          hint={'JSON: [{"name": "search", "arguments": {"q": "…"}}]. Empty = none is known; [] = no tool call.'}
          value={example.expectedTrajectory === null ? '' : JSON.stringify(example.expectedTrajectory, null, 2)}
          focus={focus === 'trajectory'}
          readOnly={readOnly}
          rows={9}
          code
          onTake={cell('trajectory')}
        />
        {onCompare && row.state === 'kept' && (example.expectedTrajectory?.length ?? 0) > 0 && (
          <p className={styles.origin}>
            <Button variant="ghost" onClick={onCompare}>
              Compare a trace with it…
            </Button>
          </p>
        )}
        <Field
          id={row.id}
          label="Fields"
          hint="JSON: what graders see as {{ item.… }}, beside input, expected_output and expected_trajectory."
          value={JSON.stringify(example.item, null, 2)}
          focus={focus === 'item'}
          readOnly={readOnly}
          rows={8}
          code
          onTake={take((text) => {
            const read = readItem(text);
            return read.ok ? ok({ ...example, item: read.value }) : read;
          })}
        />
      </div>
    </aside>
  );
}

type FieldProps = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly focus: boolean;
  readonly readOnly: boolean;
  readonly rows: number;
  readonly code?: boolean;
  readonly onTake: (text: string) => string | null;
};

/** Another example, or the text taken back: the field begins anew. */
function Field(props: FieldProps) {
  return <FieldOf key={`${props.id} ${props.value}`} {...props} />;
}

function FieldOf({ label, hint, value, focus, readOnly, rows, code, onTake }: FieldProps) {
  const [text, setText] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const taken = useRef(value);
  const hintId = useId();
  const Input = rows === 1 ? 'input' : 'textarea';

  function finish(): void {
    if (readOnly || text === taken.current) return;
    const wrong = onTake(text);
    setProblem(wrong);
    if (wrong === null) taken.current = text;
  }

  return (
    <label className={styles.field}>
      <span>{label}</span>
      <Input
        data-first={focus ? '' : undefined}
        className={code ? styles.code : undefined}
        rows={rows}
        value={text}
        readOnly={readOnly}
        spellCheck={!code}
        aria-invalid={problem !== null}
        aria-describedby={hintId}
        onChange={(event) => {
          setText(event.target.value);
          setProblem(null);
        }}
        onBlur={finish}
        onKeyDown={(event) => {
          // Saved with the rest, not after it.
          if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') finish();
          if (event.key === 'Escape') finish();
        }}
      />
      <small
        id={hintId}
        role={problem === null ? undefined : 'alert'}
        className={problem === null ? undefined : styles.wrong}
      >
        {problem ?? hint ?? ''}
      </small>
    </label>
  );
}
