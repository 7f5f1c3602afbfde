-- Who may use the screens, as Odoo says it and administrators change it; sessions; web tokens that were used.

create table planbridge.planning_user (
  odoo text not null,
  login text not null,
  name text not null default '',
  -- of Odoo, for example fr_FR
  lang text not null default '',
  -- viewer, planner or administrator: as Odoo's groups say it
  role text not null,
  -- given by an administrator here; goes before Odoo's
  given_role text,
  active boolean not null default true,
  synced_at timestamptz not null,
  primary key (odoo, login)
);

create table planbridge.session (
  id bigint generated always as identity primary key,
  -- hashes: who reads this table holds no session
  bearer_hash bytea not null unique,
  cookie_hash bytea not null unique,
  odoo text not null,
  database text not null,
  login text not null,
  -- whether our menu is shown
  navbar boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_end on planbridge.session (expires_at);

create table planbridge.used_webtoken (
  hash bytea primary key,
  expires_at timestamptz not null
);
