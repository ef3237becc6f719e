/** One field of the form: label, control, what it is for, and what is wrong with it. */
import { useId, type ReactNode } from 'react';
import { CircleAlert, Plus, TriangleAlert, X } from 'lucide-react';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { CodeField } from './code-field.tsx';
import type { CodeLanguage } from './code-tokens.ts';
import { blankOf, controlOf, type Control, type Field } from './controls.ts';
import { pointerOf, problemsAt, useForm, type Path } from './form-context.ts';
import { PatternInput } from './pattern-input.tsx';
import { ListControl, MapControl, type RenderItem } from './group-controls.tsx';
import { ChoiceInput, JsonInput, NumberInput, TextInput } from './inputs.tsx';
import styles from './form.module.css';

type Props = {
  readonly field: Field;
  readonly value: Json | undefined;
  readonly path: Path;
  /** Of a text that is code. */
  readonly language?: CodeLanguage | undefined;
  /** Beside the label, such as the buttons of a list's item. */
  readonly extra?: ReactNode;
  /** What it is stands above it already. */
  readonly bare?: boolean;
};

const DEEPEST = 8;

export function SchemaField({ field, value, path, language, extra, bare = false }: Props) {
  const { problems, set, readOnly, subject } = useForm();
  const id = useId();
  const control: Control = path.length > DEEPEST ? { kind: 'json' } : controlOf(field.schema, value);
  // The field of a pattern says itself what is wrong in it, and where.
  const saysItself = field.schema.format === 'pattern' && typeof value === 'string' && value.trim() !== '';
  const wrong = saysItself ? [] : problemsAt(problems, path);
  const groups = control.kind === 'object' || control.kind === 'list';
  const about = field.about === '' ? undefined : `${id}-about`;
  const described = [about, wrong.length > 0 ? `${id}-wrong` : undefined].filter(Boolean).join(' ');
  const shared = {
    id,
    readOnly,
    invalid: wrong.some(({ severity }) => severity === 'error'),
    describedBy: described === '' ? undefined : described,
  };
  // A text that may be left out is left out when it is emptied.
  const change = (next: Json | undefined): void =>
    set(path, next === '' && !field.required && control.kind === 'text' ? undefined : next);
  const optional = !field.required && value !== undefined && path.length > 0;

  const inner = ((): ReactNode => {
    if (language !== undefined && control.kind === 'text')
      return (
        <CodeField
          id={id}
          label={field.title}
          language={language}
          value={typeof value === 'string' ? value : ''}
          onChange={change}
          readOnly={readOnly}
          describedBy={shared.describedBy}
          className={styles.source}
        />
      );
    if (field.schema.format === 'pattern' && control.kind === 'text')
      return <PatternInput {...shared} label={field.title} value={value} subject={subject} onChange={change} />;
    switch (control.kind) {
      case 'choice':
        return (
          <ChoiceInput
            {...shared}
            options={control.options}
            value={value}
            required={field.required}
            onChange={change}
          />
        );
      case 'switch':
        return (
          <label className={styles.switch}>
            <input
              type="checkbox"
              id={id}
              checked={value === true}
              disabled={readOnly}
              aria-describedby={shared.describedBy}
              onChange={(event) => change(event.target.checked)}
            />
            {field.title}
          </label>
        );
      case 'number':
        return <NumberInput {...shared} control={control} value={value} onChange={change} />;
      case 'text':
        return (
          <TextInput
            {...shared}
            label={field.title}
            value={value}
            known={control.known}
            grows={control.grows && field.key !== 'name'}
            subject={subject}
            onChange={change}
          />
        );
      case 'list':
        return value === undefined ? (
          <Begin title={field.title} schema={field.schema} onBegin={change} />
        ) : (
          <ListControl render={renderItem} title={field.title} item={control.item} value={value} path={path} />
        );
      case 'object':
        if (value === undefined) return <Begin title={field.title} schema={field.schema} onBegin={change} />;
        return (
          <>
            {control.fields.map((each) => (
              <SchemaField
                key={each.key}
                field={each}
                value={isJsonObject(value) ? value[each.key] : undefined}
                path={[...path, each.key]}
              />
            ))}
            {control.open && (
              <MapControl
                render={renderItem}
                schema={control.open}
                value={value}
                path={path}
                known={control.fields.map(({ key }) => key)}
              />
            )}
          </>
        );
      case 'either':
        return <Either field={field} control={control} value={value} path={path} />;
      case 'json':
        return <JsonInput {...shared} label={field.title} value={value} onChange={change} />;
    }
  })();

  const remove = optional && (groups || control.kind === 'either') && !readOnly && (
    <IconButton
      label={`Take away ${field.title}`}
      icon={<X size={12} aria-hidden />}
      onClick={() => set(path, undefined)}
    />
  );
  const notes = (
    <>
      {field.about !== '' && (
        <small id={about} className={styles.about}>
          {visibleString(field.about.slice(0, 600))}
        </small>
      )}
      {wrong.length > 0 && (
        <ul id={`${id}-wrong`} className={styles.wrong}>
          {wrong.slice(0, 5).map(({ severity, message }, index) => (
            <li key={index} data-severity={severity}>
              {severity === 'error' ? <CircleAlert size={12} aria-hidden /> : <TriangleAlert size={12} aria-hidden />}
              <span>{visibleString(message.slice(0, 500))}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
  if (groups || control.kind === 'either')
    return (
      <fieldset className={bare ? styles.bare : styles.group} data-pointer={pointerOf(path)}>
        <legend className={bare ? 'visually-hidden' : styles.label}>
          {visibleString(field.title)}
          {remove}
          {extra}
        </legend>
        {inner}
        {!bare && notes}
      </fieldset>
    );
  return (
    <div className={styles.field} data-pointer={pointerOf(path)}>
      {(control.kind !== 'switch' || extra !== undefined) && (
        <div className={bare ? 'visually-hidden' : styles.label}>
          <label htmlFor={id}>{visibleString(field.title)}</label>
          {extra}
        </div>
      )}
      {inner}
      {!bare && notes}
    </div>
  );
}

const renderItem: RenderItem = ({ field, value, path, extra }) => (
  <SchemaField field={field} value={value} path={path} extra={extra} />
);

function Begin({
  title,
  schema,
  onBegin,
}: {
  readonly title: string;
  readonly schema: JsonObject;
  readonly onBegin: (value: Json) => void;
}) {
  const { readOnly } = useForm();
  return (
    <div>
      <Button icon={<Plus size={12} aria-hidden />} disabled={readOnly} onClick={() => onBegin(blankOf(schema))}>
        {title}
      </Button>
    </div>
  );
}

/** A value of several possible shapes: which one, and its control. */
function Either({
  field,
  control,
  value,
  path,
}: {
  readonly field: Field;
  readonly control: Extract<Control, { kind: 'either' }>;
  readonly value: Json | undefined;
  readonly path: Path;
}) {
  const { set, readOnly } = useForm();
  const chosen = control.alternatives[control.chosen];
  if (value === undefined && chosen)
    return <Begin title={field.title} schema={chosen.schema} onBegin={(next) => set(path, next)} />;
  return (
    <>
      <select
        className={styles.input}
        aria-label={`Shape of ${field.title}`}
        disabled={readOnly}
        value={control.chosen}
        onChange={(event) => {
          const next = control.alternatives[Number(event.target.value)];
          if (next) set(path, blankOf(next.schema));
        }}
      >
        {control.alternatives.map(({ label }, index) => (
          <option key={index} value={index}>
            {label}
          </option>
        ))}
      </select>
      {chosen && (
        <SchemaField
          bare
          field={{ ...field, schema: chosen.schema, about: '', required: true }}
          value={value}
          path={path}
        />
      )}
    </>
  );
}
