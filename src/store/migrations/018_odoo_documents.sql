-- Which record of Odoo people open to see an entity, where that is not the one it is made from: the sales order of a line, the purchase
-- order, the transfer of a move, the work order.

alter table planbridge.entity add column document bigint;
create index entity_document on planbridge.entity (model, part, document) where document is not null;
-- Lines are made anew by the next read, so that they say it.
update planbridge.model_source set basis = '';
