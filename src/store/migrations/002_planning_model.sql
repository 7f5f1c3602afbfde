-- The planning model by source. Rows carry the versions of their source between which they count: a read writes rows of a version
-- that nobody looks at yet, and one update of model_source makes them the model. No long transactions, no locks on readers.

-- One for each database of Odoo and company that plans.
create table planbridge.model (
  id integer generated always as identity primary key,
  -- address and database of Odoo, as in planbridge.import
  odoo text not null,
  company text not null,
  company_id integer not null,
  -- whether it is the company of the user who reads by himself
  own boolean not null default false,
  created_at timestamptz not null default now(),
  unique (odoo, company)
);

create table planbridge.model_source (
  model integer not null references planbridge.model (id) on delete cascade,
  -- 1 = odoo_1, 2 = odoo_2
  source smallint not null,
  -- what counts now; 0 = nothing was read yet
  version integer not null default 0,
  -- the last that was given out
  last_version integer not null default 0,
  -- what counted before
  prior integer not null default 0,
  -- from this version on, every row that ever counted is still there
  oldest integer not null default 0,
  -- read that is writing, or was when its process ended; null = none
  writing uuid,
  -- head of the document
  header jsonb,
  -- parts that were read completely; what another source says of them counts only for records that are here
  parts jsonb not null default '[]',
  counts jsonb not null default '{}',
  report jsonb not null default '[]',
  -- what the next read must find unchanged to read only what changed; empty = it reads everything
  basis text not null default '',
  -- what it knows of the last read, compressed
  memory bytea,
  full_at timestamptz,
  read_at timestamptz,
  primary key (model, source)
);

create table planbridge.entity (
  model integer not null,
  source smallint not null,
  -- place of the list in a plan document
  part smallint not null,
  -- Odoo's record that it is made from, or its place in the list
  record bigint not null,
  -- place among those of the same record
  seq integer not null,
  -- first version, and first version without it; null = it still counts
  since integer not null,
  until integer,
  hash uuid not null,
  kind text not null,
  key text collate "C" not null,
  -- for lists on screens; what they mean depends on the kind, see planner/store/columns.ts
  type text,
  item text collate "C",
  location text collate "C",
  party text collate "C",
  status text,
  date bigint,
  quantity double precision,
  value jsonb not null,
  primary key (model, source, part, record, seq, since)
);
create index entity_key on planbridge.entity (model, kind, key);
create index entity_item on planbridge.entity (model, item, kind);
create index entity_ended on planbridge.entity (model, source, until) where until is not null;

-- Sales by order line, for the forecast. Same versions as source 2.
create table planbridge.sales_history (
  model integer not null,
  -- sale.order.line
  record bigint not null,
  seq integer not null,
  since integer not null,
  until integer,
  hash uuid not null,
  sales_order text not null,
  item text collate "C" not null,
  location text collate "C" not null,
  customer text collate "C" not null,
  -- seconds on the plan's clock, as in the model
  date bigint not null,
  quantity double precision not null,
  primary key (model, record, seq, since)
);
create index sales_history_item on planbridge.sales_history (model, item, location, customer, date);
create index sales_history_ended on planbridge.sales_history (model, until) where until is not null;

-- What planners changed, field by field; laid over what comes from Odoo.
create table planbridge.edit (
  model integer not null references planbridge.model (id) on delete cascade,
  kind text not null,
  key text collate "C" not null,
  field text not null,
  value jsonb not null,
  who text not null,
  at timestamptz not null,
  primary key (model, kind, key, field)
);

-- Records of the planners' own, and the last state of those that Odoo has no more but planners edited.
create table planbridge.own_entity (
  model integer not null references planbridge.model (id) on delete cascade,
  kind text not null,
  key text collate "C" not null,
  origin text not null check (origin in ('planner', 'odoo')),
  value jsonb not null,
  who text not null,
  at timestamptz not null,
  primary key (model, kind, key)
);
