-- What people set is spread over a forecast at once.

-- The last of what was set that its totals hold.
alter table planbridge.forecast add column applied bigint not null default 0;
-- Whether what is left after orders, and the demands made of it, fit the totals; else the next plan nets anew.
alter table planbridge.forecast add column settled boolean not null default true;
