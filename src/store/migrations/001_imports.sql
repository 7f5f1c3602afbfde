-- What was posted, what became of it, and whose order is whose.

create table planbridge.import (
  id bigint generated always as identity primary key,
  -- address and database of Odoo
  odoo text not null,
  company text not null default '',
  login text not null,
  actual_user text,
  mode integer not null,
  -- how it came: http, command, repeat, recommendation
  source text not null,
  client text not null default '',
  -- the import that this one repeats
  repeats bigint references planbridge.import (id) on delete set null,
  status text not null default 'received' check (status in ('received', 'done', 'failed')),
  records integer not null default 0,
  document bytea not null,
  result jsonb,
  error text,
  received_at timestamptz not null default now(),
  finished_at timestamptz
);
create index import_received on planbridge.import (odoo, received_at desc);

-- An order of the plan and the record of Odoo that it became.
create table planbridge.reference (
  odoo text not null,
  -- hash of all that makes the order what it is
  key text not null,
  -- hash of what stays when quantity or dates change; empty when the order has no name
  slot text not null,
  company integer not null,
  model text not null,
  res_id integer not null,
  token text not null,
  reference text not null,
  -- made: its steps are still to be dated; done
  state text not null check (state in ('made', 'done')),
  import_id bigint references planbridge.import (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (odoo, key)
);
create index reference_record on planbridge.reference (odoo, model, res_id);
create index reference_slot on planbridge.reference (odoo, slot) where slot <> '';

-- A record that Odoo was asked to create, written before the asking and removed when the answer is known.
create table planbridge.attempt (
  odoo text not null,
  token text not null,
  company integer not null,
  model text not null,
  origin text not null,
  orders jsonb not null,
  import_id bigint,
  started_at timestamptz not null default now(),
  primary key (odoo, token)
);
create index attempt_company on planbridge.attempt (odoo, company);

create table planbridge.recommendation (
  id bigint generated always as identity primary key,
  odoo text not null,
  company text not null,
  position integer not null,
  body jsonb not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'refused')),
  import_id bigint references planbridge.import (id) on delete set null,
  note text not null default '',
  received_at timestamptz not null default now()
);
create index recommendation_list on planbridge.recommendation (odoo, company, position);
