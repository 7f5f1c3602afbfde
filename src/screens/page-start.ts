// What a page tells the app that starts in it. Types only: the server and the app share it.
import type { Language } from './languages.ts';

/** What the app reads from the page, in `<meta name="planbridge" content="…">`, and then removes. */
export interface Start {
  /** Bearer secret of the session. */
  session: string;
  login: string;
  name: string;
  role: string;
  /** Whether planners may change here what Odoo says of the planning model (PLANNER_EDITS). */
  edits: boolean;
  navbar: boolean;
  language: Language;
  /** Address of Odoo for links into its records; empty = unknown. */
  odooUrl: string;
  database: string;
  /** Address that the app shows, without web token. */
  path: string;
}
