/** What every field of the form needs of the editor around it. */
import { createContext, use } from 'react';
import type { GraderKindInfo, GraderProblem } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { pointerKey } from '#shared/json-text.ts';

export type Path = readonly (string | number)[];

export type FormContextValue = {
  readonly kinds: readonly GraderKindInfo[];
  readonly problems: readonly GraderProblem[];
  /** What a grader is given of the trace that is chosen on the bench. */
  readonly subject: Json | null;
  readonly readOnly: boolean;
  /** Undefined takes the value away. */
  readonly set: (path: Path, value: Json | undefined) => void;
};

const FormContext = createContext<FormContextValue>({
  ...{ kinds: [], problems: [], subject: null, readOnly: true },
  set: () => undefined,
});

export const FormProvider = FormContext.Provider;

export function useForm(): FormContextValue {
  return use(FormContext);
}

export function pointerOf(path: Path): string {
  return path.map((key) => `/${pointerKey(key)}`).join('');
}

/** What is wrong with the value itself; with `within`, also with what is inside of it. */
export function problemsAt(problems: readonly GraderProblem[], path: Path, within = false): readonly GraderProblem[] {
  const pointer = pointerOf(path);
  return problems.filter((each) => each.path === pointer || (within && each.path.startsWith(`${pointer}/`)));
}
