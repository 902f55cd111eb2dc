from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "tuphap.shared.fees"
    label = "fees"
    verbose_name = "Phí, lệ phí"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .manifest import MANIFEST

        MANIFEST.install()
