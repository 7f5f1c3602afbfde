-- Which stock serves a demand: stock is no order that could say it.

alter table planbridge.plan_peg add column item text collate "C", add column location text collate "C";
