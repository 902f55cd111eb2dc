from django.apps import AppConfig


class CivilStatusConfig(AppConfig):
    name = "tuphap.modules.civil_status"
    label = "civil_status"
    verbose_name = "Hộ tịch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .manifest import MANIFEST

        MANIFEST.install()
