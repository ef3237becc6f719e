import { useId, useState } from 'react';
import { ChevronRight, RotateCcw, Scale } from 'lucide-react';
import type { DetectorEdits, DetectorInfo, DetectorParameter, Severity } from '#shared/detect.ts';
import { SEVERITIES } from '#shared/detect.ts';
import { askDraftsOf } from '../../../state/grader-from-trace.ts';
import { Button } from '../../../widgets/button.tsx';
import { isChanged, readValue, spoken, withEdit, withSeverity, withoutEdit } from './edits.ts';
import styles from './detectors.module.css';

type Props = {
  readonly detector: DetectorInfo;
  readonly edits: DetectorEdits;
  readonly open: boolean;
  readonly readOnly: boolean;
  readonly onOpen: () => void;
  readonly onSave: (edits: DetectorEdits) => void;
};

/** One rule: switched in its row, explained and tuned below it. */
export function DetectorRow({ detector, edits, open, readOnly, onOpen, onSave }: Props) {
  const panel = useId();
  const { id, title, enabled, severity } = detector;
  const changed = isChanged(detector);
  return (
    <li className={enabled ? '' : styles.off}>
      <div className={styles.row}>
        <input
          type="checkbox"
          checked={enabled}
          disabled={readOnly}
          aria-label={`${title} is on`}
          onChange={(event) => onSave(withEdit(edits, id, { enabled: event.target.checked }))}
        />
        <button type="button" className={styles.opener} aria-expanded={open} aria-controls={panel} onClick={onOpen}>
          <ChevronRight size={13} aria-hidden className={open ? styles.turned : ''} />
          <span className={styles.title}>{title}</span>
          <code className={styles.id}>{id}</code>
          {changed && <span className={styles.changed}>changed</span>}
        </button>
      </div>
      <div id={panel} hidden={!open} className={styles.panel}>
        <p className={`${styles.definition} selectable`}>
          <Definition text={detector.definition} />
        </p>
        <div className={styles.fields}>
          <label className={styles.field}>
            <span className={styles.label}>Severity of its findings</span>
            <select
              value={severity ?? ''}
              disabled={readOnly}
              onChange={({ target: { value } }) =>
                onSave(withSeverity(edits, id, SEVERITIES.find((each): each is Severity => each === value) ?? null))
              }
            >
              <option value="">As the rule says</option>
              {SEVERITIES.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
          {Object.entries(detector.parameters).map(([name, parameter]) => (
            <Parameter
              // Another value from elsewhere (a reset, another window) replaces what is being typed.
              key={`${name} ${parameter.value}`}
              name={name}
              of={title}
              parameter={parameter}
              readOnly={readOnly}
              onChange={(value) => onSave(withEdit(edits, id, { parameters: { [name]: value } }))}
            />
          ))}
        </div>
        <Button
          icon={<RotateCcw size={13} aria-hidden />}
          disabled={readOnly || !changed}
          onClick={() => onSave(withoutEdit(edits, id))}
        >
          Reset
        </Button>{' '}
        <Button
          icon={<Scale size={13} aria-hidden />}
          disabled={readOnly}
          onClick={() => askDraftsOf({ kind: 'detector', id }, title)}
        >
          Grader from it…
        </Button>
      </div>
    </li>
  );
}

/** Names of parameters, in back quotes, as code. */
function Definition({ text }: { readonly text: string }) {
  return text.split('`').map((part, k) => (k % 2 === 1 ? <code key={k}>{part}</code> : part));
}

type ParameterProps = {
  readonly name: string;
  readonly of: string;
  readonly parameter: DetectorParameter;
  readonly readOnly: boolean;
  readonly onChange: (value: number) => void;
};

function Parameter({ name, of, parameter, readOnly, onChange }: ParameterProps) {
  const [text, setText] = useState(String(parameter.value));
  const hint = useId();
  const read = readValue(text, parameter);

  function commit(): void {
    if (read.ok && read.value !== parameter.value) onChange(read.value);
  }

  return (
    <label className={styles.field}>
      <span className={styles.label}>
        {parameter.about} <code>{name}</code>
      </span>
      <input
        type="text"
        inputMode={parameter.whole ? 'numeric' : 'decimal'}
        value={text}
        disabled={readOnly}
        spellCheck={false}
        aria-label={`${of}: ${parameter.about}`}
        aria-invalid={!read.ok}
        aria-describedby={hint}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => (read.ok ? commit() : setText(String(parameter.value)))}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          else if (event.key === 'Escape') setText(String(parameter.value));
          else return;
          event.stopPropagation();
        }}
      />
      <span id={hint} className={read.ok ? styles.hint : styles.wrong} role={read.ok ? undefined : 'alert'}>
        {read.ok
          ? `${spoken(parameter.least)} to ${spoken(parameter.most)}, default ${spoken(parameter.standard)}`
          : read.error}
      </span>
    </label>
  );
}
