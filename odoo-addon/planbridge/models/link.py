"""From a record to the planner's screen that shows it. The planner finds it by model and id, whatever it is called there, and says
why where its plan does not have it."""
from odoo import _, exceptions, models

from .res_company import PLANNING_GROUP


class PlanbridgeLink(models.AbstractModel):
    _name = "planbridge.link"
    _description = "Link to the planner"

    def planbridge_open_record(self):
        self.ensure_one()
        if not self.env.user.has_group(PLANNING_GROUP):
            raise exceptions.AccessError(
                _("Only members of the group “Planning user” can open the planner. An administrator can add you.")
            )
        return {
            "type": "ir.actions.client",
            "tag": "planbridge.screen",
            "name": _("Planning: %s", self.display_name),
            "params": {"path": "/open/%s/%d/" % (self._name, self.id), "navbar": False},
        }


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "planbridge.link"]


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "planbridge.link"]


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "planbridge.link"]


class StockWarehouseOrderpoint(models.Model):
    _name = "stock.warehouse.orderpoint"
    _inherit = ["stock.warehouse.orderpoint", "planbridge.link"]


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "planbridge.link"]


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "planbridge.link"]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "planbridge.link"]


class MrpProduction(models.Model):
    _name = "mrp.production"
    _inherit = ["mrp.production", "planbridge.link"]


class MrpWorkorder(models.Model):
    _name = "mrp.workorder"
    _inherit = ["mrp.workorder", "planbridge.link"]


class MrpWorkcenter(models.Model):
    _name = "mrp.workcenter"
    _inherit = ["mrp.workcenter", "planbridge.link"]


class MrpBom(models.Model):
    _name = "mrp.bom"
    _inherit = ["mrp.bom", "planbridge.link"]


class MrpRoutingWorkcenter(models.Model):
    _name = "mrp.routing.workcenter"
    _inherit = ["mrp.routing.workcenter", "planbridge.link"]
