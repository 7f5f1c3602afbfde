-- For which company a plan came: with a plan of several companies, drafts in the others are its drafts too.
alter table planbridge.reference add column plan_company integer;
alter table planbridge.attempt add column plan_company integer;

-- A record that Odoo was asked for again, after it had not answered and did not have it: should the first one appear late after
-- all, one of the two is surplus.
create table planbridge.doubt (
  odoo text not null,
  token text not null,
  company integer not null,
  model text not null,
  origin text not null,
  since timestamptz not null default now(),
  primary key (odoo, token)
);
