"""Pools, tools and skills of work centers. `owner` and `tool` are named as in frePPLe's addon and shared with it."""
from odoo import _, api, exceptions, fields, models


class MrpWorkcenter(models.Model):
    _inherit = "mrp.workcenter"

    owner = fields.Many2one(
        "mrp.workcenter",
        "Owner",
        help="The pool that this work center is a member of. A step on the pool is done by one of its members.",
    )
    tool = fields.Boolean(
        "Tool",
        default=False,
        help="A tool or fixture that goes with an order from step to step.",
    )
    planbridge_constrained = fields.Boolean(
        "Constrained",
        default=True,
        help="Whether the plan keeps to the capacity of the work center. Without, it may be overloaded.",
    )
    planbridge_skill_ids = fields.One2many("planbridge.workcenter.skill", "workcenter", "Planning skills")

    @api.constrains("owner")
    def _check_planbridge_owner(self):
        for workcenter in self:
            seen, above = {workcenter.id}, workcenter.owner
            while above:
                if above.id in seen:
                    raise exceptions.ValidationError(_("“%s” cannot be a member of itself.", workcenter.name))
                seen.add(above.id)
                above = above.owner
