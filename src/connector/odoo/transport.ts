// How Odoo's external API is spoken, whichever of its dialects a server knows (jsonrpc.ts, json2.ts).
// A transport belongs to a server and lives long (it holds the connections); a session belongs to a user of a database.

export interface OdooVersion {
  /** As the server says it, for example `17.0` or `18.0-20250421`. */
  version: string;
  major: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** True: the call may be repeated after a lost connection or a busy server. Writers leave it false: those calls are
   * never repeated here, because nobody knows whether Odoo carried them out. Default false. */
  idempotent?: boolean;
}

/** Calls in the name of one user. Credentials stay inside. */
export interface OdooSession {
  readonly transport: OdooTransport;
  readonly database: string;
  readonly uid: number;
  /** Result of a public method of a model, unchecked. `args` are positional (a record method's ids come first),
   * `kwargs` named; `kwargs.context` is Odoo's context.
   * @throws PlanbridgeError PB_AUTH_FAILED, PB_ODOO_ACCESS, PB_ODOO_DATABASE, PB_ODOO_UNREACHABLE, PB_ODOO_FAULT,
   *   PB_REQUEST_ABORTED */
  call(
    model: string,
    method: string,
    args: readonly unknown[],
    kwargs?: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<unknown>;
}

export interface OdooTransport {
  readonly dialect: 'jsonrpc' | 'json2';
  /** Base address without a slash at the end. */
  readonly url: string;
  /** Requests sent so far, repetitions included. */
  readonly requests: number;
  version(signal?: AbortSignal): Promise<OdooVersion>;
  /** Names of the databases, or null where the server does not list them. */
  databases(signal?: AbortSignal): Promise<string[] | null>;
  /** Password or API key. JSON-2 knows API keys only.
   * @throws PlanbridgeError PB_AUTH_FAILED when refused */
  authenticate(database: string, login: string, password: string, signal?: AbortSignal): Promise<OdooSession>;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Default 10 s. */
  connectTimeoutMs?: number;
  /** Longest wait for the start of an answer; a page of a large table takes seconds. Default 120 s. */
  headersTimeoutMs?: number;
  /** Longest silence while an answer comes in. Default 120 s. */
  bodyTimeoutMs?: number;
  /** Largest answer, unpacked. Default 256 MB. */
  maxAnswerBytes?: number;
  /** Connections to the server. Default 4. */
  connections?: number;
  /** Repetitions of an idempotent call. Default 4. */
  retries?: number;
  /** First pause between repetitions, doubled each time, with jitter. Default 250 ms. */
  retryBaseMs?: number;
  /** Longest pause, also of a `Retry-After`. Default 30 s. */
  retryMaxMs?: number;
  /** Append Odoo's traceback to error messages. Default false. */
  tracebacks?: boolean;
  /** Server certificate authority in PEM, for self-signed servers. */
  ca?: string;
}
