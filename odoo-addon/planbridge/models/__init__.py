from . import by_version
from . import res_company
from . import res_config_settings
from . import skill
from . import workcenter
from . import routing
from . import vendor
from . import take_over
