/** A crash loses at most the annotation in flight: the engine is killed while annotations are saved, at random moments. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { random } from '../support/make-trace.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const KILLS = 12;
const script = fileURLToPath(new URL('../support/annotate-engine.ts', import.meta.url));

test(
  `after ${KILLS} kills every annotation that was answered is there, and at most one more`,
  { timeout: 120_000 },
  async () => {
    const workspace = join(temporaryFolder(), 'killed.tracewright');
    const engine = await startEngine({ workspace });
    await sendItems(engine, [traceItem(), spanItem()]);
    await engine.settle();
    await engine.close();
    const moment = random(20_261_122);
    const answered = new Set<string>();
    for (let round = 0; round < KILLS; round++) {
      const wanted = 1 + Math.floor(moment() * 20);
      const extraMs = moment() * 6;
      const child = spawn(process.execPath, [script, workspace, String(round)], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      let errors = '';
      let armed = false;
      child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (armed || said.split('\n').length <= wanted) return;
        armed = true;
        setTimeout(() => child.kill('SIGKILL'), extraMs);
      });
      const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)));
      expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' });
      // A line that was cut off is not answered.
      for (const id of said.split('\n').slice(0, -1)) answered.add(id);
    }
    const again = await startEngine({ workspace });
    const rows = await again.call('annotation.list', { traceId: 't1' });
    await again.close();
    const kept = new Set(rows.map(({ id }) => id));
    expect([...answered].filter((id) => !kept.has(id))).toEqual([]);
    expect(kept.size - answered.size).toBeLessThanOrEqual(KILLS);
    // What is shown is what its revisions say, each of which is whole.
    expect(rows.every(({ id, note }) => note === `note ${id}`)).toBe(true);
    const db = new Database(workspace, { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.prepare('SELECT count(*) FROM annotation_revision').pluck().get()).toBe(kept.size);
    db.close();
  },
);
