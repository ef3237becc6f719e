/** What names a version of a grader: the SHA-256 of its canonical JSON. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { GraderDefinition } from '#shared/grader.ts';

const known = new WeakMap<GraderDefinition, string>();

export function definitionHash(definition: GraderDefinition): string {
  let hash = known.get(definition);
  if (hash === undefined) {
    hash = createHash('sha256').update(canonicalJson(definition)).digest('hex');
    known.set(definition, hash);
  }
  return hash;
}
