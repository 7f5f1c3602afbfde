// A mail once its bytes are read: what everything behind the parser speaks of. Nothing here says what the mail means.

export interface MailAddress {
  /** In lower case. */
  email: string;
  /** Decoded display name, or null. */
  name: string | null;
}

export interface MailAttachment {
  /** As the mail names it, decoded; empty when it has no name. */
  name: string;
  /** Media type in lower case, without parameters. */
  type: string;
  content: Buffer;
  /** A part of the page, such as a logo in the signature. */
  inline: boolean;
}

export interface Mail {
  messageId: string | null;
  from: MailAddress | null;
  replyTo: MailAddress | null;
  returnPath: string | null;
  subject: string;
  /** Message-IDs with angle brackets, the nearest first. */
  references: readonly string[];
  date: Date | null;
  /** Header values by name in lower case; a repeated header gives several. */
  headers: ReadonlyMap<string, readonly string[]>;
  /** Media type of the whole mail, for example `multipart/report`. */
  type: string;
  text: string;
  html: string;
  attachments: readonly MailAttachment[];
  /** SHA-256 of what the mail says, for mails that come again without a Message-ID. */
  contentHash: string;
  /** Why parts of the mail were not read, or null. The mail itself is always kept. */
  refused: string | null;
}

export function header(mail: Mail, name: string): string | undefined {
  return mail.headers.get(name)?.[0];
}
