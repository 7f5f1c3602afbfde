"""How far ahead a vendor's purchases are put together. Named as in frePPLe's addon and shared with it."""
from odoo import fields, models


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    batching_window = fields.Integer(
        "Batching window (days)",
        default=7,
        help="Needs within so many days of the first are put into one purchase order.",
    )
