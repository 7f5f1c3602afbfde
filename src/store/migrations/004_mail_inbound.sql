-- Mails as they came, and where they came from.

create table planbridge.mail_source (
  name text primary key,
  -- imap, smtp, folder, http
  kind text not null,
  -- mailbox, address or folder; never a password
  place text not null default '',
  -- false: no longer configured
  active boolean not null default true,
  -- hours without a mail until it is said to be quiet; 0 = never
  quiet_hours double precision not null default 0,
  started_at timestamptz,
  -- somebody listens or looks there
  heartbeat_at timestamptz,
  last_mail_at timestamptz,
  error text,
  failing_since timestamptz,
  -- quiet, failing, stopped
  alarm text,
  alarm_since timestamptz
);

-- How far a mailbox has been read. `stored`: all up to this UID are in planbridge.mail; `marked`: and flagged or moved.
create table planbridge.mail_cursor (
  source text not null,
  mailbox text not null,
  uid_validity text not null,
  stored bigint not null default 0,
  marked bigint not null default 0,
  -- up to this UID lay there when the mailbox, or its numbering, was first seen: of these only the recent ones are taken
  backlog bigint not null default 0,
  began_at timestamptz not null,
  -- what is older than this is left alone in the backlog; null = nothing is
  since timestamptz,
  primary key (source, mailbox)
);

create table planbridge.mail (
  id bigint generated always as identity primary key,
  -- of the bytes as they came; of a mail that is too large: of what is kept and its size
  sha256 text not null unique,
  source text not null,
  envelope_from text,
  envelope_to text[] not null default '{}',
  size bigint not null,
  -- null when its time is over
  raw bytea,
  packing text not null default 'none' check (packing in ('none', 'gzip')),
  -- head: too large, only the beginning; removed: its time is over
  kept text not null default 'whole' check (kept in ('whole', 'head', 'removed')),
  received_at timestamptz not null,
  -- what belongs together and is read in order: the sender
  lane text not null,
  -- the longer version of a file that was read too early
  replaces bigint references planbridge.mail (id) on delete set null,

  -- once it is parsed
  message_id text,
  content_hash text,
  sender text,
  subject text,

  state text not null default 'waiting' check (state in ('waiting', 'done', 'dead')),
  -- a person lets it through
  released boolean not null default false,
  due_at timestamptz not null default now(),
  -- how often reading began, and how often it failed
  starts integer not null default 0,
  failures integer not null default 0,
  error text,
  holder text,
  held_until timestamptz,

  -- once it is read
  kind text,
  reason text,
  outcome text,
  conversation bigint,
  done_at timestamptz
);
-- Compressed already.
alter table planbridge.mail alter column raw set storage external;
create index mail_waiting on planbridge.mail (id) where state = 'waiting';
create index mail_lane on planbridge.mail (lane, id) where state = 'waiting';
create index mail_dead on planbridge.mail (id) where state = 'dead';
create index mail_message on planbridge.mail (lower(message_id)) where message_id is not null;
create index mail_content on planbridge.mail (content_hash);
create index mail_arrival on planbridge.mail (source, received_at);
create index mail_sender on planbridge.mail (sender, id);
create index mail_kept on planbridge.mail (done_at) where raw is not null and state = 'done';

-- Each place at which the same bytes were seen.
create table planbridge.mail_sighting (
  mail bigint not null references planbridge.mail (id) on delete cascade,
  source text not null,
  place text not null,
  -- of a file: size and time of change, so that it is not read again
  mark text not null default '',
  envelope_from text,
  envelope_to text[] not null default '{}',
  seen_at timestamptz not null,
  primary key (mail, source, place)
);
create index mail_sighting_place on planbridge.mail_sighting (source, place);

-- Counts up with each mail of a customer that was handled, so that two that are read at once do not miss each other.
create table planbridge.mail_customer (
  customer text primary key,
  version bigint not null default 0
);

-- Which process looks into a mailbox or folder.
create table planbridge.mail_lease (
  name text primary key,
  holder text not null,
  held_until timestamptz not null
);
