{
    "name": "Planbridge",
    "version": "1.0.0",
    "category": "Inventory/Inventory",
    "summary": "Advanced planning: the planner's screens inside Odoo, and what Odoo lacks for planning",
    "author": "Planbridge contributors",
    "license": "Other OSI approved licence",
    "depends": ["sale", "purchase", "stock", "mrp"],
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/rules.xml",
        "views/by_version.xml",
        "views/skills.xml",
        "views/mrp.xml",
        "views/vendors.xml",
        "views/links.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "planbridge/static/src/screen/*",
        ],
    },
    "application": True,
    "installable": True,
}
