/** What no grader may reach: a server that counts who connects, and a file that must stay as it is. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Watched = {
  /** The source with the places that it wants to reach. */
  readonly aim: (source: string) => string;
  /** What was touched, in words; empty = nothing. */
  readonly touched: () => readonly string[];
  readonly close: () => Promise<void>;
};

export async function watch(): Promise<Watched> {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4', () => connections++);
  await new Promise<void>((done) => datagrams.bind(port, '127.0.0.1', done));
  const folder = mkdtempSync(join(tmpdir(), 'tracewright-escapes-'));
  // One that may not come to be, and one that may not change.
  const file = join(folder, 'made-by-a-grader');
  const kept = join(folder, 'kept');
  writeFileSync(kept, 'as it was');
  return {
    aim: (source) => source.replaceAll('PORT', String(port)).replaceAll('FILE', file),
    touched: () => [
      ...(connections > 0 ? [`${connections} connections`] : []),
      ...(existsSync(file) ? ['a file was made'] : []),
      ...(readFileSync(kept, 'utf8') === 'as it was' ? [] : ['a file was changed']),
    ],
    async close() {
      await new Promise<void>((done) => server.close(() => done()));
      await new Promise<void>((done) => datagrams.close(() => done()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
