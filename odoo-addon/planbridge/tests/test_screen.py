"""The links that open the planner: who gets one, what stands in it, and where it may lead."""
import base64
import hashlib
import hmac
import json
import time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

KEY = "a-key-that-is-long-enough-for-the-planner"


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@tagged("post_install", "-at_install", "planbridge")
class TestScreen(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"planbridge_server": "https://planner.example.com/", "planbridge_webtoken_key": KEY})
        cls.planner = new_test_user(cls.env, "pb_planner", groups="planbridge.group_planning_user")
        cls.clerk = new_test_user(cls.env, "pb_clerk", groups="base.group_user")

    def open(self, user=None, *args, **kwargs):
        return self.env["res.company"].with_user(user or self.planner).planbridge_open(*args, **kwargs)

    def test_link_is_signed_for_the_user_for_ten_minutes(self):
        before = int(time.time())
        answer = self.open(None, "/planningboard/")
        self.assertEqual(answer["origin"], "https://planner.example.com")
        address, token = answer["url"].split("?webtoken=")
        self.assertEqual(address, "https://planner.example.com/planningboard/")
        head, claims, signature = token.split(".")
        self.assertEqual(json.loads(decoded(head)), {"alg": "HS256", "typ": "JWT"})
        read = json.loads(decoded(claims))
        self.assertEqual((read["user"], read["navbar"]), ("pb_planner", False))
        self.assertTrue(before + 600 <= read["exp"] <= time.time() + 600)
        expected = hmac.new(KEY.encode(), ("%s.%s" % (head, claims)).encode(), hashlib.sha256).digest()
        self.assertEqual(decoded(signature), expected)

    def test_navbar_is_a_claim(self):
        claims = self.open(None, "/", navbar=True)["url"].split("webtoken=")[1].split(".")[1]
        self.assertIs(json.loads(decoded(claims))["navbar"], True)

    def test_addresses_with_a_query(self):
        self.assertIn("/demand/?order=S1&webtoken=", self.open(None, "/demand/?order=S1")["url"])

    def test_only_members_get_a_link(self):
        with self.assertRaises(AccessError):
            self.open(self.clerk)
        with self.assertRaises(AccessError):
            self.open(self.env.ref("base.public_user"))

    def test_paths_that_lead_elsewhere(self):
        for path in ["//evil.example", "https://evil.example/", "evil", "/\\evil", "/a b", "/a#b", "/\n", "", None, ".evil/"]:
            with self.assertRaises(UserError, msg=repr(path)):
                self.open(None, path)

    def test_servers_that_may_not_be_opened(self):
        for server in ["javascript:alert(1)", "ftp://x.example", "planner", "//x.example", "https://", "https://a b",
                       "https://user:secret@x.example", "https://x.example/?a=b", "https://x.example:port",
                       "https://x.example\\@y.example"]:
            with self.assertRaises(ValidationError, msg=server):
                self.company.planbridge_server = server

    def test_says_what_is_missing(self):
        self.company.planbridge_webtoken_key = False
        self.assertEqual(
            self.open(), {"missing": "key", "company": self.company.name, "administrator": False}
        )
        self.company.planbridge_server = False
        self.assertEqual(self.open()["missing"], "server")
        admin = self.env.ref("base.user_admin")
        self.assertIs(self.open(admin)["administrator"], True)

    def test_each_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Planbridge Test 2"})
        self.planner.company_ids += other
        other.write({"planbridge_server": "http://127.0.0.1:9", "planbridge_webtoken_key": KEY[::-1]})
        model = self.env["res.company"].with_user(self.planner)
        self.assertIn("https://planner.example.com/", model.with_context(allowed_company_ids=self.company.ids).planbridge_open()["url"])
        self.assertIn("http://127.0.0.1:9/?", model.with_context(allowed_company_ids=other.ids).planbridge_open()["url"])

    def test_menus_open_screens_of_the_planner(self):
        actions = self.env["ir.actions.client"].search([("tag", "=", "planbridge.screen")])
        paths = {action.params["path"] for action in actions}
        self.assertEqual(
            paths,
            {"/", "/planningboard/", "/forecast/editor/", "/inventoryplanning/drp/", "/quote/", "/recommendations/"},
        )
        for path in paths:
            self.assertIn(path + "?webtoken=", self.open(None, path)["url"])
        menus = self.env["ir.ui.menu"].search([("action", "in", ["ir.actions.client,%d" % one.id for one in actions])])
        self.assertEqual(menus.groups_id, self.env.ref("planbridge.group_planning_user"))
