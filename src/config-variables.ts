// The variables that configure Planbridge, with what README.md says of them. config.ts reads them.

export interface Variable {
  name: string;
  /** May also be given as `<NAME>_FILE`: the path of a file that holds it. Never printed. */
  secret?: true;
  /** As the README shows it. */
  default: string;
  meaning: string;
}

export const VARIABLES: readonly Variable[] = [
  {
    name: 'ODOO_URL',
    default: '',
    meaning:
      "Address of Odoo, for example `https://odoo.example.com`. Reads through Odoo's external API and checks sign-ins there.",
  },
  { name: 'ODOO_DATABASE', default: 'the only one', meaning: 'Database that is used when a request names none.' },
  { name: 'ODOO_DATABASES', default: 'all', meaning: 'Databases that may be asked for, separated by commas.' },
  {
    name: 'ODOO_DATABASE_URL',
    secret: true,
    default: '',
    meaning:
      "Odoo's PostgreSQL database, to read by SQL instead of the API (`postgres://role:password@host/database`); several separated by commas, or a pattern with `{database}`.",
  },
  {
    name: 'ODOO_USER',
    default: '',
    meaning: 'Login that works when nobody has signed in: scheduled runs, mail orders, and commands.',
  },
  { name: 'ODOO_PASSWORD', secret: true, default: '', meaning: 'Its password or API key.' },
  { name: 'ODOO_COMPANY', default: "the user's own", meaning: 'Exact name of the company that scheduled runs plan.' },
  {
    name: 'INTERFACE_USERS',
    default: 'every internal user',
    meaning: 'Logins that may pull data, separated by commas.',
  },
  { name: 'HOST', default: '127.0.0.1', meaning: 'Address to listen on; `0.0.0.0` to be reached from other machines.' },
  {
    name: 'PORT',
    default: '8080',
    meaning: 'Port to listen on. When it is not set and 8080 is taken, the next free one.',
  },
  {
    name: 'TRUST_PROXY',
    default: '0',
    meaning: "Number of reverse proxies in front, so that sign-in limits see the client's own address.",
  },
  { name: 'MAPPING_FILE', default: '`mapping.xlsx` where it exists', meaning: 'The mapping sheet.' },
  { name: 'EXPORT_CONCURRENCY', default: '2', meaning: 'Exports that run at a time. Equal ones share one.' },
  { name: 'EXPORT_QUEUE', default: '4', meaning: 'Exports that wait for their turn; more are answered 503.' },
  { name: 'EXPORT_QUEUE_SECONDS', default: '60', meaning: 'Longest wait for a turn, then 503.' },
  { name: 'EXPORT_STALL_SECONDS', default: '120', meaning: 'A client that reads nothing for so long is broken off.' },
  {
    name: 'AUTH_CACHE_SECONDS',
    default: '300',
    meaning: 'How long a successful sign-in is remembered; 0 = not at all.',
  },
  {
    name: 'AUTH_FAILURES',
    default: '10',
    meaning: 'Failed sign-ins of one login from one address within five minutes, then 429.',
  },
  {
    name: 'DATABASE_URL',
    secret: true,
    default: 'embedded',
    meaning:
      "PostgreSQL database of Planbridge's own (`postgres://role:password@host/database`). Without it an embedded one in the data directory, for one process.",
  },
  { name: 'PLANBRIDGE_DATA_DIR', default: '.planbridge', meaning: 'Directory of the embedded database.' },
  {
    name: 'RETENTION_DAYS',
    default: '400',
    meaning: 'Days after which ended runs and imports are cleared away; 0 = never.',
  },
  { name: 'RETENTION_LOG_DAYS', default: '60', meaning: 'The same for the logs of runs.' },
  {
    name: 'RETENTION_DOCUMENT_DAYS',
    default: '90',
    meaning: 'The same for posted documents; afterwards an import cannot be repeated.',
  },
  {
    name: 'WEBTOKEN_KEY',
    secret: true,
    default: '',
    meaning:
      "Key of frePPLe's web tokens (there: SECRET_WEBTOKEN_KEY), 32 bytes or more. With it every posted plan must bring a token of the same user, and the menus in Odoo open the screens.",
  },
  {
    name: 'WEBTOKEN_KEY_PREVIOUS',
    secret: true,
    default: '',
    meaning: 'The key before: its tokens still open the screens, so that a key can be changed without a gap.',
  },
  {
    name: 'WEBTOKEN_REQUIRED',
    default: 'yes',
    meaning: 'With a WEBTOKEN_KEY: `no` takes plans without a token too; one that is there must still be right.',
  },
  {
    name: 'FRAME_ORIGINS',
    default: "Odoo's",
    meaning:
      'Origins of web sites that may show the screens in a frame, separated by commas (`https://odoo.example.com`).',
  },
  { name: 'SESSION_HOURS', default: '12', meaning: 'How long a sign-in to the screens lasts.' },
  {
    name: 'PLANNERS',
    default: 'every member of Odoo’s planning group',
    meaning:
      'Logins that may plan and in whose name orders are written to Odoo, separated by commas; other members of the group look only.',
  },
  {
    name: 'ADMINISTRATORS',
    default: 'administrators of Odoo’s settings',
    meaning:
      'Logins that may change schedules, settings and the mapping beside the administrators of Odoo’s settings, separated by commas.',
  },
  {
    name: 'PLANNER_EDITS',
    default: 'yes',
    meaning:
      '`no` keeps planning data as Odoo has them: planners change none of them on the screens. What they changed before stays until it is given back.',
  },
  {
    name: 'API_TOKEN',
    secret: true,
    default: '',
    meaning: 'Bearer token for programs that trigger runs or hand in mails, 32 bytes or more.',
  },
  {
    name: 'WRITE_PROMISED_DATES',
    default: 'no',
    meaning: '`yes` writes the delivery dates that a plan promises to the sales orders.',
  },
  {
    name: 'WRITE_SETTLE_SECONDS',
    default: '120',
    meaning: 'After a lost answer: how long Odoo may still be at work on a call before it is sent again.',
  },
  { name: 'IMPORT_MAX_BYTES', default: '67108864', meaning: 'Largest body of a posted plan.' },
  {
    name: 'FREPPLE_URL',
    default: 'built-in engine',
    meaning:
      "Address of a frePPLe server that plans in place of the built-in engine, with the scenario's name behind it where it is not the default one.",
  },
  { name: 'FREPPLE_USER', default: '', meaning: 'User of frePPLe that may generate plans.' },
  { name: 'FREPPLE_PASSWORD', secret: true, default: '', meaning: 'Its password.' },
  { name: 'FREPPLE_API_KEY', secret: true, default: '', meaning: 'API key of frePPLe, in place of user and password.' },
  {
    name: 'METRICS_TOKEN',
    secret: true,
    default: '',
    meaning: 'Bearer token for `/metrics` from other machines, 32 bytes or more; without it only this one may look.',
  },
  {
    name: 'MAIL_ADDRESSES',
    default: '',
    meaning:
      'Addresses at which orders come in, separated by commas: mails from them are our own, and the SMTP receiver takes mails to them only.',
  },
  {
    name: 'MAIL_STAFF_DOMAINS',
    default: '',
    meaning: 'Domains of our own people: what they forward is the original sender’s.',
  },
  {
    name: 'MAIL_SENDERS',
    default: 'everyone',
    meaning: 'Whose mails are read: `everyone`, `known` (partners in Odoo), or domains, separated by commas.',
  },
  { name: 'MAIL_MAX_LINES', default: '500', meaning: 'Most lines of an order by mail.' },
  {
    name: 'MAIL_MAX_QUANTITY',
    default: '100000',
    meaning: "Largest quantity of a line in the product's unit; more is asked about.",
  },
  {
    name: 'MAIL_DUPLICATE_HOURS',
    default: '24',
    meaning: 'How long the same order of the same customer counts as sent again.',
  },
  {
    name: 'MAIL_IMAP_URL',
    secret: true,
    default: '',
    meaning:
      'Mailboxes to read, separated by blanks: `imaps://user:password@host/`, with `?mailbox=` (several times), `done=` (`seen`, `keep`, `flag:NAME`, `move:MAILBOX`), `first=` (days of unread mails to take at the first look, `all`, `new`), `quiet=` (hours), `name=`, `ca=` (file); `imap:` needs STARTTLS unless `tls=off`. With `oauth=` (token endpoint), `client=`, `scope=` and perhaps `refresh=` the password is the secret of the client (Microsoft 365, Google).',
  },
  {
    name: 'MAIL_SMTP_PORT',
    default: '',
    meaning: 'Port on which mails are received by SMTP, for a mail server that relays to it; without it none are.',
  },
  { name: 'MAIL_SMTP_HOST', default: '127.0.0.1', meaning: 'Address of that receiver.' },
  { name: 'MAIL_SMTP_CERT', secret: true, default: '', meaning: 'Its certificate for STARTTLS, in PEM.' },
  { name: 'MAIL_SMTP_KEY', secret: true, default: '', meaning: "The certificate's key, in PEM." },
  { name: 'MAIL_SMTP_TLS', default: 'optional', meaning: '`required` takes no mail without STARTTLS.' },
  {
    name: 'MAIL_SMTP_LOGIN',
    secret: true,
    default: 'everybody',
    meaning: '`user:password` that senders must sign in with at the receiver.',
  },
  {
    name: 'MAIL_FOLDER',
    default: '',
    meaning: 'Folders with mails as `.eml` files (FakeSMTP writes such), separated by commas.',
  },
  { name: 'MAIL_FOLDER_DONE', default: 'keep', meaning: '`delete` removes files whose mail is stored.' },
  {
    name: 'MAIL_TOKEN',
    secret: true,
    default: 'API_TOKEN',
    meaning: 'Bearer token that hands in raw mails at `POST /mail/inbound` and may do nothing else, 32 bytes or more.',
  },
  {
    name: 'MAIL_MAX_BYTES',
    default: '26214400',
    meaning: 'Largest mail that is taken; of a larger one in a mailbox or folder the beginning is kept.',
  },
  {
    name: 'MAIL_POLL_SECONDS',
    default: '60',
    meaning: 'Between two looks into mailboxes and folders that do not tell of new mails.',
  },
  {
    name: 'MAIL_QUIET_HOURS',
    default: '0',
    meaning: 'Hours without a mail after which a source raises an alarm; 0 = never.',
  },
  {
    name: 'MAIL_KEEP_DAYS',
    default: '0',
    meaning: 'Days after which originals of mails, and the texts of our answers, are removed; 0 = never.',
  },
  {
    name: 'MAIL_FROM',
    default: 'the first of MAIL_ADDRESSES',
    meaning: 'Whom answers come from: `Sales <sales@example.com>`. Answers and bounces to it have to come in again.',
  },
  {
    name: 'MAIL_SMTP_URL',
    secret: true,
    default: '',
    meaning:
      'Mail server that takes our mails: `smtp://user:password@host:587` or `smtps://…`. Without it they wait; `catch:` keeps them instead of sending them, for trials.',
  },
  {
    name: 'PUBLIC_URL',
    default: '',
    meaning: 'Address under which customers reach Planbridge. Without it mails have no links to choose by.',
  },
  { name: 'MAIL_CONFIRM_ORDERS', default: 'yes', meaning: '`no` leaves orders from mails as quotations.' },
  {
    name: 'MAIL_HOLD_WHOLE_ORDER',
    default: 'no',
    meaning: '`yes` orders nothing of a mail that names a product which cannot be had.',
  },
  {
    name: 'MAIL_TEMPLATES',
    default: 'as shipped',
    meaning: 'Folder with templates of answers that replace the shipped ones (`de/confirmation.md`, `layout.html`).',
  },
  { name: 'MAIL_REMINDER_DAYS', default: '3', meaning: 'Days after which a customer is reminded of a question.' },
  { name: 'MAIL_EXPIRY_DAYS', default: '4', meaning: 'Days after the reminder after which the question is closed.' },
  {
    name: 'MAIL_ANSWERS_PER_HOUR',
    default: '20',
    meaning: 'Most automatic answers to one address in an hour; its next mails wait for a person.',
  },
  { name: 'MAIL_REPORT_TO', default: '', meaning: 'Address that is told once a day what waits for a person.' },
  {
    name: 'AUTOMATIONS_FILE',
    default: 'none run',
    meaning: 'Settings file of the business automations, YAML or JSON: which run, when, and what each is told.',
  },
  {
    name: 'AUTOMATIONS_FOLDER',
    default: '`automations` in the data directory',
    meaning: 'Folder for their records: CSV files, and one log file a day.',
  },
  { name: 'DISCLOSE_STACK_TRACE', default: 'no', meaning: '`yes` shows stack traces on error pages.' },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    meaning: '`error`, `warn`, `info`, `debug` or `silent`. Logs are JSON lines on standard error.',
  },
];
