import { memo } from 'react';
import type { ViewGraph } from './view-graph.ts';
import { spokenName } from './node-card.tsx';
import { edgeSentence, nodeSentence } from './wording.ts';

/** Sentences read aloud one after the other stop helping long before this. */
const MOST = 400;

/** The graph in sentences, for those who do not see the picture. */
export const TextAlternative = memo(function TextAlternative({ view }: { readonly view: ViewGraph }) {
  const names = new Map(view.nodes.map((node) => [node.id, spokenName(node)]));
  const nodes = view.nodes.filter((node) => node.kind !== 'user').slice(0, MOST);
  const edges = view.edges.slice(0, MOST);
  const people = view.nodes.filter((node) => node.kind === 'user').length;
  const left = view.nodes.length - people + view.edges.length - nodes.length - edges.length;
  return (
    <div className="visually-hidden" data-testid="graph-text">
      <ul aria-label="Agents and tools of this trace">
        {nodes.map((node) => (
          <li key={node.id}>{nodeSentence(node.kind, spokenName(node), node.members)}</li>
        ))}
      </ul>
      <ul aria-label="What passed between them">
        {edges.map((edge) => (
          <li key={edge.key}>{edgeSentence(edge, (id) => names.get(id) ?? id)}</li>
        ))}
      </ul>
      {view.teams.length > 0 && (
        <ul aria-label="Teams">
          {view.teams.map((team) => (
            <li key={team.id}>
              {`Team of ${team.name}: ${team.members
                .slice(0, MOST)
                .map((id) => names.get(id) ?? id)
                .join(', ')}.`}
            </li>
          ))}
        </ul>
      )}
      {left > 0 && <p>{left} more are not listed.</p>}
    </div>
  );
});
