"""Pages and API, for the WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuphap.settings.prod")
application = get_wsgi_application()
