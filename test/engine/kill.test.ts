/** No acknowledged span is ever lost: the engine is killed in the middle of a concurrent load, at random moments. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace, random } from '../support/make-trace.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const KILLS = 20;
const SENDERS = 4;
const script = fileURLToPath(new URL('../support/serve-engine.ts', import.meta.url));

test(
  `after ${KILLS} kills every acknowledged span is there once, and the file is sound`,
  { timeout: 120_000 },
  async () => {
    const workspace = join(temporaryFolder(), 'killed.tracewright');
    const acknowledged = new Set<string>();
    const sent = new Set<string>();
    const moment = random(20_261_121);
    let seed = 1;
    let killedWhileSending = 0;

    for (let round = 0; round < KILLS; round++) {
      const { child, url } = await startProcess(workspace);
      // Killed after so many acknowledgements, and then a random moment later: in receiving, decoding, committing, answering.
      const wanted = 1 + Math.floor(moment() * 12);
      const extraMs = moment() * 15;
      let answers = 0;
      let dead = false;

      async function sender(): Promise<void> {
        while (!dead) {
          const spans = makeTrace('swarm', { seed: seed++, spans: 60 });
          for (const span of spans) sent.add(span.spanId);
          try {
            const response = await fetch(`${url}/v1/traces`, {
              method: 'POST',
              headers: { 'content-type': 'application/x-protobuf' },
              body: otlpProtobuf(spans) as BodyInit,
            });
            if (response.status !== 200) continue;
            for (const span of spans) acknowledged.add(span.spanId);
            answers++;
            if (answers === wanted) setTimeout(() => child.kill('SIGKILL'), extraMs);
          } catch {
            killedWhileSending++;
            return;
          }
        }
      }

      const gone = new Promise<void>((resolve) => {
        child.once('exit', () => {
          dead = true;
          resolve();
        });
      });
      await Promise.all([...Array.from({ length: SENDERS }, sender), gone]);
    }

    expect(killedWhileSending).toBeGreaterThan(KILLS);
    const engine = await startEngine({ workspace });
    await engine.settle();
    await engine.close();
    const db = new Database(workspace, { readonly: true });
    const stored = db.prepare('SELECT span_id FROM span').pluck().all() as string[];
    const integrity = db.pragma('integrity_check', { simple: true });
    const derived = db.prepare('SELECT count(*) FROM trace WHERE dirty = 1').pluck().get();
    db.close();
    const unique = new Set(stored);
    expect(stored.length).toBe(unique.size);
    expect([...acknowledged].filter((id) => !unique.has(id))).toEqual([]);
    expect([...unique].filter((id) => !sent.has(id))).toEqual([]);
    expect({ integrity, derived }).toEqual({ integrity: 'ok', derived: 0 });
  },
);

async function startProcess(workspace: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [script, workspace], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().trim());
    });
    child.once('exit', () => {
      reject(new Error(`the engine did not start: ${errors}`));
    });
  });
  return { child, url };
}
