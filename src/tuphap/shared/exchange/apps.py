from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tuphap.shared.exchange"
    label = "exchange"
    verbose_name = "Liên thông"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .manifest import MANIFEST

        MANIFEST.install()
