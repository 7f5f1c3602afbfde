-- Conversations about order mails: their state and every cause of it, what is due because of it, and the mails that go out.

create table planbridge.mail_conversation (
  id bigint generated always as identity primary key,
  state text not null,
  -- address in lower case; empty where no person is known
  customer_email text not null,
  customer_name text,
  -- who orders: the company where it is known, else the address
  customer_key text not null,
  -- where answers go
  answer_to text not null,
  language text not null,
  subject text not null,
  -- the mail that began it
  mail_id bigint,
  -- the order as it was read, or as a person corrected it
  read_order jsonb,
  errors jsonb not null default '[]',
  -- what became of each line
  lines jsonb not null default '[]',
  -- lines that wait for a choice
  short jsonb not null default '[]',
  -- counts as an order of this customer when another one is compared with it
  accepted boolean not null default false,
  received_at timestamptz not null,
  -- how often an unreadable reply is still answered with the choices
  tries_left integer not null,
  -- counts the questions; links are good for one
  round integer not null default 0,
  remind_at timestamptz,
  expire_at timestamptz,
  -- why a person has to look; null = nobody needs to
  waits_for text,
  waits_since timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index mail_conversation_customer on planbridge.mail_conversation (customer_key, accepted);
create index mail_conversation_list on planbridge.mail_conversation (updated_at desc, id desc);
create index mail_conversation_waits on planbridge.mail_conversation (waits_since) where waits_for is not null;
create index mail_conversation_remind on planbridge.mail_conversation (remind_at) where remind_at is not null;
create index mail_conversation_expire on planbridge.mail_conversation (expire_at) where expire_at is not null;

-- Mails that came in and belong to a conversation.
create table planbridge.mail_conversation_part (
  conversation_id bigint not null references planbridge.mail_conversation (id) on delete cascade,
  mail_id bigint not null,
  -- order, correction, reply, duplicate, question, bounce
  role text not null,
  message_id text,
  -- Message-IDs that an answer to it names, the nearest first
  refs jsonb not null default '[]',
  reading jsonb not null,
  at timestamptz not null,
  primary key (conversation_id, mail_id)
);
create index mail_conversation_part_mail on planbridge.mail_conversation_part (mail_id);

create table planbridge.mail_transition (
  id bigint generated always as identity primary key,
  conversation_id bigint not null references planbridge.mail_conversation (id) on delete cascade,
  from_state text not null,
  event text not null,
  to_state text not null,
  -- false: the table of transitions does not know the event in this state
  expected boolean not null,
  -- who or what: { kind: mail | link | person | timer | odoo, … }
  cause jsonb not null,
  -- what the effects work with
  detail jsonb not null,
  at timestamptz not null
);
create index mail_transition_conversation on planbridge.mail_transition (conversation_id, id);

-- What a transition asks for: carried out in the order of the numbers, each once.
create table planbridge.mail_effect (
  id bigint generated always as identity primary key,
  conversation_id bigint not null references planbridge.mail_conversation (id) on delete cascade,
  transition_id bigint not null references planbridge.mail_transition (id) on delete cascade,
  kind text not null,
  state text not null default 'due' check (state in ('due', 'done', 'dropped')),
  attempts integer not null default 0,
  due_at timestamptz not null,
  result jsonb,
  error text,
  done_at timestamptz
);
create index mail_effect_due on planbridge.mail_effect (conversation_id, id) where state = 'due';
create index mail_effect_transition on planbridge.mail_effect (transition_id);

-- A record that Odoo is asked to make, written before the asking.
create table planbridge.mail_record (
  token text primary key,
  conversation_id bigint not null references planbridge.mail_conversation (id) on delete cascade,
  effect_id bigint not null references planbridge.mail_effect (id) on delete cascade,
  model text not null,
  res_id integer,
  name text not null default '',
  asked_at timestamptz not null
);
create index mail_record_effect on planbridge.mail_record (effect_id);
create index mail_record_conversation on planbridge.mail_record (conversation_id);

-- Stock that a mail order has been promised and that Odoo does not show as reserved yet, in the product's own unit.
create table planbridge.mail_hold (
  id bigint generated always as identity primary key,
  conversation_id bigint not null references planbridge.mail_conversation (id) on delete cascade,
  transition_id bigint not null references planbridge.mail_transition (id) on delete cascade,
  product integer not null,
  quantity double precision not null,
  sale_line integer,
  -- since when Odoo's free stock is without it; null = not yet
  visible_at timestamptz
);
create index mail_hold_product on planbridge.mail_hold (product);
create index mail_hold_transition on planbridge.mail_hold (transition_id);
create index mail_hold_conversation on planbridge.mail_hold (conversation_id);

create table planbridge.mail_outbound (
  id bigint generated always as identity primary key,
  conversation_id bigint references planbridge.mail_conversation (id) on delete set null,
  effect_id bigint references planbridge.mail_effect (id) on delete set null,
  -- which of several mails of one effect
  part text not null default '',
  template text not null,
  -- what an answer to it would be about: short, confirmation, format-error, replenishment, notice
  kind text not null,
  message_id text not null unique,
  recipient text not null,
  envelope_from text not null,
  subject text not null,
  language text not null,
  -- as shown to our own people: without token and links
  text text not null,
  -- as it goes out; gone when it is sent
  raw bytea,
  -- nobody wrote it by hand
  automatic boolean not null,
  author text,
  -- still waits for an answer
  open boolean not null default false,
  state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'dead', 'bounced')),
  attempts integer not null default 0,
  due_at timestamptz not null,
  response text,
  error text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create unique index mail_outbound_effect on planbridge.mail_outbound (effect_id, part) where effect_id is not null;
create index mail_outbound_due on planbridge.mail_outbound (due_at) where state in ('queued', 'sending');
create index mail_outbound_conversation on planbridge.mail_outbound (conversation_id, id);
create index mail_outbound_recipient on planbridge.mail_outbound (recipient, created_at);

-- SHA-256 of tokens in subjects.
create table planbridge.mail_token (
  token_hash text primary key,
  outbound_id bigint not null references planbridge.mail_outbound (id) on delete cascade
);
create index mail_token_outbound on planbridge.mail_token (outbound_id);

create table planbridge.mail_link (
  id bigint generated always as identity primary key,
  conversation_id bigint not null references planbridge.mail_conversation (id) on delete cascade,
  round integer not null,
  choice integer not null check (choice in (1, 2, 3)),
  nonce_hash text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index mail_link_conversation on planbridge.mail_link (conversation_id);

-- Keys that sign links, made at their first use.
create table planbridge.mail_key (
  name text primary key,
  secret bytea not null
);
