/** What the app is told from outside: arguments first, then the environment, then defaults. */
import { join, resolve } from 'node:path';

export type Settings = {
  readonly workspace: string;
  readonly httpPort: number;
  readonly nativeBinding: string | null;
};

const defaultHttpPort = 4318;

export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv, userData: string): Settings {
  const workspace = valueOf('--workspace', args) ?? env.TRACEWRIGHT_WORKSPACE;
  return {
    workspace: workspace ? resolve(workspace) : join(userData, 'workspace.tracewright'),
    httpPort: portOf(valueOf('--http-port', args) ?? env.TRACEWRIGHT_HTTP_PORT),
    nativeBinding: env.TRACEWRIGHT_SQLITE_BINDING ?? null,
  };
}

/** Both `--name value` and `--name=value`. */
function valueOf(name: string, args: readonly string[]): string | undefined {
  const index = args.indexOf(name);
  if (index >= 0) return args[index + 1];
  return args.find((argument) => argument.startsWith(`${name}=`))?.slice(name.length + 1);
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? '');
  return text && Number.isInteger(port) && port >= 0 && port < 65_536 ? port : defaultHttpPort;
}
