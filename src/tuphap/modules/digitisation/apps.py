from django.apps import AppConfig


class DigitisationConfig(AppConfig):
    name = "tuphap.modules.digitisation"
    label = "digitisation"
    verbose_name = "Số hóa sổ hộ tịch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .manifest import MANIFEST

        MANIFEST.install()
