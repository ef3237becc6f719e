/** The field of a pattern: its text, with a canvas beside it. */
import type { Json } from '#shared/json.ts';
import { PatternField } from '../../../charts/pattern/pattern-field.tsx';
import { useVocabulary } from '../../../charts/pattern/use-vocabulary.ts';

type Props = {
  readonly id: string;
  readonly label: string;
  readonly readOnly: boolean;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
  readonly value: Json | undefined;
  /** Of the trace that is chosen on the bench: names in it are offered. */
  readonly subject: Json | null;
  readonly onChange: (value: string) => void;
};

export function PatternInput({ value, subject, ...rest }: Props) {
  const known = useVocabulary(subject);
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return <PatternField {...rest} value={text} known={known} />;
}
