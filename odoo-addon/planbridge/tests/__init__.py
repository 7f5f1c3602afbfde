from . import test_models
from . import test_rights
from . import test_screen
from . import test_links
from . import test_workorders
