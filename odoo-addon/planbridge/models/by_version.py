"""Views whose markup is not the same in every version of Odoo. The manifest cannot choose, so one of its files calls this, at
each installation and update; everything else of the addon is valid on all versions."""
from odoo import api, models, release
from odoo.tools import convert

# From this version on: these files. The newest that is not newer than Odoo is taken.
FILES = {
    16: ["views/by_version/lists_16.xml", "views/by_version/settings_16.xml"],
    17: ["views/by_version/lists_16.xml", "views/by_version/settings_17.xml"],
    18: ["views/by_version/lists_18.xml", "views/by_version/settings_17.xml"],
}


def files_for(major):
    return FILES[max((known for known in FILES if known <= major), default=min(FILES))]


class PlanbridgeByVersion(models.AbstractModel):
    _name = "planbridge.by.version"
    _description = "Views by Odoo version"

    @api.model
    def _load_views(self):
        major = release.version_info[0]
        # Until 16 this function wants a cursor where later ones want an environment.
        target = self.env.cr if major <= 16 else self.env
        for name in files_for(major):
            convert.convert_file(target, "planbridge", name, {}, mode="update", noupdate=False)
