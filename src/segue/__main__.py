"""`python -m segue`: what the launcher `./segue` runs."""

import sys

from segue.main import main

sys.exit(main())
