"""Skills, and which work center has them: how well, and since when."""
from odoo import _, api, exceptions, fields, models


class PlanbridgeSkill(models.Model):
    _name = "planbridge.skill"
    _description = "Skill"
    _order = "name"

    name = fields.Char(required=True)
    description = fields.Char()
    company_id = fields.Many2one("res.company", "Company", help="Empty: for all companies.")
    workcenter_skill_ids = fields.One2many("planbridge.workcenter.skill", "skill", "Work centers")

    _sql_constraints = [("name_unique", "unique(name, company_id)", "There is a skill of this name already.")]

    @api.constrains("name", "company_id")
    def _check_name(self):
        for skill in self:
            # The database takes empty companies for different ones.
            if self.sudo().search_count([("name", "=", skill.name), ("company_id", "=", skill.company_id.id)]) > 1:
                raise exceptions.ValidationError(_("There is a skill of the name “%s” already.", skill.name))


class PlanbridgeWorkcenterSkill(models.Model):
    _name = "planbridge.workcenter.skill"
    _description = "Work center skill"
    _rec_name = "skill"
    _order = "skill, priority, workcenter"

    workcenter = fields.Many2one("mrp.workcenter", "Work center", required=True, ondelete="cascade", index=True)
    skill = fields.Many2one("planbridge.skill", "Skill", required=True, ondelete="cascade", index=True)
    priority = fields.Integer(default=1, help="Work centers of a pool are tried in this order, 1 first.")
    date_start = fields.Date("From", help="First day on which the work center has the skill.")
    date_end = fields.Date("Until", help="Last day on which the work center has the skill.")
    company_id = fields.Many2one(related="workcenter.company_id", store=True)

    _sql_constraints = [
        ("dates_in_order", "check(date_start is null or date_end is null or date_start <= date_end)",
         "A skill cannot end before it begins."),
        ("priority_positive", "check(priority >= 0)", "The priority cannot be negative."),
    ]
