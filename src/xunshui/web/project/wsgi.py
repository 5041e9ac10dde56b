"""What gunicorn calls."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from xunshui.web.project.watching import watched

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xunshui.web.project.settings")
application = watched(get_wsgi_application())
