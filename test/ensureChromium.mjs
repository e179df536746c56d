// Makes sure that the tests find a Chromium: `npm ci && npm test` is the only thing to type on a fresh machine.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';

const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

// Who names a path means that one, not Debian's.
if (!isExecutable() && !process.env.CHROMIUM_PATH && isDebian() && process.getuid() === 0) installWithApt();
if (!isExecutable()) {
  console.error(`No Chromium at ${path}: install Chromium and set CHROMIUM_PATH to its executable.`);
  process.exit(1);
}

function isExecutable() {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isDebian() {
  try {
    // Not Ubuntu: its chromium package only points to a snap.
    return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

function installWithApt() {
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  // A stale or missing package list is the usual state of a container image.
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
}
