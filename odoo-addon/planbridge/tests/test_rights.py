"""Who may read and change what: above all nobody but administrators the key, by whatever way of asking."""
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

KEY = "another-key-that-is-long-enough-for-it"


@tagged("post_install", "-at_install", "planbridge")
class TestRights(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.planbridge_webtoken_key = KEY
        cls.admin = cls.env.ref("base.user_admin")
        groups = {
            "clerk": "base.group_user",
            "portal": "base.group_portal",
            "planner": "planbridge.group_planning_user",
            "rights": "base.group_user,base.group_erp_manager",
            "maker": "mrp.group_mrp_user",
            "chief": "mrp.group_mrp_manager",
        }
        cls.users = {name: new_test_user(cls.env, "pb_" + name, groups=of) for name, of in groups.items()}

    def test_administrators_read_the_key(self):
        self.assertEqual(self.company.with_user(self.admin).planbridge_webtoken_key, KEY)

    def test_nobody_else_reads_it(self):
        for name, user in self.users.items():
            company = self.company.with_user(user)
            with self.assertRaises(AccessError, msg=name):
                company.read(["planbridge_webtoken_key"])
            self.assertNotIn("planbridge_webtoken_key", company.fields_get(["planbridge_webtoken_key"]), name)
            with self.assertRaises(AccessError, msg=name):
                user.env["ir.config_parameter"].with_user(user).search_read([("key", "like", "planbridge")])

    def test_nobody_exports_it(self):
        for name, user in self.users.items():
            self.env.invalidate_all()
            user.groups_id += self.env.ref("base.group_allow_export")
            for model, record, field in (
                ("res.company", self.company, "planbridge_webtoken_key"),
                ("res.users", user, "company_id/planbridge_webtoken_key"),
            ):
                try:
                    exported = self.env[model].with_user(user).browse(record.id).export_data([field])
                except AccessError:
                    continue
                self.assertNotIn(KEY, str(exported), name)

    def test_a_link_leaves_no_key_behind(self):
        self.company.planbridge_server = "https://planner.example.com"
        planner = self.company.with_user(self.users["planner"])
        self.env.invalidate_all()
        self.assertIn("webtoken=", planner.planbridge_open()["url"])
        self.assertFalse(planner.planbridge_webtoken_key)

    def test_nobody_guesses_it_by_searching(self):
        for name, user in self.users.items():
            for model, field in (("res.company", "planbridge_webtoken_key"), ("res.partner", "company_id.planbridge_webtoken_key")):
                with self.assertRaises(AccessError, msg=name):
                    self.env[model].with_user(user).search([(field, "=like", KEY[:4] + "%")])

    def test_only_administrators_write_it(self):
        for name, user in self.users.items():
            company = self.company.with_user(user)
            with self.assertRaises(AccessError, msg=name):
                company.write({"planbridge_webtoken_key": "x" * 40})
            with self.assertRaises(AccessError, msg=name):
                company.planbridge_make_key()
            with self.assertRaises(AccessError, msg=name):
                company.write({"planbridge_server": "https://evil.example"})
        self.assertEqual(self.company.planbridge_webtoken_key, KEY)

    def test_short_keys_are_refused(self):
        with self.assertRaises(ValidationError):
            self.company.planbridge_webtoken_key = "short"
        with self.assertRaises(ValidationError):
            self.company.planbridge_webtoken_key = "x" * 31
        self.company.planbridge_webtoken_key = "x" * 32

    def test_the_button_makes_a_good_key(self):
        company = self.company.with_user(self.admin)
        company.planbridge_make_key()
        first = company.planbridge_webtoken_key
        self.assertGreaterEqual(len(first), 64)
        company.planbridge_make_key()
        self.assertNotEqual(company.planbridge_webtoken_key, first)

    def test_settings_screen(self):
        settings = self.env["res.config.settings"].with_user(self.admin).create({})
        self.assertEqual(settings.planbridge_webtoken_key, KEY)
        settings.write({"planbridge_server": "https://planner.example.com", "planbridge_webtoken_key": "y" * 40})
        settings.execute()
        self.env.invalidate_all()
        self.assertEqual(self.company.planbridge_server, "https://planner.example.com")
        self.assertEqual(self.company.planbridge_webtoken_key, "y" * 40)

    def test_skills_are_for_manufacturing_to_read_and_its_chief_to_write(self):
        skill = self.env["planbridge.skill"].create({"name": "Planbridge test skill"})
        for name in ("maker", "planner", "chief"):
            self.assertEqual(skill.with_user(self.users[name]).name, "Planbridge test skill")
        for name in ("maker", "planner"):
            with self.assertRaises(AccessError, msg=name):
                skill.with_user(self.users[name]).write({"name": "Other"})
        for name in ("clerk", "portal"):
            with self.assertRaises(AccessError, msg=name):
                skill.with_user(self.users[name]).read(["name"])
        skill.with_user(self.users["chief"]).write({"name": "Other"})
        self.assertEqual(skill.name, "Other")

    def test_skills_of_other_companies_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Planbridge Test 3"})
        hidden = self.env["planbridge.skill"].create({"name": "Hidden", "company_id": other.id})
        self.env.user.company_ids += other
        workcenter = self.env["mrp.workcenter"].with_company(other).create({"name": "Hidden", "company_id": other.id})
        of_workcenter = self.env["planbridge.workcenter.skill"].create({"workcenter": workcenter.id, "skill": hidden.id})
        chief = self.users["chief"]
        self.assertFalse(self.env["planbridge.skill"].with_user(chief).search([("id", "=", hidden.id)]))
        model = self.env["planbridge.workcenter.skill"].with_user(chief)
        self.assertFalse(model.search([("id", "=", of_workcenter.id)]))
