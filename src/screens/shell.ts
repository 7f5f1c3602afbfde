// The page in which the web app starts: our files by name, and what the app has to know of who looks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from '../http/html.ts';
import type { Start } from './page-start.ts';
import type { SignedIn } from './sign-on/sign-on.ts';

export interface WebFiles {
  /** Folder of the built app; its assets are served under /assets. */
  folder: string;
  script: string;
  styles: readonly string[];
}

interface ManifestEntry {
  file: string;
  isEntry?: boolean;
  css?: string[];
}

/** null = the app is not built. */
export function findWebFiles(folder: string): WebFiles | null {
  let manifest: Record<string, ManifestEntry>;
  try {
    manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8'));
  } catch {
    return null;
  }
  const entry = Object.values(manifest).find(({ isEntry }) => isEntry);
  return entry ? { folder, script: entry.file, styles: entry.css ?? [] } : null;
}

export function startOf(
  { bearer, session, user, role }: SignedIn,
  more: Pick<Start, 'language' | 'odooUrl' | 'path' | 'edits'>,
): Start {
  const { login, name } = user;
  const { navbar, database } = session;
  return { session: bearer, login, name, role, navbar, database, ...more };
}

export function shellPage({ script, styles }: WebFiles, start: Start): string {
  const links = styles.map((file) => `<link rel="stylesheet" href="/${escapeHtml(file)}">`).join('\n');
  return `<!doctype html>
<html lang="${start.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="planbridge" content="${escapeHtml(JSON.stringify(start))}">
<title>Planbridge</title>
<link rel="icon" href="data:,">
${links}
<script type="module" src="/${escapeHtml(script)}"></script>
<body><div id="app"></div></body>
</html>
`;
}
