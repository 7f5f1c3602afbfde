// Brings node_modules up to date before npm start, npm test and npm run planbridge, so that each works on a fresh clone.
// Runs on whatever node the machine has; everything after it runs on the pinned one (node_modules/.bin/node).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.planbridge-lock`;
const lock = readFileSync(`${root}package-lock.json`, 'utf8');
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';

if (installed !== lock) {
  console.log('Installing what Planbridge needs (once, and after each update) ...');
  const { status } = spawnSync('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed. Check the network and the registry of npm (npm ping), then start again.');
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, lock);
}
