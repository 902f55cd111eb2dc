from django.apps import AppConfig


class DirectionConfig(AppConfig):
    name = "tuphap.modules.direction"
    label = "direction"
    verbose_name = "Chỉ đạo, điều hành"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .manifest import MANIFEST

        MANIFEST.install()
