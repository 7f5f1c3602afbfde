// What the program and its reading threads say to each other. Plain data only.
import type { MailFieldWord } from '../../mapping/mail-fields.ts';
import type { CatalogueUpdate } from '../catalogue.ts';
import type { Mail } from '../mail.ts';
import type { FullReading, MailMemory, ReadingContext } from '../read.ts';

/** What a reading needs besides catalogue and words, which a thread keeps. */
export interface ReadingJob extends Omit<ReadingContext, 'catalogue' | 'fields' | 'memory'> {
  memory: Omit<MailMemory, 'wasReceived'>;
  received: boolean;
}

export type ToThread =
  /** `other`: of another catalogue than before, which is forgotten. */
  | { kind: 'catalogue'; update: CatalogueUpdate; other: boolean }
  | { kind: 'fields'; words: readonly MailFieldWord[] }
  | { kind: 'parse'; raw: Uint8Array; refused: string | null }
  | { kind: 'read'; mail: Mail; job: ReadingJob };

export type FromThread =
  | { kind: 'parsed'; mail: Mail }
  | { kind: 'read'; full: FullReading }
  | { kind: 'failed'; message: string };
