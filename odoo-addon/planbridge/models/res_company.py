"""What each company sets for planning, and the links that open the planner's screens signed in.

Fields that frePPLe's addon has too keep its names and meanings (manufacturing_warehouse, calendar, respect_reservations,
disclose_stack_trace), so that either addon can be installed before, beside or instead of the other. The web token key is kept
apart: it never stands in a column of the company, which portal users may read and search."""
import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from urllib.parse import urlsplit

from odoo import _, api, exceptions, fields, models

PLANNING_GROUP = "planbridge.group_planning_user"
KEY_PARAMETER = "planbridge.webtoken_key.%d"
KEY_LENGTH = 32
TOKEN_SECONDS = 600
PATH = re.compile(r"/(?!/)[\w\-./~%@:+,=&?]*", re.ASCII)


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def webtoken(key, login, navbar, now):
    """A JSON web token, HS256: who opens a screen, until when, and whether the planner shows its own menu."""
    head = {"alg": "HS256", "typ": "JWT"}
    claims = {"exp": int(now) + TOKEN_SECONDS, "user": login, "navbar": bool(navbar)}
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in (head, claims))
    signature = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
    return "%s.%s" % (signed, _base64url(signature))


def checked_server(address):
    """The address of a server without a slash at its end; None when it is not one that may be opened."""
    text = (address or "").strip()
    if re.search(r"[\s\\<>\"']", text):
        return None
    try:
        parts = urlsplit(text)
        parts.port  # raises when it is no number
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        return None
    return text.rstrip("/")


class ResCompany(models.Model):
    _inherit = "res.company"

    planbridge_server = fields.Char(
        "Planning server",
        groups="base.group_system",
        help="Address of Planbridge as the planners' browsers reach it, such as https://planning.example.com.",
    )
    planbridge_webtoken_key = fields.Char(
        "Web token key",
        compute="_compute_planbridge_webtoken_key",
        inverse="_inverse_planbridge_webtoken_key",
        search="_search_planbridge_webtoken_key",
        groups="base.group_system",
        help="The secret that Planbridge knows as WEBTOKEN_KEY. Only administrators can read it.",
    )
    planbridge_interface_user_id = fields.Many2one(
        "res.users",
        "Interface user",
        ondelete="set null",
        help="When set, this is the only user as whom this company's planning data may be read and plans written.",
    )
    manufacturing_warehouse = fields.Many2one(
        "stock.warehouse",
        "Manufacturing warehouse",
        ondelete="set null",
        help="Where bills of materials and work centers are that do not say where they are.",
    )
    calendar = fields.Many2one(
        "resource.calendar",
        "Calendar",
        ondelete="set null",
        help="Working hours of the warehouses.",
    )
    respect_reservations = fields.Boolean(
        "Respect reservations",
        default=True,
        help="Whether stock that is reserved for an order stays with it in the plan.",
    )
    disclose_stack_trace = fields.Boolean(
        "Disclose stack trace",
        default=False,
        help="Whether the details of an internal error are sent to the planner.",
    )

    @api.depends_context("uid")
    def _compute_planbridge_webtoken_key(self):
        # Exports read fields without asking for their groups.
        may = self.env.user.has_group("base.group_system")
        for company in self:
            company.planbridge_webtoken_key = may and company._planbridge_key()

    def _planbridge_key(self):
        if not self.id:
            return False
        return self.env["ir.config_parameter"].sudo().get_param(KEY_PARAMETER % self.id)

    @api.model
    def _search_planbridge_webtoken_key(self, operator, value):
        # Whoever may ask which companies have a key that begins with an "a" may ask for the rest of it too.
        raise exceptions.AccessError(_("The web token key cannot be searched."))

    def _inverse_planbridge_webtoken_key(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for company in self:
            key = (company.planbridge_webtoken_key or "").strip()
            if key and len(key) < KEY_LENGTH:
                raise exceptions.ValidationError(
                    _("The web token key needs at least %s characters. Let Odoo make one.", KEY_LENGTH)
                )
            parameters.set_param(KEY_PARAMETER % company.id, key or False)

    @api.constrains("planbridge_server")
    def _check_planbridge_server(self):
        for company in self.sudo():
            if company.planbridge_server and checked_server(company.planbridge_server) is None:
                raise exceptions.ValidationError(
                    _("The planning server's address must look like https://planning.example.com.")
                )

    def unlink(self):
        names = [KEY_PARAMETER % company.id for company in self]
        done = super().unlink()
        self.env["ir.config_parameter"].sudo().search([("key", "in", names)]).unlink()
        return done

    def planbridge_make_key(self):
        """Gives the company a new key. Planbridge must get it too, beside the old one while links are open."""
        if not self.env.user.has_group("base.group_system"):
            raise exceptions.AccessError(_("Only administrators can change the web token key."))
        for company in self:
            company.planbridge_webtoken_key = secrets.token_urlsafe(48)
        return True

    @api.model
    def planbridge_open(self, path="/", navbar=False):
        """The address that opens one of the planner's screens as this user, good for ten minutes.

        Answers {"url", "origin"}, or {"missing": "server" | "key", "company", "administrator"} when something is not set."""
        user = self.env.user
        if not user.has_group(PLANNING_GROUP):
            raise exceptions.AccessError(
                _("Only members of the group “Planning user” can open the planner. An administrator can add you.")
            )
        if not isinstance(path, str) or not PATH.fullmatch(path):
            raise exceptions.UserError(_("This is not an address of a planner's screen."))
        company = self.env.company.sudo()
        server = checked_server(company.planbridge_server)
        key = company._planbridge_key() or ""
        if not server or len(key) < KEY_LENGTH:
            return {
                "missing": "key" if server else "server",
                "company": company.name,
                "administrator": user.has_group("base.group_system"),
            }
        parts = urlsplit(server)
        token = webtoken(key, user.login, navbar is True, time.time())
        return {
            "url": "%s%s%swebtoken=%s" % (server, path, "&" if "?" in path else "?", token),
            "origin": "%s://%s" % (parts.scheme, parts.netloc),
        }
