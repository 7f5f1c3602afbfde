"""The company's planning settings in Odoo's settings screen."""
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    planbridge_server = fields.Char(related="company_id.planbridge_server", readonly=False, groups="base.group_system")
    planbridge_webtoken_key = fields.Char(
        related="company_id.planbridge_webtoken_key",
        related_sudo=False,
        readonly=False,
        groups="base.group_system",
    )
    planbridge_interface_user_id = fields.Many2one(related="company_id.planbridge_interface_user_id", readonly=False)
    manufacturing_warehouse = fields.Many2one(related="company_id.manufacturing_warehouse", readonly=False)
    calendar = fields.Many2one(related="company_id.calendar", readonly=False)
    respect_reservations = fields.Boolean(related="company_id.respect_reservations", readonly=False)
    disclose_stack_trace = fields.Boolean(related="company_id.disclose_stack_trace", readonly=False)

    def planbridge_make_key(self):
        self.company_id.planbridge_make_key()
        return {"type": "ir.actions.client", "tag": "reload"}

    def planbridge_take_over(self):
        return self.env["planbridge.take.over"].notification()
