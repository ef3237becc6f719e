import { memo } from 'react';
import type { AgentTable, TraceLanes } from '#shared/lanes.ts';
import { formatDuration } from '#shared/time.ts';
import { visibleString } from '../../../../widgets/visible-text.ts';

/** Sentences read aloud one after the other stop helping long before this. */
const MOST = 200;

type Props = { readonly data: TraceLanes; readonly agents: AgentTable | null };

/** The lanes in sentences, for those who do not see the picture. */
export const LanesText = memo(function LanesText({ data, agents }: Props) {
  const onPath = [...(agents?.rows ?? [])].filter((row) => (row.critical ?? 0) > 0);
  onPath.sort((a, b) => (b.critical ?? 0) - (a.critical ?? 0));
  return (
    <div className="visually-hidden" data-testid="lanes-text">
      <ul aria-label="What each agent did">
        {data.lanes
          .filter(({ agent }) => agent !== '')
          .slice(0, MOST)
          .map(({ agent, stays, times }) => (
            <li key={agent}>
              {`${spoken(agent)} ran ${stays === 1 ? 'once' : `${stays} times`}`}
              {times &&
                `: generations ${formatDuration(times.generation)}, tools ${formatDuration(times.tool)}, waiting ${formatDuration(times.waiting)}, idle ${formatDuration(times.idle)}`}
              .
            </li>
          ))}
      </ul>
      {data.waits.length > 0 && (
        <ul aria-label="Who waited for whom">
          {data.waits.slice(0, MOST).map((wait) => (
            <li key={`${wait.agent}\n${wait.for ?? ''}`}>
              {`${spoken(wait.agent)} waited ${formatDuration(wait.ns)} for ${wait.for === null ? 'a person' : spoken(wait.for)}.`}
            </li>
          ))}
        </ul>
      )}
      {onPath.length > 0 && (
        <ul aria-label="The critical path">
          {onPath.slice(0, MOST).map((row) => (
            <li
              key={row.agent}
            >{`${spoken(row.agent) || 'No agent'}: ${formatDuration(row.critical)} of the critical path.`}</li>
          ))}
        </ul>
      )}
    </div>
  );
});

/** Nobody listens to more of a name. */
function spoken(name: string): string {
  return visibleString(name.slice(0, 120));
}
