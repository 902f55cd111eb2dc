"""Pages and API, for the WSGI server."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuphap.settings.prod")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # before the server divides: all doors are read once for all its processes
