from . import test_models
from . import test_rights
from . import test_screen
