import { Check, Pencil, Plug, Star, Trash2 } from 'lucide-react';
import type { EndpointDraft, EndpointTest, JudgeEndpoint } from '#shared/endpoint.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { Chip } from '../../../widgets/chip.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { hostOf, keyWords } from './wording.ts';
import styles from './endpoints.module.css';

/** Of a server with hundreds, the rest is found by typing in the dialog. */
const SHOWN_MODELS = 12;

type Props = {
  readonly endpoint: JudgeEndpoint;
  /** Undefined = not tested; null = being tested. */
  readonly test: EndpointTest | null | undefined;
  readonly readOnly: boolean;
  readonly onTest: () => void;
  readonly onEdit: () => void;
  readonly onConfirm: () => void;
  readonly onChange: (change: Partial<EndpointDraft>) => void;
  readonly onRemove: () => void;
};

export function EndpointRow({ endpoint, test, readOnly, onTest, onEdit, onConfirm, onChange, onRemove }: Props) {
  const name = visibleString(endpoint.label);
  const key = keyWords(endpoint);
  return (
    <li className={styles.row} aria-label={name}>
      <div className={styles.facts}>
        <div className={styles.name}>
          <strong title={name}>{name}</strong>
          {endpoint.isDefault && <Chip tone="accent">default</Chip>}
          {!endpoint.loopback && (
            <Chip tone={endpoint.confirmed ? 'neutral' : 'warn'}>
              {endpoint.confirmed ? 'another computer' : 'not allowed yet'}
            </Chip>
          )}
        </div>
        <p className={styles.detail}>
          <code className={styles.address} title={visibleString(endpoint.baseUrl)}>
            {visibleString(endpoint.baseUrl)}
          </code>
          <span className={styles.model}>
            {endpoint.model === '' ? 'no model chosen' : visibleString(endpoint.model)}
          </span>
          {key !== null && <span>{key}</span>}
        </p>
      </div>
      <div className={styles.rowButtons}>
        {endpoint.confirmed ? (
          <Button icon={<Plug size={13} aria-hidden />} disabled={test === null} onClick={onTest}>
            {test === null ? 'Asking…' : 'Test'}
          </Button>
        ) : (
          <Button disabled={readOnly} onClick={onConfirm}>
            Allow {hostOf(endpoint)}…
          </Button>
        )}
        <IconButton
          label={endpoint.isDefault ? `${name} is the default` : `Make ${name} the default`}
          icon={<Star size={13} aria-hidden fill={endpoint.isDefault ? 'currentColor' : 'none'} />}
          pressed={endpoint.isDefault}
          disabled={readOnly || endpoint.isDefault}
          onClick={() => onChange({ isDefault: true })}
        />
        <IconButton
          label={`Edit ${name}`}
          icon={<Pencil size={13} aria-hidden />}
          disabled={readOnly}
          onClick={onEdit}
        />
        <IconButton
          label={`Remove ${name}`}
          icon={<Trash2 size={13} aria-hidden />}
          disabled={readOnly}
          onClick={onRemove}
        />
      </div>
      {test && (
        <div className={`${styles.test} ${test.ok ? '' : styles.failed}`} role="status">
          <p className="selectable">{visibleString(test.message)}</p>
          {test.models.length > 0 && (
            <ul className={styles.models} aria-label={`Models of ${name}`}>
              {test.models.slice(0, SHOWN_MODELS).map((model) => (
                <li key={model}>
                  <button
                    type="button"
                    className={styles.modelButton}
                    aria-pressed={model === endpoint.model}
                    disabled={readOnly}
                    title={`Ask ${visibleString(model)}`}
                    onClick={() => onChange({ model })}
                  >
                    {model === endpoint.model && <Check size={12} aria-hidden />}
                    <span>{visibleString(model)}</span>
                  </button>
                </li>
              ))}
              {test.models.length > SHOWN_MODELS && (
                <li className={styles.dim}>and {test.models.length - SHOWN_MODELS} more</li>
              )}
            </ul>
          )}
        </div>
      )}
    </li>
  );
}
