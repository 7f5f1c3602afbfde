// Which Odoo it is, read from any of the places where it says so.

import { z } from 'zod';
import { unreachable } from './faults.ts';
import type { OdooVersion } from './transport.ts';

const Version = z.object({
  server_version: z.string().optional(),
  server_version_info: z.array(z.unknown()).optional(),
  version: z.string().optional(),
  version_info: z.array(z.unknown()).optional(),
});

/** `17.0`, `saas~17.4+e`, `18.0-20250421` → its major number, or 0 when there is none. */
export function majorOf(version: string): number {
  return Number(/(\d+)\./.exec(version)?.[1] ?? 0);
}

/** Answer of `common.version` (JSON-RPC) or of `/web/version` (19 and later). */
export function parseVersion(answer: unknown, url: string): OdooVersion {
  const parsed = Version.safeParse(answer);
  const version = parsed.data?.server_version ?? parsed.data?.version;
  if (version === undefined) throw unreachable(url, 'does not say which version of Odoo it is');
  return { version, major: majorOf(version) };
}
