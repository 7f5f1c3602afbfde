-- Recommendations that planners work on, with what they decided; and the forecast with what people know better.

-- The list that counts: of which plan.
create table planbridge.advice_list (
  odoo text not null,
  company text not null default '',
  plan_id bigint not null,
  published_at timestamptz not null,
  primary key (odoo, company)
);

create table planbridge.advice (
  odoo text not null,
  company text not null default '',
  -- the same in every plan as long as it is about the same thing
  key text not null,
  -- the last list that held it; what returns after an absence is decided anew
  plan_id bigint not null,
  position integer not null,
  kind text not null,
  urgency text not null,
  item text collate "C" not null,
  location text collate "C" not null,
  supplier text collate "C",
  value double precision not null,
  decide_by bigint not null,
  body jsonb not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'rejected', 'snoozed')),
  snoozed_until timestamptz,
  reason text not null default '',
  who text,
  decided_at timestamptz,
  -- after acceptance: Odoo's record and number
  model text,
  res_id integer,
  number text,
  note text not null default '',
  import_id bigint references planbridge.import (id) on delete set null,
  primary key (odoo, company, key)
);
create index advice_shown on planbridge.advice (odoo, company, plan_id, position);

create table planbridge.forecast (
  id bigint generated always as identity primary key,
  odoo text not null,
  company text not null default '',
  run_key text not null,
  state text not null check (state in ('writing', 'current', 'past')),
  bucket text not null check (bucket in ('month', 'week')),
  first_bucket integer not null,
  horizon integer not null,
  arguments jsonb not null default '{}',
  summary jsonb not null default '{}',
  made_at timestamptz not null
);
create unique index forecast_current on planbridge.forecast (odoo, company) where state = 'current';

create table planbridge.forecast_cell (
  forecast_id bigint not null references planbridge.forecast (id) on delete cascade,
  item text collate "C" not null,
  location text collate "C" not null,
  customer text collate "C" not null,
  -- 2026-01 or 2026-W02
  bucket text not null,
  starts date not null,
  ends date not null,
  orders double precision not null,
  baseline double precision not null,
  override double precision,
  total double precision not null,
  consumed double precision not null,
  net double precision not null,
  method text not null,
  smape double precision,
  mase double precision,
  primary key (forecast_id, item, location, customer, bucket)
);

-- What is left of the forecast after orders, as demands for the plan.
create table planbridge.forecast_demand (
  forecast_id bigint not null references planbridge.forecast (id) on delete cascade,
  seq integer not null,
  demand jsonb not null,
  primary key (forecast_id, seq)
);

-- Applied in the order in which they were made; null = any.
create table planbridge.forecast_override (
  id bigint generated always as identity primary key,
  odoo text not null,
  company text not null default '',
  item text,
  location text,
  customer text,
  -- first day of the bucket
  starts date not null,
  quantity double precision check (quantity >= 0),
  comment text not null default '',
  who text not null,
  at timestamptz not null
);
create index forecast_override_scope on planbridge.forecast_override (odoo, company, id);
