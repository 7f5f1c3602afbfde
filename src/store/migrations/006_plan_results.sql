-- Plans as they were made. A plan is written beside the one that counts, and takes its place all at once; the one before stays
-- until the next, for those who are reading it. Of older ones the summary is left. Dates are seconds on the plan's clock.

create table planbridge.plan (
  id bigint generated always as identity primary key,
  odoo text not null,
  company text not null default '',
  -- of the run's step: begun again it is still one plan
  run_key text not null,
  run_id bigint references planbridge.run (id) on delete set null,
  who text not null,
  state text not null check (state in ('writing', 'current', 'past', 'abandoned')),
  -- whether its rows are there
  stored boolean not null default true,
  arguments jsonb not null default '{}',
  -- the plan's now
  plan_time bigint not null default 0,
  summary jsonb not null default '{}',
  begun_at timestamptz not null,
  completed_at timestamptz
);
create unique index plan_current on planbridge.plan (odoo, company) where state = 'current';
create index plan_history on planbridge.plan (odoo, company, id desc);

create table planbridge.plan_order (
  plan_id bigint not null,
  reference text collate "C" not null,
  -- PO, MO, WO, DO, DLVR
  type text not null,
  status text not null,
  item text collate "C",
  category text collate "C",
  location text collate "C",
  origin text collate "C",
  supplier text collate "C",
  operation text collate "C",
  -- order that this one is a step of
  owner text collate "C",
  demand text collate "C",
  batch text,
  start_at bigint not null,
  end_at bigint not null,
  quantity double precision not null,
  completed double precision,
  -- money: quantity times cost of the item
  value double precision,
  source text,
  -- everything else that the plan says of it
  detail jsonb not null default '{}',
  primary key (plan_id, reference)
);
create index plan_order_item on planbridge.plan_order (plan_id, item, location);
create index plan_order_start on planbridge.plan_order (plan_id, type, status, start_at);
create index plan_order_owner on planbridge.plan_order (plan_id, owner) where owner is not null;

-- Stock that orders move.
create table planbridge.plan_flow (
  plan_id bigint not null,
  seq integer not null,
  buffer text collate "C" not null,
  item text collate "C",
  location text collate "C",
  -- of the order, or of its MO when it is a step; null = the opening stock
  reference text collate "C",
  at bigint not null,
  quantity double precision not null,
  -- on hand after it
  onhand double precision not null,
  primary key (plan_id, seq)
);
create index plan_flow_buffer on planbridge.plan_flow (plan_id, item, location, at);
create index plan_flow_order on planbridge.plan_flow (plan_id, reference);

-- Capacity that orders take.
create table planbridge.plan_load (
  plan_id bigint not null,
  seq integer not null,
  resource text collate "C" not null,
  reference text collate "C" not null,
  start_at bigint not null,
  end_at bigint not null,
  quantity double precision not null,
  primary key (plan_id, seq)
);
create index plan_load_resource on planbridge.plan_load (plan_id, resource, start_at);
create index plan_load_order on planbridge.plan_load (plan_id, reference);

-- Which orders serve which demand.
create table planbridge.plan_peg (
  plan_id bigint not null,
  seq integer not null,
  demand text collate "C" not null,
  -- null = stock
  reference text collate "C",
  level integer not null,
  quantity double precision not null,
  primary key (plan_id, seq)
);
create index plan_peg_demand on planbridge.plan_peg (plan_id, demand);
create index plan_peg_order on planbridge.plan_peg (plan_id, reference);

create table planbridge.plan_problem (
  plan_id bigint not null,
  seq integer not null,
  type text not null,
  -- what it is about: demand, item, resource, operation; and which
  subject text not null,
  name text collate "C" not null,
  description text not null,
  start_at bigint not null,
  end_at bigint not null,
  detail jsonb not null default '{}',
  primary key (plan_id, seq)
);
create index plan_problem_subject on planbridge.plan_problem (plan_id, subject, name);

create table planbridge.plan_demand (
  plan_id bigint not null,
  name text collate "C" not null,
  item text collate "C",
  location text collate "C",
  customer text collate "C",
  status text not null,
  due bigint not null,
  quantity double precision not null,
  planned double precision not null,
  -- last delivery; null = none
  delivery bigint,
  late_seconds bigint not null default 0,
  state text not null check (state in ('on time', 'late', 'short', 'not planned')),
  -- why it is late or short, in words
  reasons jsonb not null default '[]',
  primary key (plan_id, name)
);
create index plan_demand_state on planbridge.plan_demand (plan_id, state, due);

-- Orders and promised dates as they are written to Odoo: their elements of a plan document.
create table planbridge.plan_posted (
  plan_id bigint not null,
  -- of the order; of promises the demand's name
  reference text collate "C" not null,
  -- as what it is written: PO, DO, MO, WO, SO; subcontracted work is a PO
  type text not null,
  -- whether an export of all holds it; others only where they are chosen
  whole boolean not null,
  -- null = it cannot be written, see the note
  element text,
  note text not null default '',
  primary key (plan_id, type, reference)
);

-- What the plan recommends to do; `recommend` makes it the list that planners work on.
create table planbridge.plan_recommendation (
  plan_id bigint not null,
  seq integer not null,
  key text not null,
  kind text not null,
  urgency text not null,
  item text collate "C" not null,
  location text collate "C" not null,
  supplier text collate "C",
  value double precision not null,
  decide_by bigint not null,
  body jsonb not null,
  primary key (plan_id, seq)
);

-- What became of orders that were written to Odoo; kept when their plan is gone.
create table planbridge.plan_export (
  plan_id bigint not null,
  reference text collate "C" not null,
  type text not null,
  outcome text not null,
  model text,
  res_id integer,
  -- Odoo's number
  name text,
  note text not null default '',
  import_id bigint references planbridge.import (id) on delete set null,
  who text not null,
  at timestamptz not null,
  primary key (plan_id, reference)
);
create index plan_export_import on planbridge.plan_export (import_id);
