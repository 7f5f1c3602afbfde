"""The secondary work centers of work orders: chosen when Odoo makes them, and how they lengthen an order."""
from odoo.tests import Form, TransactionCase, tagged


@tagged("post_install", "-at_install", "planbridge")
class TestWorkorders(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        center = cls.env["mrp.workcenter"].create
        cls.saw = center({"name": "Planbridge saw"})
        cls.jig = center({"name": "Planbridge jig"})
        cls.pool = center({"name": "Planbridge people"})
        cls.ann = center({"name": "Planbridge Ann", "owner": cls.pool.id})
        cls.bob = center({"name": "Planbridge Bob", "owner": cls.pool.id})
        cls.skill = cls.env["planbridge.skill"].create({"name": "Planbridge sawing"})
        cls.product = cls.env["product.product"].create({"name": "Planbridge table", cls._goods(): cls._kind()})
        cls.bom = cls.env["mrp.bom"].create({"product_tmpl_id": cls.product.product_tmpl_id.id})
        cls.step = cls._step("Cut")

    @classmethod
    def _goods(cls):
        return "is_storable" if "is_storable" in cls.env["product.template"]._fields else "detailed_type"

    @classmethod
    def _kind(cls):
        return True if cls._goods() == "is_storable" else "product"

    @classmethod
    def _step(cls, name):
        return cls.env["mrp.routing.workcenter"].create(
            {"name": name, "bom_id": cls.bom.id, "workcenter_id": cls.saw.id, "time_cycle_manual": 10}
        )

    def ask(self, step, workcenter, **values):
        return self.env["planbridge.secondary.workcenter"].create(
            dict({"routing_workcenter_id": step.id, "workcenter_id": workcenter.id, "duration": 1}, **values)
        )

    def make(self, quantity=2):
        with Form(self.env["mrp.production"]) as form:
            form.product_id = self.product
            form.bom_id = self.bom
            form.product_qty = quantity
        order = form.save()
        order.action_confirm()
        return order

    def chosen(self, order):
        return order.workorder_ids.planbridge_secondary_ids.workcenter_id

    def test_a_work_center_is_taken_for_the_quantity_of_the_order(self):
        self.ask(self.step, self.jig, duration=3)
        row = self.make(4).workorder_ids.planbridge_secondary_ids
        self.assertEqual((row.workcenter_id, row.duration), (self.jig, 12))

    def test_the_first_member_of_a_pool(self):
        self.ask(self.step, self.pool)
        self.assertEqual(self.chosen(self.make()), self.ann)

    def test_the_member_that_has_the_skill_best_and_today(self):
        has = self.env["planbridge.workcenter.skill"].create
        has({"workcenter": self.ann.id, "skill": self.skill.id, "priority": 2})
        best = has({"workcenter": self.bob.id, "skill": self.skill.id, "priority": 1})
        self.ask(self.step, self.pool, skill=self.skill.id)
        self.assertEqual(self.chosen(self.make()), self.bob)
        best.date_end = "2000-01-01"
        self.assertEqual(self.chosen(self.make()), self.ann)

    def test_nobody_when_nobody_has_the_skill(self):
        self.ask(self.step, self.pool, skill=self.skill.id)
        self.assertFalse(self.chosen(self.make()))

    def test_a_tool_stays_with_its_order(self):
        self.pool.tool = True
        second = self._step("Drill")
        self.ask(self.step, self.pool)
        order = self.make()
        self.assertEqual(self.chosen(order), self.ann)
        order.workorder_ids.planbridge_secondary_ids.workcenter_id = self.bob
        asked = self.ask(second, self.pool)
        later = order.workorder_ids.filtered(lambda row: row.operation_id == second)
        later._planbridge_choose_secondary()
        self.assertEqual(later.planbridge_secondary_ids.workcenter_id, self.bob)
        self.assertEqual(later.planbridge_secondary_ids.secondary_id, asked)

    def test_the_longest_lengthens_the_work_order(self):
        before = self.make(2).workorder_ids.duration_expected
        self.ask(self.step, self.jig, duration=50)
        order = self.make(2)
        self.assertLess(before, 100)
        self.assertEqual(order.workorder_ids.duration_expected, 100)

    def test_another_quantity_is_another_duration(self):
        self.ask(self.step, self.jig, duration=3)
        order = self.make(2)
        self.env["change.production.qty"].create({"mo_id": order.id, "product_qty": 5}).change_prod_qty()
        self.assertEqual(order.workorder_ids.planbridge_secondary_ids.duration, 15)

    def test_what_the_plan_adds_stays_as_it_is(self):
        order = self.make(2)
        row = self.env["planbridge.workorder.secondary"].create(
            {"workorder_id": order.workorder_ids.id, "workcenter_id": self.jig.id, "duration": 7}
        )
        order.product_qty = 3
        self.assertEqual(row.duration, 7)

    def test_nothing_is_chosen_where_that_is_not_wanted(self):
        self.ask(self.step, self.jig)
        values = {"name": "X", "production_id": self.make().id, "workcenter_id": self.saw.id}
        values.update(operation_id=self.step.id, product_uom_id=self.product.uom_id.id)
        created = self.env["mrp.workorder"].with_context(ignore_secondary_workcenters=True).create(values)
        self.assertFalse(created.planbridge_secondary_ids)

    def test_the_form_shows_them(self):
        view = self.env.ref("mrp.mrp_production_workorder_form_view_inherit")
        self.assertIn("planbridge_secondary_ids", self.env["mrp.workorder"].get_view(view.id, "form")["arch"])
