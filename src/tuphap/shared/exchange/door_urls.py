from django.conf import settings
from django.urls import path

from . import door

app_name = "exchange_door"
urlpatterns = [path(f"r1/{settings.EXCHANGE_CLIENT}/<slug:service>", door.receive, name="receive")]
