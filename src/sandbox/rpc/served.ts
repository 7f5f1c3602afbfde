// What the transports serve: one database with its users, version and clock.

import type { Behaviour } from '../behaviour/behaviour.ts';
import type { Database } from '../store/database.ts';
import type { Accounts } from './accounts.ts';

export interface ServerVersion {
  server_version: string;
  server_version_info: readonly (number | string)[];
  server_serie: string;
  protocol_version: number;
}

export interface Served {
  db: Database;
  behaviours: ReadonlyMap<string, Behaviour>;
  accounts: Accounts;
  /** Name of the database that clients have to give. */
  database: string;
  version: ServerVersion;
  now: () => Date;
}

/** What `common.version` answers for a version such as `17.0` or `saas~18.2`. */
export function serverVersion(text: string): ServerVersion {
  const [major = '17', minor = '0'] = text.replace('saas~', '').split('.');
  const first = text.startsWith('saas~') ? `saas~${major}` : Number(major);
  return {
    server_version: text,
    server_version_info: [first, Number(minor), 0, 'final', 0, ''],
    server_serie: text,
    protocol_version: 1,
  };
}
