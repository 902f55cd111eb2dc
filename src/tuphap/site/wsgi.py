"""Pages and API, for the WSGI server."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tuphap.kernel import heap

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuphap.settings.prod")
with heap.reading():
    application = get_wsgi_application()
    # Before the server divides: doors, and what signs and checks signatures, are read once for all its processes.
    import_module(settings.ROOT_URLCONF)
    import_module("tuphap.shared.documents.signature_check")
