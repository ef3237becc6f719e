import type { Command } from 'commander';
import { AppFailure } from '#shared/result.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { wholeNumber } from './context.ts';
import { open } from './engine.ts';

const DEFAULT_PORT = 4318;
const port = wholeNumber(0, 65_535);

export function addServe(program: Command, run: Run): void {
  program
    .command('serve')
    .description('Collect traces without a window, until SIGINT or SIGTERM')
    .option(
      '--http-port <n>',
      `port of the collector, 0 = any free one (default: ${DEFAULT_PORT}); the next free one is used when it is taken`,
      port,
    )
    .option(
      '--grpc-port <n>',
      'port for gRPC, 0 = any free one (default: one below the other); each port takes both gRPC and HTTP',
      port,
    )
    .action((options: { httpPort?: number; grpcPort?: number }, command: Command) =>
      run(command, (context) => serve(context, options)),
    );
}

async function serve(context: Context, options: { httpPort?: number; grpcPort?: number }): Promise<ExitCode> {
  const { io } = context;
  const stopped = new Promise<void>((resolve) => {
    io.onStop(resolve);
  });
  const opened = await open(context, {
    httpPort: options.httpPort ?? portFrom(io.env.TRACEWRIGHT_HTTP_PORT),
    ...(options.grpcPort === undefined ? {} : { grpcPort: options.grpcPort }),
    readerThread: true,
  });
  if (!opened.ok) throw new AppFailure(opened.error);
  const engine = opened.value;
  try {
    const { httpUrl, grpcAddress, notice, workspace } = engine.info();
    if (httpUrl === null) {
      throw new AppFailure({ code: 'port_taken', message: notice ?? 'The collector did not start.' });
    }
    if (notice !== null) io.err(`${notice}\n`);
    const ready = { ready: true, http: httpUrl, grpc: grpcAddress, workspace };
    await io.out(context.json ? `${JSON.stringify(ready)}\n` : `Ready: collecting on ${httpUrl} into ${workspace}\n`);
    await stopped;
  } finally {
    await engine.close();
  }
  return 0;
}

function portFrom(text: string | undefined): number {
  return text ? port(text) : DEFAULT_PORT;
}
