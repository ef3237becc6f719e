/** One assertion of promptfoo, and what a mapping makes of it. */
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';

export const ANSWER = '{{ sample.output_text }}';

export type Assertion = {
  /** Without `not-`. */
  readonly type: string;
  readonly negated: boolean;
  /** Templates in it are paths of ours already. */
  readonly value: Json;
  readonly threshold: number | null;
  readonly source: JsonObject;
};

export type Note = Omit<ExchangeProblem, 'path'>;

export type Mapped =
  | {
      /** Without a name. */
      readonly grader: JsonObject & { readonly type: string };
      /** What `not-` has yet to do: `score` of 0 or 1 is turned round, of others less is better. */
      readonly turn: 'done' | 'binary' | 'score';
      readonly notes: readonly Note[];
    }
  | { readonly refused: string };

export type Mapping = (assertion: Assertion) => Mapped;

export function made(
  grader: JsonObject & { readonly type: string },
  turn: 'done' | 'binary' | 'score' = 'binary',
  ...notes: readonly Note[]
): Mapped {
  return { grader, turn, notes };
}

export function refused(why: string): Mapped {
  return { refused: why };
}

export function warning(message: string): Note {
  return { severity: 'warning', message };
}

export function info(message: string): Note {
  return { severity: 'info', message };
}

/** As promptfoo reads it: a number is a text, too. */
export function textOf(value: Json): string | null {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : null;
}

/** A list, or texts divided by commas. */
export function listOf(value: Json): readonly string[] | null {
  if (typeof value === 'string')
    return value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  if (!Array.isArray(value)) return null;
  const texts = (value as readonly Json[]).map(textOf);
  return texts.length === 0 || texts.includes(null) ? null : texts.filter((each) => each !== null);
}

export function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  return null;
}
