"""The work centers that a work order occupies beside its own: chosen when Odoo makes the work order, changed by the plan. For each that
the operation asks for: itself; of a pool a member, of tools the one that another step of the order has already."""
from odoo import api, fields, models


class PlanbridgeWorkorderSecondary(models.Model):
    _name = "planbridge.workorder.secondary"
    _description = "Secondary work center of a work order"
    _rec_name = "workcenter_id"
    _order = "workorder_id, id"

    workorder_id = fields.Many2one("mrp.workorder", "Work order", required=True, ondelete="cascade", index=True)
    workcenter_id = fields.Many2one("mrp.workcenter", "Work center", required=True, ondelete="cascade", index=True)
    secondary_id = fields.Many2one(
        "planbridge.secondary.workcenter",
        "Asked for by",
        ondelete="set null",
        help="What of the operation it answers. Empty: the plan or a person has added it.",
    )
    duration = fields.Float(
        "Duration (minutes)",
        compute="_compute_duration",
        store=True,
        readonly=False,
        help="Of the whole order. Empty: as long as the work order.",
    )
    company_id = fields.Many2one(related="workcenter_id.company_id", store=True)

    _sql_constraints = [("duration_positive", "check(duration >= 0)", "The duration cannot be negative.")]

    @api.depends("workorder_id.production_id.product_uom_qty", "secondary_id")
    def _compute_duration(self):
        for row in self:
            if row.secondary_id:
                row.duration = row.secondary_id.duration * row.workorder_id.production_id.product_uom_qty
            elif not row.duration:
                row.duration = 0.0


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    planbridge_secondary_ids = fields.One2many(
        "planbridge.workorder.secondary", "workorder_id", "Secondary work centers"
    )

    @api.model_create_multi
    def create(self, vals_list):
        workorders = super().create(vals_list)
        if not self.env.context.get("ignore_secondary_workcenters"):
            for workorder in workorders:
                workorder.sudo()._planbridge_choose_secondary()
        return workorders

    def _planbridge_choose_secondary(self):
        """Rows for what the operation asks for and is not there yet."""
        self.ensure_one()
        there = self.planbridge_secondary_ids
        values = []
        for asked in self.operation_id.planbridge_secondary_ids:
            pool = asked.workcenter_id
            if asked in there.secondary_id or pool in there.workcenter_id | there.workcenter_id.owner:
                continue
            chosen = self._planbridge_choose(asked)
            if chosen:
                values.append({"workorder_id": self.id, "workcenter_id": chosen.id, "secondary_id": asked.id})
        if values:
            rows = self.env["planbridge.workorder.secondary"].create(values)
            longest = max(rows.mapped("duration"))
            if longest > self.duration_expected:
                self.duration_expected = longest

    def _planbridge_choose(self, asked):
        """The work center itself, or the member of its pool that does it; none when no member has the skill."""
        pool = asked.workcenter_id
        members = self.env["mrp.workcenter"].search([("owner", "=", pool.id)], order="name, id")
        if not members:
            return pool
        if pool.tool or any(members.mapped("tool")):
            others = (self.production_id.workorder_ids - self).planbridge_secondary_ids
            same = others.filtered(
                lambda row: row.workcenter_id in members
                and row.secondary_id.workcenter_id == pool
                and row.secondary_id.skill == asked.skill
            )
            if same:
                return same[0].workcenter_id
        if not asked.skill:
            return members[0]
        today = fields.Date.context_today(self)
        skilled = self.env["planbridge.workcenter.skill"].search(
            [
                ("skill", "=", asked.skill.id),
                ("workcenter", "in", members.ids),
                "|", ("date_start", "=", False), ("date_start", "<=", today),
                "|", ("date_end", "=", False), ("date_end", ">=", today),
            ],
            order="priority, id",
            limit=1,
        )
        return skilled.workcenter

    def _get_duration_expected(self, alternative_workcenter=False, ratio=1):
        duration = super()._get_duration_expected(alternative_workcenter, ratio)
        return max([duration, *self.planbridge_secondary_ids.mapped("duration")])
