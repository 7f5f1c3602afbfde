// Builds the web app when its sources have changed since the last time, so that npm start needs no step of its own.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

// Whoever calls: tests name their own environment, and would get React as its developers have it.
process.env.NODE_ENV = 'production';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'src', 'screens', 'web');
const stamp = join(root, 'dist', 'web', '.sources');

const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
const files = readdirSync(sources, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
  hash.update(path.slice(root.length)).update(readFileSync(path));
}
const digest = hash.digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
  console.log('Building the screens ...');
  await build({ configFile: join(sources, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(stamp, digest);
}
