// What a page tells the app that starts in it. Types only: the server and the app share it.
import type { Language } from './languages.ts';

/** What the app reads from the page, in `<meta name="planbridge" content="…">`, and then removes. */
export interface Start {
  /** Bearer secret of the session. */
  session: string;
  login: string;
  name: string;
  role: string;
  navbar: boolean;
  language: Language;
  /** Address of Odoo for links into its records; empty = unknown. */
  odooUrl: string;
  database: string;
  /** Address that the app shows, without web token. */
  path: string;
}
