from django.apps import AppConfig


class OneStopShopConfig(AppConfig):
    name = "tuphap.modules.one_stop_shop"
    label = "one_stop_shop"
    verbose_name = "Một cửa"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .manifest import MANIFEST

        MANIFEST.install()
