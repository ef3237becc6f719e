/** What is found in a file of graders. */
import type { GraderDefinition } from '#shared/grader.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json } from '#shared/json.ts';

/** A definition as the file has it, or as it was made of an assertion; it is not checked yet. */
export type FoundGrader = { readonly path: string; readonly definition: Json };

export type FoundGraders = {
  /** For people: "promptfoo configuration". */
  readonly format: string;
  readonly graders: readonly FoundGrader[];
  readonly problems: readonly ExchangeProblem[];
};

export type ReadGraders = {
  readonly format: string;
  /** Usable ones, normalised. */
  readonly definitions: readonly { readonly path: string; readonly definition: GraderDefinition }[];
  readonly problems: readonly ExchangeProblem[];
};

/** What is written, with what it cannot hold. */
export type WrittenGraders = {
  readonly text: string;
  readonly written: number;
  readonly problems: readonly ExchangeProblem[];
};

/** One token of a JSON pointer. */
export function token(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
