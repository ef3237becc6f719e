/** The form of a definition, made of the schema of its kind: what must be said first, what may be said below. */
import { useState } from 'react';
import { ChevronRight } from 'lucide-react';
import type { GraderKindInfo } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { COMMON_FIELDS } from './common-fields.ts';
import { fieldsOf, type Field } from './controls.ts';
import { problemsAt, useForm, type Path } from './form-context.ts';
import { GradersField } from './graders-field.tsx';
import { SchemaField } from './schema-field.tsx';
import styles from './form.module.css';

type Props = {
  readonly kind: GraderKindInfo;
  readonly definition: JsonObject;
  /** Of the definition within the whole: graders of `multi` have forms of their own. */
  readonly path: Path;
};

export function SchemaForm({ kind, definition, path }: Props) {
  const { problems } = useForm();
  const [open, setOpen] = useState(false);
  const own = fieldsOf(kind.schema).filter(({ key }) => key !== 'type');
  const known = new Set(own.map(({ key }) => key));
  const common = path.length === 0 ? COMMON_FIELDS.filter(({ key }) => !known.has(key)) : [];
  const shown = (field: Field): boolean => field.required || definition[field.key] !== undefined;
  const first = own.filter(shown);
  const rest = [...own.filter((field) => !shown(field)), ...common.filter((field) => !shown(field))];
  const said = common.filter(shown);
  const hasProblem = rest.some(({ key }) => problemsAt(problems, [...path, key], true).length > 0);
  return (
    <div className={styles.fields}>
      {[...first, ...said].map((field) => (
        <OneField key={field.key} kind={kind} field={field} value={definition[field.key]} path={[...path, field.key]} />
      ))}
      {rest.length > 0 && (
        <section className={styles.more}>
          <button
            type="button"
            className={styles.moreButton}
            aria-expanded={open || hasProblem}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight size={13} aria-hidden />
            {first.length === 0 ? 'Options' : 'More options'} ({rest.length})
          </button>
          {(open || hasProblem) &&
            rest.map((field) => (
              <OneField
                key={field.key}
                kind={kind}
                field={field}
                value={definition[field.key]}
                path={[...path, field.key]}
              />
            ))}
        </section>
      )}
    </div>
  );
}

function OneField({
  kind,
  field,
  value,
  path,
}: {
  readonly kind: GraderKindInfo;
  readonly field: Field;
  readonly value: Json | undefined;
  readonly path: Path;
}) {
  if (kind.type === 'multi' && field.key === 'graders')
    return (
      <GradersField
        field={field}
        value={value}
        path={path}
        renderForm={(inner, definition, at) => <SchemaForm kind={inner} definition={definition} path={at} />}
      />
    );
  const language =
    field.key === 'source' && (kind.type === 'javascript' || kind.type === 'python') ? kind.type : undefined;
  return <SchemaField field={field} value={value} path={path} language={language} />;
}
