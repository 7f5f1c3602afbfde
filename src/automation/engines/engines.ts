// The engines that are set up in the settings file under `engines`: what each is told, and how it is opened.
import type { z } from 'zod';
import type { Log } from '../../log.ts';
import type { Engines } from '../automation.ts';
import { storefrontEngine } from '../storefront/bigcommerce.ts';
import { smsEngine } from './sms.ts';
import { webdavEngine } from './webdav.ts';

/** Odoo, mail and files are the service's own; these are set up in the settings file. */
export type ConfiguredEngine = Exclude<keyof Engines, 'odoo' | 'mail' | 'files'>;

export interface EngineSurroundings {
  log: Log;
  now: () => number;
  signal: AbortSignal;
}

export interface EngineDefinition<S extends z.ZodObject = z.ZodObject, E = unknown> {
  /** Of the block `engines.<name>` of the settings file; `${NAME}` in its texts stands for a variable of the environment. */
  settings: S;
  /** For one run. */
  open(settings: z.output<S>, surroundings: EngineSurroundings): Promise<{ engine: E; close(): Promise<void> }>;
}

// Each opens with what its own schema has let through.
export const ENGINES = { sms: smsEngine, webdav: webdavEngine, storefront: storefrontEngine } as unknown as Readonly<
  Record<ConfiguredEngine, EngineDefinition>
>;
