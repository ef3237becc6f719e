import { memo } from 'react';
import { levelOf } from '../../../../charts/flame/boxes.ts';
import { boxSentence } from './flame-words.ts';
import type { FlameScene } from './scene.ts';

/** Sentences read aloud one after the other stop helping long before this. */
const MOST = 200;

/** The picture in sentences, for those who do not see it: spans in the order of the tree, or nodes by their weight. */
export const FlameText = memo(function FlameText({
  scene,
  note,
}: {
  readonly scene: FlameScene;
  readonly note: string;
}) {
  const { boxes, folded } = scene;
  const owners = [...boxes.owner].slice(0, folded ? boxes.count : MOST * 4);
  if (folded) {
    const { total } = folded.weighed;
    owners.sort((a, b) => (total[b] ?? 0) - (total[a] ?? 0) || a - b);
  } else owners.sort((a, b) => a - b);
  const shown = owners.slice(0, MOST);
  return (
    <div className="visually-hidden" data-testid="flame-text">
      <p id="flame-text">
        {note} Arrow keys go to parent, first child and siblings{folded ? ', Enter to the next span of a box' : ''}.
      </p>
      <ul aria-label={folded ? 'The heaviest paths' : 'Spans in the order of the tree'}>
        {shown.map((owner) => (
          <li key={owner}>{boxSentence(scene, owner, levelOf(boxes, boxes.boxOf[owner] ?? 0))}</li>
        ))}
        {boxes.count > MOST && <li>{`${boxes.count - shown.length} more are in the tree of spans.`}</li>}
      </ul>
    </div>
  );
});
