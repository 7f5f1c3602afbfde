"""What the addon adds to manufacturing, its views on this version of Odoo, and taking over from frePPLe's addon."""
from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install", "planbridge")
class TestModels(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.skill = cls.env["planbridge.skill"].create({"name": "Planbridge welding"})
        cls.pool = cls.env["mrp.workcenter"].create({"name": "Planbridge pool"})
        cls.member = cls.env["mrp.workcenter"].create({"name": "Planbridge member", "owner": cls.pool.id})
        product = cls.env["product.product"].create({"name": "Planbridge product"})
        cls.bom = cls.env["mrp.bom"].create({"product_tmpl_id": product.product_tmpl_id.id})
        cls.step = cls.env["mrp.routing.workcenter"].create(
            {"name": "Weld", "bom_id": cls.bom.id, "workcenter_id": cls.pool.id, "planbridge_skill": cls.skill.id}
        )

    def test_defaults(self):
        self.assertEqual((self.step.search_mode, self.step.priority, self.step.planbridge_quantity), ("PRIORITY", 1, 1.0))
        self.assertEqual((self.member.tool, self.member.planbridge_constrained), (False, True))
        company = self.env["res.company"].create({"name": "Planbridge Test 4"})
        self.assertEqual((company.respect_reservations, company.disclose_stack_trace), (True, False))

    def test_a_pool_is_no_member_of_itself(self):
        with self.assertRaises(ValidationError):
            self.pool.owner = self.member

    def test_a_skill_name_once(self):
        with self.assertRaises(ValidationError):
            self.env["planbridge.skill"].create({"name": "Planbridge welding"})

    def test_a_skill_ends_after_it_begins(self):
        values = {"workcenter": self.member.id, "skill": self.skill.id}
        made = self.env["planbridge.workcenter.skill"].create(
            dict(values, date_start="2026-01-01", date_end="2026-01-01")
        )
        self.assertEqual(made.priority, 1)
        with self.assertRaises(Exception), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["planbridge.workcenter.skill"].create(
                dict(values, date_start="2026-02-01", date_end="2026-01-31")
            )
            self.env.flush_all()

    def test_secondary_work_centers_are_copied_with_the_bill_of_materials(self):
        self.step.planbridge_secondary_ids = [(0, 0, {"workcenter_id": self.member.id, "duration": 5})]
        copied = self.bom.copy().operation_ids
        self.assertEqual(copied.planbridge_secondary_ids.mapped("duration"), [5])
        self.assertEqual(copied.planbridge_skill, self.skill)

    def test_forms_show_the_fields(self):
        with Form(self.env["mrp.workcenter"]) as form:
            form.name = "Planbridge by form"
            form.owner = self.pool
            form.planbridge_constrained = False
        self.assertEqual(form.save().owner, self.pool)
        for model, fields in {
            "mrp.routing.workcenter": ["planbridge_skill", "search_mode", "priority", "planbridge_quantity",
                                       "planbridge_post_minutes", "planbridge_secondary_ids"],
            "mrp.bom": ["planbridge_multiple"],
            "product.supplierinfo": ["batching_window"],
            "res.config.settings": ["planbridge_server", "planbridge_webtoken_key", "calendar",
                                    "manufacturing_warehouse", "respect_reservations", "disclose_stack_trace",
                                    "planbridge_interface_user_id"],
        }.items():
            view = {"mrp.bom": "mrp.mrp_bom_form_view"}.get(model)
            arch = self.env[model].get_view(self.env.ref(view).id if view else None, "form")["arch"]
            for field in fields:
                self.assertIn('name="%s"' % field, arch, model)

    def test_lists_show_the_fields(self):
        kind = self.env["ir.actions.act_window"].browse(self.env.ref("planbridge.action_skills").id).view_mode
        for model, field in {
            "planbridge.skill": "description",
            "planbridge.workcenter.skill": "date_start",
            "planbridge.secondary.workcenter": "duration",
        }.items():
            self.assertIn('name="%s"' % field, self.env[model].get_view(None, kind)["arch"])

    def test_taking_over(self):
        take = self.env["planbridge.take.over"]
        if "mrp.skill" not in self.env:
            self.assertEqual(sum(take._take_over().values()), 0)
            return
        take._take_over()
        theirs = self.env["mrp.skill"].create({"name": "Planbridge their skill"})
        self.env["mrp.workcenter.skill"].create({"workcenter": self.member.id, "skill": theirs.id, "priority": 3})
        self.step.planbridge_skill = False
        self.step.skill = theirs
        self.env["mrp.secondary.workcenter"].create(
            {"routing_workcenter_id": self.step.id, "workcenter_id": self.member.id, "duration": 7}
        )
        order = self.env["mrp.production"].create({"product_id": self.bom.product_tmpl_id.product_variant_id.id, "bom_id": self.bom.id})
        order.action_confirm()
        order.workorder_ids.planbridge_secondary_ids.unlink()
        self.env["mrp.workorder.secondary.workcenter"].search([]).unlink()
        self.env["mrp.workorder.secondary.workcenter"].create(
            {"workorder_id": order.workorder_ids.id, "workcenter_id": self.member.id, "duration": 9}
        )
        self.assertEqual(
            take._take_over(), {"skills": 1, "workcenters": 1, "steps": 1, "secondary": 1, "workorders": 1}
        )
        self.assertEqual(order.workorder_ids.planbridge_secondary_ids.duration, 9)
        self.assertEqual(self.step.planbridge_skill.name, "Planbridge their skill")
        self.assertEqual(self.step.planbridge_secondary_ids.duration, 7)
        self.assertEqual(sum(take._take_over().values()), 0)
