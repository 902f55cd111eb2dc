from django.apps import AppConfig


class PopulationConfig(AppConfig):
    name = "tuphap.modules.population"
    label = "population"
    verbose_name = "Đối chiếu dân cư"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .manifest import MANIFEST

        MANIFEST.install()
