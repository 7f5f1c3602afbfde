// What a source of mails is: something that is listened to or looked into, and that hands over raw mails. It never reads them.
import type { Query } from '../../store/database.ts';
import type { ArrivedMail, StoredAs } from '../store/intake.ts';

export type SourceKind = 'imap' | 'smtp' | 'folder' | 'http';

export interface SourceInfo {
  name: string;
  kind: SourceKind;
  /** For people; no password in it. */
  place: string;
  /** Hours without a mail after which it is said to be quiet; 0 = never. */
  quietHours: number;
}

/** Commits a mail, then returns. */
export type Deliver = (
  mail: Omit<ArrivedMail, 'source' | 'receivedAt'>,
  also?: (query: Query, stored: StoredAs) => Promise<void>,
) => Promise<StoredAs>;

export interface Reporter {
  /** Somebody listens; called often, written now and then. */
  beat(): void;
  /** It works (again). */
  well(): void;
  /** Something went wrong; the source goes on, or is started again. */
  failed(error: unknown): void;
}

export interface SourceContext {
  deliver: Deliver;
  report: Reporter;
  signal: AbortSignal;
}

export interface Source extends SourceInfo {
  /** Only one process at a time. */
  exclusive: boolean;
  /** Until the signal is raised; what it throws is reported, and it is run again after a pause. */
  run(context: SourceContext): Promise<void>;
  /** Brings what is there now, then ends; sources that only listen have none. */
  once?(context: SourceContext): Promise<void>;
}
