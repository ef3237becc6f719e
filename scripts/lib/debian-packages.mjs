import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { SetupError, run, seconds } from './processes.mjs';

// What a window needs. Names after a bar are those of releases after the 64-bit time_t change (Debian 13, Ubuntu 24.04).
const forWindow = [
  'libgtk-3-0|libgtk-3-0t64',
  'libnss3',
  'libasound2|libasound2t64',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0|libatk-bridge2.0-0t64',
  'libnotify4',
  'libsecret-1-0',
  'fonts-liberation',
  'fonts-noto-core',
  'fonts-noto-color-emoji',
];
const forNoDisplay = ['xvfb'];
const dpkgInfo = '/var/lib/dpkg/info';

/**
 * Installs the Debian packages that are missing when this is root on Debian; otherwise prints the command.
 * On other systems it does nothing: a desktop there has its libraries.
 * @param {{ hasDisplay: boolean }} situation
 * @param {import('./processes.mjs').Say} say
 */
export async function ensureDebianPackages({ hasDisplay }, say) {
  if (process.platform !== 'linux' || !existsSync(dpkgInfo)) return;
  const wanted = hasDisplay ? forWindow : [...forWindow, ...forNoDisplay];
  const missing = missingPackages(wanted, installedPackages(), hasTime64Names(readFileSync('/etc/os-release', 'utf8')));
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    say(`A window needs Debian packages that are missing. Install them with:\n  sudo ${command}`);
    return;
  }
  const startedAt = Date.now();
  say(`Installing ${missing.length} Debian packages: ${missing.join(' ')} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = command.split(' ').slice(1);
  // A fresh image has no package lists, an old one has stale ones: update only when the first try fails.
  let result = await run('apt-get', args, { env });
  if (result.code !== 0) {
    await run('apt-get', ['update'], { env });
    result = await run('apt-get', args, { env });
  }
  if (result.code !== 0) {
    process.stderr.write(result.output);
    throw new SetupError(
      'apt-get could not install the packages that a window needs.',
      `Install them by hand: ${command}`,
    );
  }
  say(`Debian packages installed in ${seconds(startedAt)}.`);
}

/** Read from dpkg's own folder: asking dpkg-query takes longer than all other checks together. */
function installedPackages() {
  const names = readdirSync(dpkgInfo).filter((name) => name.endsWith('.list'));
  return new Set(names.map((name) => name.slice(0, -'.list'.length).replace(/:.*$/, '')));
}

/**
 * @param {string[]} wanted names, alternatives separated by a bar
 * @param {Set<string>} installed
 * @param {boolean} time64 this release uses the second name of two
 */
export function missingPackages(wanted, installed, time64) {
  return wanted
    .map((names) => names.split('|'))
    .filter((names) => !names.some((name) => installed.has(name)))
    .map((names) => (time64 ? names.at(-1) : names[0]) ?? '');
}

/** @param {string} osRelease the text of /etc/os-release */
export function hasTime64Names(osRelease) {
  const id = /^ID=(.*)$/m.exec(osRelease)?.[1];
  const version = Number(/^VERSION_ID="?(\d+)/m.exec(osRelease)?.[1]);
  return (id === 'debian' && version >= 13) || (id === 'ubuntu' && version >= 24);
}
