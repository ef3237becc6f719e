/**
 * HTTP/1 and gRPC on one port: the first bytes tell them apart, so that a user who swaps the two well-known ports simply
 * gets data.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The HTTP/2 client preface begins with it, and no HTTP/1 method does. */
const PREFACE = 'PRI';
/** A connection that says nothing for this long (milliseconds) is closed. */
const FIRST_BYTES_MS = 30_000;

/** Looks at each new connection before the HTTP server does, and gives those that speak HTTP/2 to `grpc`. */
export function takeGrpcFrom(server: Server, grpc: (socket: Socket) => void): void {
  const [http] = server.listeners('connection') as ((socket: Socket) => void)[];
  if (!http) throw new Error('An HTTP server listens to its connections.');
  server.removeListener('connection', http);
  server.on('connection', (socket: Socket) => {
    firstBytes(socket, (isGrpc) => {
      if (isGrpc) grpc(socket);
      else http.call(server, socket);
    });
  });
}

function firstBytes(socket: Socket, decided: (isGrpc: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const silent = setTimeout(() => socket.destroy(), FIRST_BYTES_MS).unref();

  function look(): void {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const start = seen.subarray(0, PREFACE.length).toString('latin1');
    if (start.length < PREFACE.length && PREFACE.startsWith(start)) return;
    settle();
    socket.unshift(seen);
    decided(start === PREFACE);
  }
  function settle(): void {
    clearTimeout(silent);
    socket.removeListener('readable', look);
    socket.removeListener('error', settle);
    socket.removeListener('close', settle);
  }
  socket.on('readable', look);
  // A client may vanish before it said what it is.
  socket.on('error', settle);
  socket.on('close', settle);
}
