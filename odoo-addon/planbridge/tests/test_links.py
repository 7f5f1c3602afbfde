"""From Odoo's records to the planner's screens: where the button is, for whom, and where it leads."""
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

FORMS = {
    "sale.order": ["sale.view_order_form"],
    "purchase.order": ["purchase.purchase_order_form"],
    "stock.picking": ["stock.view_picking_form"],
    "product.template": ["product.product_template_only_form_view"],
    "product.product": ["product.product_normal_form_view", "product.product_variant_easy_edit_view"],
    "res.partner": ["base.view_partner_form"],
    "mrp.production": ["mrp.mrp_production_form_view"],
    "mrp.workorder": ["mrp.mrp_production_workorder_form_view_inherit"],
    "mrp.workcenter": ["mrp.mrp_workcenter_view"],
    "mrp.bom": ["mrp.mrp_bom_form_view"],
    "mrp.routing.workcenter": ["mrp.mrp_routing_workcenter_form_view"],
}
APPS = (
    "sales_team.group_sale_manager,purchase.group_purchase_manager,stock.group_stock_manager,mrp.group_mrp_manager,"
    "base.group_partner_manager"
)


@tagged("post_install", "-at_install", "planbridge")
class TestLinks(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = new_test_user(cls.env, "pb_links", groups="planbridge.group_planning_user," + APPS)
        cls.clerk = new_test_user(cls.env, "pb_links_not", groups="base.group_user," + APPS)
        cls.partner = cls.env["res.partner"].create({"name": "Planbridge customer"})

    def test_every_form_has_the_button_for_planners_only(self):
        for model, views in FORMS.items():
            for view in views:
                for user, shown in ((self.planner, True), (self.clerk, False)):
                    arch = self.env[model].with_user(user).get_view(self.env.ref(view).id, "form")["arch"]
                    self.assertIs('name="planbridge_open_record"' in arch, shown, "%s %s" % (view, user.login))

    def test_it_leads_to_the_record(self):
        for model in [*FORMS, "stock.warehouse.orderpoint"]:
            record = self.env[model].with_user(self.planner).search([], limit=1)
            if not record:
                continue
            action = record.planbridge_open_record()
            self.assertEqual((action["type"], action["tag"]), ("ir.actions.client", "planbridge.screen"))
            self.assertEqual(action["params"], {"path": "/open/%s/%d/" % (model, record.id), "navbar": False})

    def test_its_address_may_be_opened(self):
        company = self.env.company
        company.write({"planbridge_server": "https://planner.example.com", "planbridge_webtoken_key": "k" * 40})
        path = self.partner.with_user(self.planner).planbridge_open_record()["params"]["path"]
        url = self.env["res.company"].with_user(self.planner).planbridge_open(path)["url"]
        self.assertTrue(url.startswith("https://planner.example.com%s?webtoken=" % path))

    def test_others_get_no_link(self):
        with self.assertRaises(AccessError):
            self.partner.with_user(self.clerk).planbridge_open_record()

    def test_one_at_a_time(self):
        with self.assertRaises(ValueError):
            (self.partner | self.env.company.partner_id).with_user(self.planner).planbridge_open_record()
