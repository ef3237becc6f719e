/** What saving the text in the editor would change. Asked anew each time that it is looked at; labels may have come since. */
import { useState } from 'react';
import type { FlipPreview } from '#shared/flips.ts';
import type { GraderRuns } from '#shared/grader.ts';
import type { JsonObject } from '#shared/json.ts';
import type { EngineQuery } from '../../../data/engine.ts';
import { useEngine } from '../../../data/engine.ts';

export type FlipSource = { readonly taxonomy: string; readonly category: string } | null;

export type Flips = EngineQuery<FlipPreview> & {
  /** It asks a model, and was not told to. */
  readonly waits: boolean;
  readonly ask: () => void;
  readonly source: FlipSource;
  readonly setSource: (source: FlipSource) => void;
};

type Options = {
  readonly graderId: string | null;
  readonly definition: JsonObject;
  readonly query: string;
  readonly runs: GraderRuns;
};

export function useFlips({ graderId, definition, query, runs }: Options): Flips {
  const [jobId] = useState(() => crypto.randomUUID());
  const [asked, setAsked] = useState(false);
  const [source, setSource] = useState<FlipSource>(null);
  const waits = runs === 'endpoint' && !asked;
  const answer = useEngine(
    'flip.preview',
    {
      graderId,
      definition,
      jobId,
      ...(query === '' ? {} : { query }),
      ...(asked ? { ask: true } : {}),
      ...(source ?? {}),
    },
    { enabled: !waits, keepPrevious: true },
  );
  return { ...answer, waits, ask: () => setAsked(true), source, setSource };
}
