"""Who does a step of a bill of materials: the skill it needs, how a member of a pool is chosen, and the work centers needed
beside the first. `search_mode` and `priority` are named as in frePPLe's addon and shared with it."""
from odoo import fields, models

SEARCH_MODES = [
    ("PRIORITY", "priority"),
    ("MINCOST", "minimum cost"),
    ("MINPENALTY", "minimum penalty"),
    ("MINCOSTPENALTY", "minimum cost plus penalty"),
]


class MrpRoutingWorkcenter(models.Model):
    _inherit = "mrp.routing.workcenter"

    planbridge_skill = fields.Many2one(
        "planbridge.skill", "Planning skill", ondelete="restrict", help="Only work centers with this skill can do the step."
    )
    search_mode = fields.Selection(
        SEARCH_MODES, "Search mode", default="PRIORITY", help="How a member of the work center's pool is chosen."
    )
    priority = fields.Integer("Priority", default=1, help="Of the work center among others that could do the step.")
    planbridge_post_minutes = fields.Float(
        "Post-operation time", help="Minutes that pass after the step without a work center: cooling, drying."
    )
    planbridge_quantity = fields.Float(
        "Work center quantity",
        default=1.0,
        help="How much of the work center the step takes while it runs: a half leaves room for another step; of tools, how"
        " many.",
    )
    planbridge_secondary_ids = fields.One2many(
        "planbridge.secondary.workcenter", "routing_workcenter_id", "Secondary work centers", copy=True
    )

    _sql_constraints = [
        ("planbridge_post_minutes_positive", "check(planbridge_post_minutes >= 0)",
         "The post-operation time cannot be negative."),
        ("planbridge_quantity_positive", "check(planbridge_quantity > 0)",
         "The work center quantity must be more than zero."),
    ]


class PlanbridgeSecondaryWorkcenter(models.Model):
    _name = "planbridge.secondary.workcenter"
    _description = "Secondary work center"
    _rec_name = "workcenter_id"
    _order = "routing_workcenter_id, priority, id"

    routing_workcenter_id = fields.Many2one(
        "mrp.routing.workcenter", "Operation", required=True, ondelete="cascade", index=True
    )
    workcenter_id = fields.Many2one("mrp.workcenter", "Work center", required=True, ondelete="cascade", index=True)
    skill = fields.Many2one("planbridge.skill", "Skill", ondelete="restrict")
    search_mode = fields.Selection(SEARCH_MODES, "Search mode", default="PRIORITY", required=True)
    priority = fields.Integer(default=1)
    duration = fields.Float("Duration (minutes)", help="Of one piece. Empty: as long as the step.")
    company_id = fields.Many2one(related="workcenter_id.company_id", store=True)

    _sql_constraints = [("duration_positive", "check(duration >= 0)", "The duration cannot be negative.")]


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    planbridge_multiple = fields.Float(
        "Quantity multiple",
        digits="Product Unit of Measure",
        help="Planned orders are a multiple of this, in the unit of the bill of materials. Zero: any quantity.",
    )

    _sql_constraints = [
        ("planbridge_multiple_positive", "check(planbridge_multiple >= 0)", "The multiple cannot be negative.")
    ]
